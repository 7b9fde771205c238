import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { emptyTable } from '../wire/fieldTable.ts';
import type { Binding, Destination } from './binding.ts';
import { Exchange } from './exchange.ts';
import { createTopicRouter } from './topicRouter.ts';

function exchange(name: string): Exchange {
  const flags = { isDurable: true, isAutoDelete: false, isInternal: false };
  return new Exchange({ name, type: 'topic', args: emptyTable, ...flags });
}

const source = exchange('source');

function binding(routingKey: string, destination: Destination): Binding {
  return { source, destination, routingKey, args: emptyTable };
}

/** The rule itself, word by word. */
function fits(pattern: readonly string[], words: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return words.length === 0;
  if (first === '#') return fits(rest, words) || (words.length > 0 && fits(pattern, words.slice(1)));
  const [word, ...others] = words;
  return word !== undefined && (first === '*' || first === word) && fits(rest, others);
}

const words = fc.array(fc.constantFrom('a', 'b', ''), { maxLength: 4 });
const patterns = fc.array(fc.constantFrom('a', 'b', '*', '#'), { maxLength: 4 });
const message = { headers: emptyTable };

test('a key reaches exactly the destinations whose patterns it fits, also after some are taken away', () => {
  const property = fc.property(fc.array(patterns, { maxLength: 6 }), fc.array(words, { maxLength: 6 }), (all, keys) => {
    const router = createTopicRouter();
    const bindings = all.map((pattern, index) => binding(pattern.join('.'), exchange(String(index))));
    for (const each of bindings) router.add(each);
    const expectMatches = (from: number): void => {
      for (const key of keys.map((each) => each.join('.'))) {
        const found = [...router.match(key, message)].map(({ name }) => Number(name)).sort((a, b) => a - b);
        const split = (text: string): string[] => (text === '' ? [] : text.split('.'));
        const expected = all.flatMap((pattern, index) =>
          index >= from && fits(split(pattern.join('.')), split(key)) ? [index] : [],
        );
        expect(found).toEqual(expected);
      }
    };
    expectMatches(0);
    const half = Math.floor(all.length / 2);
    for (const each of bindings.slice(0, half)) router.remove(each);
    expectMatches(half);
  });
  fc.assert(property, { seed: 7, numRuns: 500 });
});
