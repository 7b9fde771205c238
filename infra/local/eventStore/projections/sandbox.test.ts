import { describe, expect, test } from '@jest/globals';
import { type QueryEvent, Sandbox } from './sandbox.ts';

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
