import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { mappingsOf } from '../infra/aws/mappings.ts';
import { declareTables } from '../infra/local/dynamo/tables.ts';
import { consumers, feedingQueues } from '../shared/broker/topology.ts';

interface Service {
  readonly functions: Readonly<
    Record<
      string,
      {
        readonly handler: string;
        readonly timeout?: number;
        /** As the framework resolves them, or where it finds them. */
        readonly events?: readonly Record<string, unknown>[] | string;
      }
    >
  >;
}

const root = new URL('..', import.meta.url);
const { functions }: Service = parse(readFileSync(new URL('serverless.yml', root), 'utf8'), { merge: true });
const entries = Object.entries(functions).map(([name, { events = [], ...rest }]) => {
  if (typeof events !== 'string') return [name, { ...rest, events }] as const;
  const [, named = ''] = /^\$\{file\(infra\/aws\/serverless\.js\):mappings\.([a-z-]+)\}$/.exec(events) ?? [];
  const consumer = Object.values(consumers).find((it) => it.name === named);
  const resolved: readonly object[] = consumer ? mappingsOf(consumer, '') : [];
  return [name, { ...rest, events: resolved as readonly Record<string, unknown>[] }] as const;
});

const eventsOf = <Event>(kind: string): readonly Event[] =>
  entries.flatMap(([, { events }]) => events.flatMap((event) => (kind in event ? [event[kind] as Event] : [])));

describe('serverless.yml', () => {
  test('has every function folder under its own name, and every handler is there', () => {
    const folders = globSync('functions/{http,relay,react,project,operate,deploy}/*/index.ts', { cwd: root.pathname });
    expect(entries.map(([, { handler }]) => handler).toSorted()).toEqual(
      folders.map((path) => path.replace(/index\.ts$/, 'index.handler')).toSorted(),
    );
    for (const [name, { handler }] of entries) expect(handler.split('/').at(-2)).toBe(name);
  });

  test('is in the order of the way', () => {
    const areas = entries.map(([, { handler }]) => handler.split('/')[1]);
    const order = ['http', 'relay', 'react', 'project', 'operate', 'deploy'];
    expect([...new Set(areas)]).toEqual(order);
    expect(areas).toEqual(areas.toSorted((a = '', b = '') => order.indexOf(a) - order.indexOf(b)));
  });

  test('reads each partition of each consumer once', () => {
    const queues = eventsOf<{ queue: string }>('rabbitmq').map(({ queue }) => queue);
    const expected = Object.values(consumers).flatMap(feedingQueues);
    expect(queues.toSorted()).toEqual(expected.toSorted());
  });

  test("wires each consumer's function to its own queue", () => {
    for (const [name, { handler, events }] of entries) {
      const [queue] = events.flatMap((event) =>
        'rabbitmq' in event ? [(event['rabbitmq'] as { queue: string }).queue] : [],
      );
      if (queue === undefined) continue;
      const source = readFileSync(new URL(handler.replace(/\.handler$/, '.ts'), root), 'utf8');
      const [, key = ''] = /consumers\.(\w+)/.exec(source) ?? [];
      const consumer = consumers[key as keyof typeof consumers];
      expect([name, queue.startsWith(`${consumer?.name}.`)]).toEqual([name, true]);
    }
  });

  test('no route twice', () => {
    const routes = eventsOf<string | { method: string; path: string }>('httpApi').map((route) =>
      typeof route === 'string' ? route : `${route.method} ${route.path}`,
    );
    expect(new Set(routes).size).toBe(routes.length);
    expect(routes).toHaveLength(21);
  });

  test('every table that a function names is declared', () => {
    const declared = declareTables('x').map(({ TableName }) => TableName);
    const named = [
      'products',
      'order-view',
      'stock-view',
      'relay',
      'customer-keys',
      'mails',
      'snapshots',
      ...Object.values(consumers)
        .filter(({ name }) => !name.endsWith('-view'))
        .map(({ name }) => `cursors-${name}`),
    ];
    expect(declared.toSorted()).toEqual(named.map((name) => `x-${name}`).toSorted());
    expect(existsSync(new URL('infra/aws/tables.yml', root))).toBe(true);
  });
});
