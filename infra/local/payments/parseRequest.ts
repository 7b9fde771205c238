import * as z from 'zod/mini';
import { english, toSentence } from '../../../shared/kernel/english.ts';
import { type Behaviour, behaviour } from './behaviour.ts';
import type { AuthorizationRequest, Settlement } from './ledger.ts';

/** What a request asks for, or the status and the reason it is refused with. */
export type GatewayRequest =
  | { readonly ask: 'authorize'; readonly key: string; readonly request: AuthorizationRequest }
  | { readonly ask: 'settle'; readonly key: string; readonly authorizationId: string; readonly settlement: Settlement }
  | { readonly ask: 'log' }
  | { readonly ask: 'behave'; readonly behaviour: Behaviour }
  | { readonly ask: 'nothing'; readonly status: 400 | 404; readonly reason: string };

const authorization = z.strictObject({
  orderId: z.string().check(z.minLength(1)),
  amountMinor: z.int().check(z.nonnegative()),
  currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
});

/** `POST /authorizations`, `POST /authorizations/{id}/capture` or `/void`, `GET /log`, `PUT /behaviour`. */
export function parseRequest(method: string, path: string, key: string | undefined, body: string): GatewayRequest {
  if (method === 'GET' && path === '/log') return { ask: 'log' };
  if (method === 'PUT' && path === '/behaviour') {
    const wanted = behaviour.safeParse(toJson(body), english);
    return wanted.success ? { ask: 'behave', behaviour: wanted.data } : refuse(400, toSentence(wanted.error));
  }
  const [, id, verb] = /^\/authorizations(?:\/([\w-]+)\/(capture|void))?$/.exec(path) ?? [undefined];
  if (method !== 'POST' || !path.startsWith('/authorizations') || (path !== '/authorizations' && id === undefined)) {
    return refuse(404, `nothing answers ${method} ${path}`);
  }
  if (key === undefined || key === '') return refuse(400, 'the header Idempotency-Key is missing');
  if (id !== undefined) {
    const settlement = verb === 'capture' ? 'captured' : 'voided';
    return { ask: 'settle', key, authorizationId: id, settlement };
  }
  const parsed = authorization.safeParse(toJson(body), english);
  return parsed.success ? { ask: 'authorize', key, request: parsed.data } : refuse(400, toSentence(parsed.error));
}

const refuse = (status: 400 | 404, reason: string): GatewayRequest => ({ ask: 'nothing', status, reason });

function toJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
