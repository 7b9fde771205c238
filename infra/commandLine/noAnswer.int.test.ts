import { expect, test } from '@jest/globals';
import { noAnswer } from './noAnswer.ts';

test.each(['http://127.0.0.1:1', 'http://localhost:1'])('names %s and why', async (url) => {
  const failed = await fetch(url).catch((error: unknown) => noAnswer(url, error).message);
  expect(failed).toMatch(/^http:\/\/\S+:1 does not answer \(\S.+\): is it running, and is --url right\?$/);
});

test('a time that is over is its own reason', async () => {
  const signal = AbortSignal.abort(new DOMException('it took too long', 'TimeoutError'));
  const failed = await fetch('http://127.0.0.1:1', { signal }).catch((error: unknown) => noAnswer('x', error).message);
  expect(failed).toBe('x does not answer (it took too long): is it running, and is --url right?');
});
