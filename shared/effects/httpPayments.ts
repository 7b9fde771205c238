import * as z from 'zod';
import { Fault } from '../kernel/fault.ts';
import type { PaymentGateway } from './payments.ts';

/** How long an answer may take; then it counts as unknown, and the same key is asked again later. */
const timeoutMs = 2_000;

const authorization = z.union([
  z.object({ status: z.literal('approved'), authorizationId: z.string().min(1) }),
  z.object({ status: z.literal('declined'), reason: z.string() }),
]);
const settlements: Readonly<Record<'capture' | 'void', z.ZodType<unknown>>> = {
  capture: z.object({ status: z.literal('captured') }),
  void: z.object({ status: z.literal('voided') }),
};

/** Answers that say nothing of the request itself: not now, not with these credentials, or the same is under way. */
const passing = new Set([401, 403, 408, 409, 425, 429]);

/** The payment gateway behind `baseUrl`, spoken to in JSON over HTTP; `Idempotency-Key` carries the key. */
export function createHttpPayments(baseUrl: string): PaymentGateway {
  // Without the slash, the last part of the base's path would be taken for a file and dropped.
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  const post = async <Answer>(path: string, key: string, body: unknown, schema: z.ZodType<Answer>): Promise<Answer> => {
    let status: number;
    let content: unknown;
    try {
      const response = await fetch(new URL(path, base), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      });
      status = response.status;
      content = await response.json();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Fault('payments/unavailable', `POST ${path}: ${reason}`, error);
    }
    if (passing.has(status) || status >= 500) throw new Fault('payments/unavailable', `POST ${path}: status ${status}`);
    const parsed = schema.safeParse(content);
    if (status !== 200 || !parsed.success) {
      throw new Fault('payments/refused', `POST ${path}: status ${status}`, parsed.error);
    }
    return parsed.data;
  };
  const settle = async (verb: 'capture' | 'void', key: string, authorizationId: string): Promise<void> => {
    await post(`authorizations/${encodeURIComponent(authorizationId)}/${verb}`, key, {}, settlements[verb]);
  };

  return {
    authorize: ({ key, ...body }) => post('authorizations', key, body, authorization),
    capture: ({ key, authorizationId }) => settle('capture', key, authorizationId),
    void: ({ key, authorizationId }) => settle('void', key, authorizationId),
  };
}
