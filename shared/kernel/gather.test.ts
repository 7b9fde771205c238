import { expect, test } from '@jest/globals';
import { createGather } from './gather.ts';

function makeGather(work?: (items: readonly string[]) => Promise<unknown>) {
  const groups: string[] = [];
  const gather = createGather<string, string>(async (key, items) => {
    groups.push(`${key}: ${items.join(' ')}`);
    await work?.(items);
    return items.map((item) => item.toUpperCase());
  });
  return { gather, groups };
}

test('what comes together is worked on together, and everyone gets their own result', async () => {
  const { gather, groups } = makeGather();
  expect(await Promise.all(['a', 'b', 'c'].map((item) => gather('k', item)))).toEqual(['A', 'B', 'C']);
  expect(groups).toEqual(['k: a b c']);
});

test('so is what came a few turns of the promises later', async () => {
  const { gather, groups } = makeGather();
  const late = async () => {
    for (let turn = 0; turn < 50; turn += 1) await null;
    return gather('k', 'late');
  };
  await Promise.all([gather('k', 'a'), late()]);
  expect(groups).toEqual(['k: a late']);
});

test('what comes while a group is under way is the next group, never a second one beside it', async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let calls = 0;
  const { gather, groups } = makeGather(() => gates[calls++]?.promise ?? Promise.resolve());
  const first = gather('k', 'a');
  await new Promise((resolve) => setImmediate(resolve));
  const others = [gather('k', 'b'), gather('k', 'c')];
  await new Promise((resolve) => setImmediate(resolve));
  expect(groups).toEqual(['k: a']);
  gates[0]?.resolve();
  await first;
  gates[1]?.resolve();
  await Promise.all(others);
  expect(groups).toEqual(['k: a', 'k: b c']);
});

test('groups of different keys do not wait for each other', async () => {
  const { gather, groups } = makeGather((items) =>
    items[0] === 'slow' ? new Promise(() => undefined) : Promise.resolve(),
  );
  void gather('one', 'slow');
  expect(await gather('two', 'b')).toBe('B');
  expect(groups).toEqual(['one: slow', 'two: b']);
});

test('a group that fails fails for each of its items, and the next is tried all the same', async () => {
  const { gather } = makeGather(async (items) => {
    if (items.includes('bad')) throw new Error('bad');
  });
  const outcomes = await Promise.allSettled([gather('k', 'a'), gather('k', 'bad')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await gather('k', 'b')).toBe('B');
});
