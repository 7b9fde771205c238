/** One execution environment of one function: takes an event at a time from its parent, and is killed by it at any moment. */
import { EventStoreDBClient } from '@eventstore/db-client';
import * as z from 'zod/mini';
import { createAmqpPublisher } from '../../../shared/broker/amqpPublisher.ts';
import { createConsumer } from '../../../shared/broker/consume.ts';
import type { Handler } from '../../../shared/broker/consumer.ts';
import { createDynamoCursors } from '../../../shared/broker/dynamoCursors.ts';
import { createDynamoClient } from '../../../shared/config/dynamoClient.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { accepted, type Decider } from '../../../shared/kernel/decision.ts';
import { Fault } from '../../../shared/kernel/fault.ts';
import { newId } from '../../../shared/kernel/ids.ts';
import { lazy } from '../../../shared/kernel/lazy.ts';
import { silentLogger } from '../../../shared/observe/logger.ts';
import { silentMetrics } from '../../../shared/observe/metrics.ts';
import { toCause } from '../../../shared/store/codec.ts';
import { createEsdbEventStore } from '../../../shared/store/esdbEventStore.ts';
import { handleCommand } from '../../../shared/store/handleCommand.ts';
import { createOwnNames } from '../../../shared/testing/ownTopology.ts';
import {
  type FunctionSettings,
  hesitations,
  type Numbered,
  type Role,
  roles,
  tablePrefix,
  temperOf,
  timeLimitMs,
} from './setting.ts';

const settings: FunctionSettings = JSON.parse(process.env['FUNCTION_SETTINGS'] ?? '');
const { role, prefix, isMended, providerUrl } = settings;

const store = createEsdbEventStore(lazy(() => EventStoreDBClient.connectionString(settings.eventStoreUrl)));
const publisher = createAmqpPublisher(settings.brokerUrl, role);
const cursors = createDynamoCursors<readonly number[]>(
  createDynamoClient({ endpoint: settings.dynamoUrl }),
  `${tablePrefix}-${roles[role].table}`,
);

const list: Handler<readonly number[]> = async (view = [], event) => [...view, (event.data as Numbered).n];

/** One event for each that is told, in their order; a repeat yields none. */
const echoDecider: Decider<number, Numbered, { type: 'Echoed'; data: Numbered }, never> = {
  initialState: -1,
  evolve: (_, { data }) => data.n,
  decide: ({ n }, last) => (n <= last ? accepted() : accepted({ type: 'Echoed', data: { n } })),
};
const echo = { decider: echoDecider, events: { Echoed: { version: 1, schema: z.object({ n: z.int() }) } } };

async function ask(path: string, body: unknown): Promise<{ readonly times: number }> {
  const response = await fetch(new URL(path, providerUrl), { method: 'POST', body: JSON.stringify(body) }).catch(
    (error: unknown) => {
      throw new Fault('payments/unavailable', 'the provider does not answer', error);
    },
  );
  return (await response.json()) as { readonly times: number };
}

const handlers: Readonly<Record<Role, Handler<readonly number[]>>> = {
  view: list,
  async reaction(_, event) {
    const stream = event.stream.replace('order', 'echo');
    await handleCommand({ store, clock: systemClock }, echo, stream, event.data as Numbered, toCause(event, 'echo'));
    return undefined;
  },
  async outside(_, { id: key, stream, data }) {
    await ask('/effects', { key, stream, n: (data as Numbered).n });
    return undefined;
  },
  async flaky(view, event, context) {
    const temper = temperOf(event.id);
    if (temper === 'fails' && !isMended) throw new TypeError(`a mistake with ${event.id}`);
    if (temper === 'hesitates' && (await ask('/hesitations', { key: event.id })).times <= hesitations) {
      throw new Fault('payments/unavailable', 'not yet');
    }
    return list(view, event, context);
  },
};

const consume = createConsumer<readonly number[]>(
  {
    consumer: role,
    store,
    cursors,
    publisher: createOwnNames(prefix).publisher(publisher),
    clock: systemClock,
    logger: silentLogger,
    metrics: silentMetrics,
    instance: newId(),
    random: Math.random,
  },
  handlers[role],
  { isOutside: role === 'outside', timeLimitMs },
);

process.on('disconnect', () => process.exit(0));
process.on('message', (payload: string) => {
  const endMs = performance.now() + 30_000;
  consume(JSON.parse(payload), { getRemainingTimeInMillis: () => endMs - performance.now() }).then(
    () => process.send?.({ outcome: 'succeeded' }),
    (error: unknown) =>
      process.send?.({ outcome: 'failed', reason: error instanceof Error ? error.message : String(error) }),
  );
});
process.send?.('ready');
