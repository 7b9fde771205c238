import { Fault } from '../kernel/fault.ts';

const timeoutMs = 30_000;

/**
 * Gives CloudFormation a custom resource's answer. Its address is signed for an empty content type, which `fetch` sends
 * only for bytes.
 *
 * @throws Fault config/invalid when it is not taken: the stack then waits for its own time-out
 */
export async function putStackAnswer(url: string, body: string): Promise<void> {
  const request = { method: 'PUT', headers: { 'content-type': '' }, body: Buffer.from(body) };
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok)
    throw new Fault('config/invalid', `CloudFormation does not take the answer: status ${response.status}`);
}
