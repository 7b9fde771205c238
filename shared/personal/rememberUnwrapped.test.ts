import { expect, test } from '@jest/globals';
import { rememberUnwrapped } from './rememberUnwrapped.ts';

function make() {
  let nowMs = 0;
  const asked: string[] = [];
  const wrapper = rememberUnwrapped(
    {
      wrap: async (id) => `wrapped ${id}`,
      async unwrap(id, wrapped) {
        asked.push(`${id} ${wrapped}`);
        return Buffer.from(id);
      },
    },
    { elapsedMs: () => nowMs },
  );
  return {
    wrapper,
    asked,
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
}

test('a key is unwrapped once a minute, however often it is asked for', async () => {
  const { wrapper, asked, wait } = make();
  for (const pause of [0, 59_999, 1, 1]) {
    wait(pause);
    expect(Buffer.from(await wrapper.unwrap('key-1', 'w')).toString()).toBe('key-1');
  }
  expect(asked).toHaveLength(2);
});

test('who comes with another wrapped text gets what that one holds', async () => {
  const { wrapper, asked } = make();
  await wrapper.unwrap('key-1', 'w');
  await wrapper.unwrap('key-1', 'other');
  expect(asked).toEqual(['key-1 w', 'key-1 other']);
});

test('it remembers a thousand keys, and forgets the oldest first', async () => {
  const { wrapper, asked } = make();
  for (let n = 0; n <= 1_000; n += 1) await wrapper.unwrap(`key-${n}`, 'w');
  await wrapper.unwrap('key-1000', 'w');
  await wrapper.unwrap('key-1', 'w');
  expect(asked).toHaveLength(1_001);
  await wrapper.unwrap('key-0', 'w');
  expect(asked).toHaveLength(1_002);
});
