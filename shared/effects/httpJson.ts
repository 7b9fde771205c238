import type * as z from 'zod/mini';
import { ownConnection } from '../config/ownConnection.ts';
import { english } from '../kernel/english.ts';
import { Fault, type FaultCode } from '../kernel/fault.ts';

interface Options {
  /** What is not answered by then counts as unknown: done or not. */
  readonly timeoutMs: number;
  /** The fault of what may have been done or not, and of what the provider says is wrong. */
  readonly unavailable: FaultCode;
  readonly refused: FaultCode;
}

/**
 * Answers that say nothing of the request itself: not now, not with these credentials, not at this address, or the same is under way.
 */
const passing = new Set([401, 403, 404, 405, 408, 409, 410, 425, 429]);

/**
 * POSTs JSON to a provider whose every call takes an `Idempotency-Key`. One attempt a call: whether and when to ask again
 * is the consumer's, which it may do after any failure, since the key makes a repeat harmless.
 *
 * @param baseUrl with or without a path, which is kept
 */
export function createJsonPost(baseUrl: string, { timeoutMs, unavailable, refused }: Options) {
  // Without the slash, the last part of the base's path would be taken for a file and dropped.
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  return async <Answer>(path: string, key: string, body: unknown, schema: z.ZodMiniType<Answer>): Promise<Answer> => {
    let status: number;
    let text: string;
    try {
      const response = await fetch(new URL(path, base), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key, ...ownConnection },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(timeoutMs),
      });
      status = response.status;
      text = await response.text();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Fault(unavailable, `POST ${path}: ${reason}`, error);
    }
    if (passing.has(status) || status >= 500) throw new Fault(unavailable, `POST ${path}: status ${status}`);
    if (status !== 200) throw new Fault(refused, `POST ${path}: status ${status}`);
    const content = toJson(text);
    if (content === undefined) throw new Fault(unavailable, `POST ${path}: the answer is no JSON`);
    const parsed = schema.safeParse(content, english);
    if (!parsed.success) throw new Fault(refused, `POST ${path}: status ${status}`, parsed.error);
    return parsed.data;
  };
}

/** Undefined for what is none. The error would quote the text, and that may repeat what was asked. */
function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
