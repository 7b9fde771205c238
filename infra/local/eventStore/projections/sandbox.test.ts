import { describe, expect, test } from '@jest/globals';
import { messageOf, type QueryEvent, Sandbox } from './sandbox.ts';

const event = (eventType: string, body: unknown, streamId = 'thing-1'): QueryEvent => ({
  isJson: true,
  bodyRaw: JSON.stringify(body),
  metadataRaw: '',
  sequenceNumber: 4,
  streamId,
  eventType,
  eventId: '00112233-4455-6677-8899-aabbccddeeff',
  __origin: streamId,
  __projection: 'test',
});

describe('the sandbox of a projection', () => {
  test('keeps a state by partition and hands it out', () => {
    const sandbox = new Sandbox(`
      fromCategory('thing').foreachStream()
        .when({ $init: () => ({ sum: 0 }), Added: (s, e) => { s.sum += e.data.n; }, $any: (s) => ({ ...s, other: true }) })
        .transformBy((s) => s.sum)`);
    expect(sandbox.source).toMatchObject({ all: false, categories: ['thing'] });
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

describe('a hostile query', () => {
  const broken = [
    [
      'a setter that never ends',
      `fromAll().when({}); Object.defineProperty(globalThis, '__input', { set() { for (;;); } })`,
    ],
    ['a part of the API replaced', `fromAll().when({}); globalThis.__handle = () => { for (;;); }`],
    ['a part of the API redefined', `Object.defineProperty(globalThis, '__define', { value: () => '{}' })`],
    ['an error whose message never ends', `throw { get message() { for (;;); } }`],
    [
      'an error that is a trap',
      `throw new Proxy({}, { getOwnPropertyDescriptor() { for (;;); }, get() { for (;;); } })`,
    ],
    ['microtasks without end', `const again = () => Promise.resolve().then(again); again(); fromAll().when({})`],
  ] as const;

  test.each(broken)('%s holds nobody up', (_, query) => {
    const startedMs = performance.now();
    try {
      const sandbox = new Sandbox(query);
      sandbox.handle([event('A', {})]);
      sandbox.state('');
    } catch (error) {
      expect(messageOf(error)).toEqual(expect.any(String));
    }
    expect(performance.now() - startedMs).toBeLessThan(4_000);
  });

  test.each([
    ['no stream', `linkTo(undefined, e)`],
    ['a stream that is a number', `linkTo(5, e)`],
    ['no name', `emit('', 'T', {})`],
    ['no type', `emit('out', '', {})`],
    ['$all', `emit('$all', 'T', {})`],
    ['a copy to nowhere', `copyTo(undefined, e)`],
  ])('%s is an error of the query', (_, statement) => {
    const sandbox = new Sandbox(`fromAll().when({ A: (s, e) => { ${statement} } })`);
    expect(sandbox.handle([event('A', {})])).toMatchObject({ results: [], error: expect.stringContaining('name') });
  });

  test('a body of nothing is null, metadata that is no object is none', () => {
    const sandbox = new Sandbox(`fromAll().when({ A: () => { emit('out', 'T', undefined, 'text') } })`);
    expect(sandbox.handle([event('A', {})]).results).toEqual([
      [{ stream: 'out', type: 'T', isJson: true, data: 'null', extra: {} }],
    ]);
  });
});
