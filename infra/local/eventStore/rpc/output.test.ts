import { expect, test } from '@jest/globals';
import { FakeCall } from '../testing/fakeCall.ts';

test('a pause leaves nobody waiting for the end of its call, and ends with it', async () => {
  const { output } = new FakeCall();
  const before = output.listenerCount;
  for (let round = 0; round < 5; round++) await output.pause(1);
  expect(output.listenerCount).toBe(before);
  const pause = output.pause(60_000);
  output.end();
  await pause;
  await output.pause(60_000);
});
