import type * as z from 'zod/mini';
import { ownConnection } from '../config/ownConnection.ts';
import { Fault, type FaultCode } from '../kernel/fault.ts';

interface Options {
  /** The setting that holds the address, for whoever is to mend it. */
  readonly setting: string;
  /** What is not answered by then counts as unknown: done or not. */
  readonly timeoutMs: number;
  /** The fault of what may have been done or not, and of what the provider says is wrong. */
  readonly unavailable: FaultCode;
  readonly refused: FaultCode;
}

/** Not with these credentials, or not at this address: somebody has to look, and then it may be asked again. */
const misdirected = new Set([401, 403, 404, 405, 410]);

/** Answers that say nothing of the request itself: those, not now, or the same is under way. */
const passing = new Set([...misdirected, 408, 409, 425, 429]);

/**
 * POSTs JSON to a provider whose every call takes an `Idempotency-Key`. One attempt a call: whether and when to ask again
 * is the consumer's, which it may do after any failure, since the key makes a repeat harmless. Messages name the host alone: a path
 * may hold a key, and an answer repeats what was asked.
 *
 * @param baseUrl with or without a path, which is kept
 * @throws Fault config/invalid at once for an address with a user or a password; from each call `unavailable` where nothing, no JSON
 * or one of `passing` is answered, `refused` for any other status and for an answer that is not of the agreed form
 */
export function createJsonPost(baseUrl: string, { setting, timeoutMs, unavailable, refused }: Options) {
  // Without the slash, the last part of the base's path would be taken for a file and dropped.
  const base = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`);
  // Such a request can't be made, and the error about it would show them.
  if (base.username || base.password)
    throw new Fault('config/invalid', `${setting} holds a user or a password: expected an address without`);
  return async <Answer>(path: string, key: string, body: unknown, schema: z.ZodMiniType<Answer>): Promise<Answer> => {
    const doing = `POST ${path} to ${base.host}`;
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
      throw new Fault(unavailable, `${doing}: ${toReason(error)}: is ${setting} right?`, error);
    }
    if (misdirected.has(status))
      throw new Fault(unavailable, `${doing}: status ${status}: are ${setting} and its credentials right?`);
    if (passing.has(status) || status >= 500) throw new Fault(unavailable, `${doing}: status ${status}`);
    if (status !== 200) throw new Fault(refused, `${doing}: status ${status}`);
    const content = toJson(text);
    if (content === undefined) throw new Fault(unavailable, `${doing}: the answer is no JSON`);
    const parsed = schema.safeParse(content);
    if (parsed.success) return parsed.data;
    // Without the issues themselves: logs show a cause, and what an issue says may repeat what was answered.
    const where = [...new Set(parsed.error.issues.flatMap(toPaths))].join(', ');
    throw new Fault(refused, `${doing}: the answer is not of the agreed form: ${where}`);
  };
}

/** Of a failed request: what is behind "fetch failed", where something is. */
function toReason(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { cause, message } = error as { readonly cause?: { readonly message?: string }; readonly message?: string };
  return cause?.message || message || String(error);
}

/** Where something is wrong; of a choice, in each of what could have been meant. */
function toPaths(issue: z.core.$ZodIssue): readonly string[] {
  const { path } = issue;
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [path.join('.') || 'all of it'];
  return issue.errors.flat().flatMap((inner) => toPaths({ ...inner, path: [...path, ...inner.path] }));
}

/** Undefined for what is none. The error would quote the text, and that may repeat what was asked. */
function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
