import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { EventStoreDBClient } from '@eventstore/db-client';
import { type ConfirmChannel, connect } from 'amqplib';
import { createTables } from '../../../infra/local/dynamo/createTables.ts';
import { startEventSource } from '../../../infra/local/eventSource/eventSource.ts';
import { defaultOdds } from '../../../infra/local/eventSource/hostility.ts';
import { createAmqpDeadLetterQueue } from '../../../shared/broker/amqpDeadLetterQueue.ts';
import { createAmqpPublisher } from '../../../shared/broker/amqpPublisher.ts';
import { applyTopology } from '../../../shared/broker/amqpTopology.ts';
import { createDynamoCursors } from '../../../shared/broker/dynamoCursors.ts';
import { createDynamoRemedies, createDynamoUnsettled } from '../../../shared/broker/dynamoUnsettled.ts';
import type { Publisher } from '../../../shared/broker/publisher.ts';
import { declareTopology, feedingQueues } from '../../../shared/broker/topology.ts';
import { createDynamoClient } from '../../../shared/config/dynamoClient.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { lazy } from '../../../shared/kernel/lazy.ts';
import { silentLogger } from '../../../shared/observe/logger.ts';
import { silentMetrics } from '../../../shared/observe/metrics.ts';
import { createInMemoryLeaseRow } from '../../../shared/relay/inMemoryLease.ts';
import { runRelay } from '../../../shared/relay/relay.ts';
import { createEsdbEventStore } from '../../../shared/store/esdbEventStore.ts';
import { createOwnNames, type OwnNames } from '../../../shared/testing/ownTopology.ts';
import '../../setup/localDynamo.ts';
import { createFunctions } from './functions.ts';
import { startProvider } from './provider.ts';
import { type FunctionSettings, type Role, roles, tablePrefix, toTopology } from './setting.ts';

const allRoles = Object.keys(roles) as readonly Role[];

async function startProcess(program: string, ...args: readonly string[]) {
  const url = new URL(`../../../infra/local/${program}`, import.meta.url);
  const child = fork(url, args, { env: { ...process.env, PORT: '' }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [message] = (await once(child, 'message')) as [{ url: string }];
  return {
    url: message.url,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Says which part does not end, where a hook's own time-out would only say that something does not. */
async function ending(part: string, end: Promise<unknown> | undefined): Promise<void> {
  const over = new AbortController();
  const late = systemClock.sleep(20_000, over.signal).then(() => {
    if (!over.signal.aborted) throw new Error(`${part} does not end`);
  });
  await Promise.race([end, late]).finally(() => over.abort());
}

/** The relay's way of sending, under names of the test's own. */
const renaming = (publisher: Publisher, own: OwnNames): Pick<Publisher, 'ready' | 'readDepth'> => ({
  readDepth: async () => 0,
  async ready() {
    const sender = await publisher.ready();
    return { send: (message, settled) => sender.send(own.message(message), settled) };
  },
});

/**
 * Real servers, each a process of its own, the relay, and four consumers whose functions are processes that are killed.
 *
 * @param realBroker address of a RabbitMQ to use instead of the local broker
 */
export async function startSystem(seed: number, realBroker: string | undefined) {
  const own = createOwnNames(`waybill-test-${randomUUID().slice(0, 8)}-`);
  const [eventStore, dynamo, provider, localBroker] = await Promise.all([
    startProcess('eventStore/main.ts', '--http-port', '0', '--run-projections', 'None'),
    startProcess('dynamo/main.ts'),
    startProvider(),
    realBroker === undefined ? startProcess('broker/main.ts', '--port', '0') : undefined,
  ]);
  const brokerUrl = localBroker?.url ?? realBroker ?? '';
  await createTables(dynamo.url, tablePrefix);

  const declared = own.declarations(declareTopology(allRoles.map(toTopology)));
  const model = await connect(brokerUrl, { noDelay: true });
  model.on('error', () => undefined);
  const channel: ConfirmChannel = await model.createConfirmChannel();
  await applyTopology(channel, declared);

  const settingsOf = (role: Role, isMended = false): FunctionSettings => ({
    role,
    prefix: own.prefix,
    brokerUrl,
    eventStoreUrl: eventStore.url,
    dynamoUrl: dynamo.url,
    providerUrl: provider.url,
    isMended,
  });
  // A function's name is that of its queue: each mapping has its own execution environment.
  const functions = createFunctions((name) => settingsOf(name.split('.')[0] as Role));
  const reports: string[] = [];
  const source = startEventSource({
    mappings: allRoles.flatMap((role) =>
      feedingQueues(toTopology(role)).map((queue) => ({
        functionName: queue,
        queue: own.name(queue),
        batchSize: 100,
        windowMs: 5,
      })),
    ),
    brokerUrl,
    lambdaUrl: 'http://nobody',
    invoke: functions.invoke,
    backoff: { baseMs: 10, maxMs: 100 },
    report: (line) => reports.push(line),
    hostile: { seed, odds: { ...defaultOdds, kill: 0.2 } },
  });

  const storeClient = EventStoreDBClient.connectionString(eventStore.url);
  const store = createEsdbEventStore(lazy(() => storeClient));
  const publisher = createAmqpPublisher(brokerUrl, 'test');
  const stopRelay = new AbortController();
  const relaying = runRelay(
    {
      store,
      publisher: renaming(publisher, own),
      lease: createInMemoryLeaseRow(systemClock).newLease(),
      clock: systemClock,
      logger: silentLogger,
      metrics: silentMetrics,
    },
    stopRelay.signal,
  );

  const client = createDynamoClient({ endpoint: dynamo.url });
  const tableOf = (role: Role) => {
    const table = `${tablePrefix}-${roles[role].table}`;
    return {
      ...createDynamoUnsettled(client, table),
      ...createDynamoRemedies(client, table),
      ...createDynamoCursors<readonly number[]>(client, table),
    };
  };
  const deadLetters = createAmqpDeadLetterQueue(brokerUrl, 'test');
  return {
    store,
    provider,
    functions,
    reports,
    tables: Object.fromEntries(allRoles.map((role) => [role, tableOf(role)])) as Record<
      Role,
      ReturnType<typeof tableOf>
    >,
    operations: {
      tables: Object.fromEntries(allRoles.map((role) => [role, tableOf(role)])),
      queue: { look: (queue, ...rest) => deadLetters.look(own.name(queue), ...rest) } satisfies typeof deadLetters,
      publisher: own.publisher(publisher),
      store,
      clock: systemClock,
      logger: silentLogger,
    },
    deadLetterCount: async (role: Role) => (await channel.checkQueue(own.name(`${role}-dlq`))).messageCount,
    mend: () => functions.deploy(settingsOf('flaky', true)),
    async stop() {
      stopRelay.abort();
      await Promise.all([ending('the event source', source.stop()), ending('the relay', relaying)]);
      await ending('the functions', functions.stop());
      for (const { name } of declared.queues) await channel.deleteQueue(name);
      for (const { name } of declared.exchanges) await channel.deleteExchange(name);
      client.destroy();
      await Promise.all([
        ending('the connection', model.close()),
        ending('the publisher', publisher.close()),
        ending('the client', storeClient.dispose()),
        ending('the provider', provider.stop()),
      ]);
      await Promise.all([
        ending('the event store', eventStore.stop()),
        ending('the tables', dynamo.stop()),
        ending('the broker', localBroker?.stop()),
      ]);
    },
  };
}

export type System = Awaited<ReturnType<typeof startSystem>>;
