import { expect, test } from '@jest/globals';
import { createRestarts } from './restarts.ts';
import type { UnexpectedEnd } from './supervisor.ts';

const ended = (part: string, restart?: () => Promise<void>): UnexpectedEnd => ({
  part,
  at: undefined,
  how: 'SIGKILL',
  restart,
});
const restarted = async (): Promise<void> => {};

test('starts relay and event source again, and says so', async () => {
  const said: string[] = [];
  const restarts = createRestarts(
    (line) => said.push(line),
    () => said.push('gave up'),
  );

  expect(restarts.tryRestart(ended('relay', restarted))).toBe(true);
  await restarted();
  expect(said).toEqual(['relay ended by itself (SIGKILL); starting it again', 'relay runs again']);
});

test('does not start a server again, nor what serves the HTTP API: its clients have noticed', () => {
  const restarts = createRestarts(
    () => {},
    () => {},
  );

  expect(restarts.tryRestart(ended('broker'))).toBe(false);
  expect(restarts.tryRestart(ended('functions', restarted))).toBe(false);
});

test('gives up on a part that keeps ending', () => {
  const restarts = createRestarts(
    () => {},
    () => {},
  );
  const results = [1, 2, 3, 4].map(() => restarts.tryRestart(ended('relay', restarted)));

  expect(results).toEqual([true, true, true, false]);
});

test('gives up when a part does not start again', async () => {
  const gaveUp = new Promise<void>((resolve) => {
    const restarts = createRestarts(() => {}, resolve);
    restarts.tryRestart(ended('relay', () => Promise.reject(new Error('relay did not start'))));
  });

  await gaveUp;
});
