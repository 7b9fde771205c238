import { describe, expect, test } from '@jest/globals';
import { queryEvent as event } from '../testing/queryEvent.ts';
import { messageOf, Sandbox } from './sandbox.ts';

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
    [
      'a setter for every object there is',
      `for (const name of ['input', 'value', 'get', 'set', '0'])
         Object.defineProperty(Object.prototype, name, { set() { for (;;); }, get() { for (;;); } });
       fromAll().when({})`,
    ],
    [
      'methods of all arrays and texts replaced',
      `
       Array.prototype.push = Array.prototype[Symbol.iterator] = String.prototype.toString = () => { for (;;); };
       JSON.parse = JSON.stringify = () => { for (;;); };
       fromAll().when({})`,
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

  test.each([
    ['nothing', `Object.prototype.toJSON = () => undefined`],
    ['null', `Object.prototype.toJSON = () => null`],
    ['something else', `Object.prototype.toJSON = () => ({ all: 'yes' })`],
    ['a list', `Object.prototype.toJSON = () => []`],
  ])('a definition that turns into %s is refused', (_, statement) => {
    expect(() => new Sandbox(`fromAll().when({}); ${statement}`)).toThrow();
  });

  test.each([
    ['nothing', `undefined`],
    ['null', `null`],
    ['results that are none', `({ results: 5 })`],
    ['more results than events', `({ results: [[], [], []] })`],
    ['an event for $all', `({ results: [[{ stream: '$all', type: 'T', isJson: true, data: '', extra: {} }]] })`],
    [
      'an event for half a character',
      `({ results: [[{ stream: '\\ud800', type: 'T', isJson: true, data: '', extra: {} }]] })`,
    ],
    ['an event without data', `({ results: [[{ stream: 'a', type: 'T', isJson: true, extra: {} }]] })`],
  ])('what a batch gives back is an error when it turns into %s', (_, value) => {
    const sandbox = new Sandbox(
      `fromAll().when({ A: () => { Object.prototype.toJSON = function () { return 'results' in this ? ${value} : this; }; } })`,
    );
    expect(sandbox.handle([event('A', {})])).toEqual({ results: [], error: expect.any(String) });
  });

  test('a query does not see what its text is put into', () => {
    const sandbox = new Sandbox(`
      const seen = [];
      const before = Object.getOwnPropertyNames(globalThis);
      fromAll().when({ $any: () => Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name)) })`);
    sandbox.handle([event('A', {})]);
    expect(sandbox.state('')).toEqual([]);
  });
});
