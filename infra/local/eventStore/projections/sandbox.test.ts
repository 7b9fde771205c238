import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { queryEvent as event } from '../testing/queryEvent.ts';
import { Sandbox } from './sandbox.ts';

describe('the sandbox of a projection', () => {
  test('keeps a state by partition and hands it out', () => {
    const sandbox = new Sandbox(`
      fromCategory('thing').foreachStream()
        .when({ $init: () => ({ sum: 0 }), Added: (s, e) => { s.sum += e.data.n; }, $any: (s) => ({ ...s, other: true }) })
        .transformBy((s) => s.sum)`);
    expect(sandbox.source).toMatchObject({ all: false, categories: new Set(['thing']) });
    sandbox.handle([event('Added', { n: 1 }), event('Added', { n: 2 }), event('Else', {}, 'thing-2')]);
    expect(sandbox.state('thing-1')).toEqual({ sum: 3 });
    expect(sandbox.state('thing-2')).toEqual({ sum: 0, other: true });
    expect(sandbox.result('thing-1')).toBe(3);
  });

  test('gathers what is emitted by event', () => {
    const sandbox = new Sandbox(`
      fromAll().when({ A: (s, e) => { emit('to', 'B', { id: e.eventId }, { x: 1 }); linkTo('links', e); } })`);
    expect(sandbox.handle([event('Z', {}), event('A', {})]).results).toEqual([
      [],
      [
        {
          stream: 'to',
          type: 'B',
          isJson: true,
          data: '{"id":"00112233-4455-6677-8899-aabbccddeeff"}',
          extra: { x: 1 },
        },
        { stream: 'links', type: '$>', isJson: false, data: '4@thing-1', extra: {} },
      ],
    ]);
  });

  test('leaves the rest of a batch for later when its first events lead to many others', () => {
    const sandbox = new Sandbox(
      `fromAll().when({ A: (s, e) => { for (let n = 0; n < e.data.n; n++) emit('to', 'B', {}); } })`,
    );
    const batch = [event('A', { n: 4000 }), event('A', { n: 7000 }), event('A', { n: 1 })];
    expect(sandbox.handle(batch).results.map(({ length }) => length)).toEqual([4000, 7000]);
    const { results, error } = sandbox.handle([event('A', { n: 1 }), event('A', { n: 200_000 })]);
    expect([results.length, error]).toEqual([1, 'one event leads to more than 100,000 others']);
  });

  test('stops at the event whose handler throws', () => {
    const sandbox = new Sandbox(`fromAll().when({ Bad: () => { throw new Error('no'); } })`);
    expect(sandbox.handle([event('Good', {}), event('Bad', {}), event('Good', {})])).toEqual({
      results: [[]],
      error: 'no',
    });
  });

  test('ends a query that runs for too long', () => {
    expect(() => new Sandbox('for (;;);')).toThrow('timed out');
    const sandbox = new Sandbox('fromAll().when({ $any: () => { for (;;); } })');
    expect(sandbox.handle([event('A', {})]).error).toMatch('timed out');
  });

  test.each([
    'process.exit(1)',
    'require("fs")',
    'this.constructor.constructor("return process")()',
    'emit.constructor("return process")()',
    'fromAll.constructor.constructor("return globalThis.process")().exit(1)',
    'Object.getPrototypeOf(async () => {}).constructor("return process")()',
    'eval("1")',
    'setTimeout(() => {})',
    'new SharedArrayBuffer(8)',
  ])('reaches nothing outside: %s', (attempt) => {
    expect(() => new Sandbox(attempt)).toThrow();
  });

  test('a module can not be loaded', () => {
    const sandbox = new Sandbox(`
      let found = 'nothing';
      import('node:fs').then(() => { found = 'something'; }, () => {});
      fromAll().when({ $any: () => ({ found }) })`);
    sandbox.handle([event('A', {})]);
    expect(sandbox.state('')).toEqual({ found: 'nothing' });
  });
});

test.each([
  ['when', 'fromAll().when()'],
  ['when', 'fromAll().when(null)'],
  ['A in when', 'fromAll().when({ A: undefined })'],
  ['$init in when', 'fromAll().when({ $init: 5 })'],
  ['partitionBy', 'fromAll().partitionBy(undefined)'],
  ['transformBy', 'fromAll().when({}).transformBy()'],
  ['filterBy', 'fromAll().when({}).filterBy({})'],
  ['outputTo', 'fromAll().when({}).outputTo()'],
  ['fromStream', 'fromStream()'],
  ['fromStreams', `fromStreams(['a', undefined])`],
  ['fromCategory', 'fromCategory(5)'],
  ['options', 'options()'],
])('a query that defines nothing is refused: %s in %s', (what, query) => {
  expect(() => new Sandbox(query)).toThrow(`${what} needs`);
});

test('a large log leaves nothing behind in memory', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const sandbox = new Sandbox('fromAll().when({ $init: () => ({ n: 0 }), $any: (s) => { s.n++; } })');
  const text = 'x'.repeat(100_000);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (let batch = 0; batch < 10; batch++) {
    sandbox.handle(Array.from({ length: 100 }, (_, n) => event('A', { n: batch * 100 + n, text })));
  }
  collectGarbage();
  expect(sandbox.state('')).toEqual({ n: 1000 });
  // 100 megabytes went through.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(50 * 1024 * 1024);
});
