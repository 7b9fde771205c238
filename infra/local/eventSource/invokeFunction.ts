import { Agent, request } from 'node:http';

/** One function was asked and answered: `failed` carries what it threw, or why it could not be asked. */
export type InvocationOutcome =
  | { readonly outcome: 'succeeded' }
  | { readonly outcome: 'failed'; readonly reason: string };

/**
 * Invokes a function and waits for its end, as `Invoke` with `RequestResponse` does. Never rejects.
 *
 * @param killed aborts to have the invocation ended; it then answers at once, whether the function goes on or not
 */
export type InvokeFunction = (
  functionName: string,
  payload: string,
  killed?: AbortSignal,
) => Promise<InvocationOutcome>;

/**
 * Invokes over serverless-offline's Lambda endpoint. It has no time limit of its own: the endpoint holds the function's.
 *
 * A handler that throws is answered with 200 and the header `x-amz-function-error`; the status alone says nothing.
 *
 * @param lambdaUrl such as http://127.0.0.1:3002
 */
export function createInvokeFunction(lambdaUrl: string): InvokeFunction {
  // A connection for each: one kept open may be closed by the other side just as it is used again.
  const agent = new Agent({ keepAlive: false });
  return (functionName, payload, killed) =>
    new Promise((resolve) => {
      const fail = (reason: string): void => resolve({ outcome: 'failed', reason });
      const call = request(`${lambdaUrl}/2015-03-31/functions/${functionName}/invocations`, {
        agent,
        ...(killed && { signal: killed }),
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream', 'x-amz-invocation-type': 'RequestResponse' },
      });
      call.on('error', (error) => fail(`cannot invoke ${functionName}: ${error.message}`));
      call.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', (error) => fail(`cannot invoke ${functionName}: ${error.message}`));
        response.on('end', () => {
          const hasFailed = response.statusCode !== 200 || response.headers['x-amz-function-error'] !== undefined;
          if (hasFailed) fail(`${functionName} answered ${response.statusCode}: ${toReason(Buffer.concat(chunks))}`);
          else resolve({ outcome: 'succeeded' });
        });
      });
      call.end(payload);
    });
}

const maxReasonLength = 300;

/** The error's message out of the endpoint's answer, or the answer as it came. */
function toReason(body: Buffer): string {
  const text = body.toString();
  return (/"(?:errorMessage|Message)":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text).slice(0, maxReasonLength);
}
