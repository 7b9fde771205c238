import { type Channel, type ChannelModel, connect } from 'amqplib';
import { parseBrokerAddress, toBrokerFault } from '../../../shared/broker/amqpFault.ts';
import { applyTopology } from '../../../shared/broker/amqpTopology.ts';
import { declareTopology, exchanges, unroutedQueue } from '../../../shared/broker/topology.ts';
import { createTables } from '../dynamo/createTables.ts';
import { type GivenAddresses, variables, withoutCredentials } from './settings.ts';
import { hasCode, StackProblem, toReason } from './stackProblem.ts';

const timeoutMs = 5_000;

export interface PreparedBroker {
  /** There was no topology: what had been published, if anything, is not on it. */
  readonly isEmpty: boolean;
  /** Queues that were not there beside a topology that was: what had been in them is gone. */
  readonly missing: readonly string[];
  /** How many messages are in which queue; without empty ones, and those that nobody takes out again by himself. */
  readonly waiting: ReadonlyMap<string, number>;
}

/** Declares the topology; what is there already stays. @throws when no broker answers there, or it refuses */
export const prepareBroker = (url: string): Promise<PreparedBroker> =>
  withBroker(url, async (connection) => {
    const isEmpty = !(await hasExchange(connection));
    const missing = isEmpty ? [] : await findMissing(connection);
    const channel = await openChannel(connection);
    await applyTopology(channel);
    const queues = isEmpty ? [] : declareTopology().queues.filter(({ name }) => !isLastResort(name));
    const counts = await Promise.all(
      queues.map(async ({ name }) => [name, (await channel.checkQueue(name)).messageCount] as const),
    );
    return { isEmpty, missing, waiting: new Map(counts.filter(([, count]) => count > 0)) };
  });

/** The topology's queues that are not there. @throws when no broker answers there, or it refuses */
export const findMissingQueues = (url: string): Promise<readonly string[]> => withBroker(url, findMissing);

async function withBroker<Result>(url: string, work: (connection: ChannelModel) => Promise<Result>): Promise<Result> {
  const connection = await connect(url, { noDelay: true, timeout: timeoutMs }).catch((error: unknown) => {
    // amqplib tells a refused virtual host as a surprise in the protocol.
    const fault = toBrokerFault(error, parseBrokerAddress(url));
    throw fault.code === 'broker/refused' ? fault : error;
  });
  // A declaration that is refused ends the channel, and that says why in the rejection as well.
  connection.on('error', () => {});
  try {
    return await work(connection);
  } finally {
    await connection.close().catch(() => {});
  }
}

async function openChannel(connection: ChannelModel): Promise<Channel> {
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  return channel;
}

/** Asking for a queue that is not there ends the channel, so each of those takes one. */
async function findMissing(connection: ChannelModel): Promise<readonly string[]> {
  const missing: string[] = [];
  let unknown: readonly string[] = declareTopology().queues.map(({ name }) => name);
  while (unknown.length > 0) {
    const channel = await openChannel(connection);
    const answers = await Promise.allSettled(unknown.map((name) => channel.checkQueue(name)));
    const at = answers.findIndex(({ status }) => status === 'rejected');
    const [name, answer] = [unknown[at], answers[at]];
    if (name === undefined || answer?.status !== 'rejected') {
      await channel.close();
      break;
    }
    if (!hasCode(answer.reason, 404)) throw answer.reason;
    missing.push(name);
    unknown = unknown.slice(at + 1);
  }
  return missing;
}

const isLastResort = (queue: string): boolean => queue === unroutedQueue || queue.endsWith('-dlq');

/** Asking for an exchange that is not there ends the channel. */
async function hasExchange(connection: ChannelModel): Promise<boolean> {
  const channel = await openChannel(connection);
  try {
    await channel.checkExchange(exchanges.events);
    await channel.close();
    return true;
  } catch (error) {
    if (hasCode(error, 404)) return false;
    throw error;
  }
}

/** @throws when nothing there speaks the event store's protocol */
export async function probeEventStore(url: string): Promise<void> {
  const { EventStoreDBClient, StreamNotFoundError } = await import('@eventstore/db-client');
  const client = EventStoreDBClient.connectionString(url);
  try {
    for await (const _ of client.readStream('waybill-probe', { maxCount: 1, deadline: timeoutMs })) break;
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  } finally {
    await client.dispose().catch(() => {});
  }
}

/** @throws when nothing there speaks HTTP; any answer will do, for providers differ */
export async function probeHttp(url: string): Promise<void> {
  // Stripe is asked with a key, which is the functions' own.
  if (new URL(url).protocol === 'stripe:') return;
  await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
}

/** Creates the tables that are missing. @throws when no DynamoDB answers there */
export const prepareDynamo = (url: string, tablePrefix: string): Promise<void> => createTables(url, tablePrefix);

/** Says of a failed check of a given address which one it was, and what to do. */
export async function naming<Result>(part: keyof GivenAddresses, url: string, check: Promise<Result>): Promise<Result> {
  const { name } = variables[part];
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs / 1_000} s`)), timeoutMs);
  });
  try {
    return await Promise.race([check, tooLong]);
  } catch (error) {
    const advice = `correct ${name}, or unset it to have one started here`;
    throw new StackProblem(`${name}: cannot use ${withoutCredentials(url)} (${toReason(error)}): ${advice}`);
  } finally {
    clearTimeout(timer);
  }
}
