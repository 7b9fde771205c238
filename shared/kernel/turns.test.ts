import { expect, test } from '@jest/globals';
import { createTurns } from './turns.ts';

test('one key takes turns, also after a failure; another key does not wait', async () => {
  const inTurn = createTurns();
  const said: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = inTurn('a', async () => {
    await gate.promise;
    said.push('a1');
    throw new Error('a1 failed');
  });
  const second = inTurn('a', async () => said.push('a2'));
  await inTurn('b', async () => said.push('b1'));
  gate.resolve();
  await expect(first).rejects.toThrow('a1 failed');
  await second;
  expect(said).toEqual(['b1', 'a1', 'a2']);
});
