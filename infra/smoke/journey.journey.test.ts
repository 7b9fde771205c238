import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { requestToken } from '../local/issuer/requestToken.ts';
import { parseSettings } from '../local/stack/settings.ts';
import { type Stack, startStack } from '../local/stack/startStack.ts';
import { runJourney } from './journey.ts';

let stack: Stack;
let token: string;
beforeAll(async () => {
  stack = await startStack({ settings: parseSettings({ PORT: '0' }) });
  token = await requestToken(stack.url, { customer: 'smoke', scope: 'orders stock' });
}, 60_000);
afterAll(() => stack?.stop(), 30_000);

test('goes through a running system and tells what it saw', async () => {
  const steps: string[] = [];
  await runJourney({ url: stack.url, token, timeoutMs: 30_000, onStep: (line) => steps.push(line) });
  expect(steps.join('\n')).toMatch(
    /is shipped after \d+ ms[\s\S]*OrderShipped[\s\S]*is rejected[\s\S]*out-of-stock[\s\S]*8 are left/,
  );
}, 60_000);

test('says where nothing answers', async () => {
  const journey = runJourney({ url: 'http://127.0.0.1:1', token, timeoutMs: 500, onStep: () => undefined });
  await expect(journey).rejects.toThrow(
    /^http:\/\/127\.0\.0\.1:1 does not answer \(.+\): is it running, and is --url right\?$/,
  );
});

test('says which step failed, with what was answered', async () => {
  await stack.relay.stop();
  const journey = runJourney({ url: stack.url, token, timeoutMs: 500, onStep: () => undefined });
  await expect(journey).rejects.toThrow(/expected 'shipped' within 500 ms, last seen 200 .*"created"/);
}, 60_000);
