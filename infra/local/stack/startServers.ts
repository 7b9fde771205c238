import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toAwsEnvironment } from '../dynamo/awsEnvironment.ts';
import { findLostKeys } from './lostKeys.ts';
import { naming, prepareBroker, prepareDynamo, probeEventStore, probeHttp } from './prepareServers.ts';
import { inMemory, type LocalServer, type Place, servers } from './programs.ts';
import type { RestartablePart } from './restartable.ts';
import { requireSameStore, requireStoreOf } from './sameStore.ts';
import { type GivenAddresses, type Settings, withoutCredentials } from './settings.ts';
import { StackProblem } from './stackProblem.ts';
import type { Supervisor } from './supervisor.ts';

export type Addresses = Readonly<Record<keyof GivenAddresses, string>>;

export interface RunningServers {
  readonly addresses: Addresses;
  /** Those that were started here. */
  readonly started: Readonly<Partial<Record<keyof GivenAddresses, RestartablePart>>>;
  /** The broker, or one of its queues, is new beside tables that may not be: what was published once is not there any more. */
  readonly hasLostMessages: boolean;
  /** Queues that were not there, beside others that were; they are now. */
  readonly missingQueues: readonly string[];
  /** What is lost for want of the tables that belong to the store. */
  readonly lostKeys: string | undefined;
}

/** How the broker is started again, with what its end has left behind. */
export type RecoverBroker = (restart: () => Promise<void>) => Promise<void>;

/** Parts of an earlier run that was killed let go of their folders a moment after it. */
const lockedMs = 5_000;

/**
 * Every server, given or started, side by side; afterwards the topology is declared, and the tables are there.
 *
 * @throws StackProblem naming the first that could not be started or used
 */
export async function startServers(
  { given, tablePrefix, dataDirectory }: Settings,
  supervisor: Pick<Supervisor, 'startServer' | 'track'>,
  recoverBroker: RecoverBroker,
): Promise<RunningServers> {
  const started: Partial<Record<keyof GivenAddresses, RestartablePart>> = {};

  const start = async (part: keyof GivenAddresses): Promise<string> => {
    const { name, holds, folder, program }: LocalServer = servers[part];
    const directory = dataDirectory && folder && join(dataDirectory, folder);
    let place: Place = { ...inMemory, directory };
    let url: string | undefined;
    const policy = {
      // Started again, it is to be found where it was.
      onStart: (running: { readonly url: string | undefined }) => {
        url = running.url;
        if (url !== undefined) place = { port: Number(new URL(url).port), directory };
      },
      lost: directory === undefined && holds !== undefined ? `${holds}, kept in memory` : undefined,
      recover: part === 'broker' ? recoverBroker : undefined,
    };
    const launch = (): Promise<RestartablePart> => supervisor.startServer(() => program(place), policy);
    started[part] = await (directory === undefined ? launch() : untilUnlocked(launch));
    if (url === undefined) throw new StackProblem(`${name} did not say where it listens`);
    return url;
  };
  const provide = async <Result>(
    part: keyof GivenAddresses,
    prepare: (url: string, isGiven: boolean) => Promise<Result>,
  ): Promise<readonly [url: string, Result]> => {
    const address = given[part];
    if (address !== undefined) {
      const prepared = naming(part, address, prepare(address, true));
      return [address, await supervisor.track(withoutCredentials(address), prepared)];
    }
    const url = await start(part);
    return [url, await prepare(url, false)];
  };

  const [[eventStore], [broker, { isEmpty, missing, waiting }], [dynamo], [payments], [shipping], [mail], [issuer]] =
    await Promise.all([
      provide('eventStore', async (url, isGiven) => isGiven && probeEventStore(url)),
      provide('broker', prepareBroker),
      provide('dynamo', (url) => prepareDynamo(url, tablePrefix)),
      provide('payments', async (url, isGiven) => isGiven && probeHttp(url)),
      provide('shipping', async (url, isGiven) => isGiven && probeHttp(url)),
      provide('mail', async (url, isGiven) => isGiven && probeHttp(url)),
      provide('issuer', async (url, isGiven) => isGiven && probeHttp(url)),
    ]);
  const addresses = { eventStore, broker, dynamo, payments, shipping, mail, issuer };
  if (waiting.size > 0) await supervisor.track('the messages and the store', requireStoreOf(waiting, addresses));
  const mayHaveHistory = given.dynamo !== undefined || dataDirectory !== undefined;
  // Both are in that folder, so one of them was taken out of it.
  const advice =
    dataDirectory && started.eventStore && started.dynamo
      ? `put ${join(dataDirectory, servers.eventStore.folder)} back, or begin with a new folder`
      : undefined;
  if (mayHaveHistory)
    await supervisor.track('the tables and the store', requireSameStore(addresses, tablePrefix, advice));
  const isLastingStore = given.eventStore !== undefined || dataDirectory !== undefined;
  const lostKeys = isLastingStore
    ? await supervisor.track("the customers' keys", findLostKeys(addresses, tablePrefix))
    : undefined;
  const hasLostMessages = (isEmpty || missing.length > 0) && mayHaveHistory;
  return { addresses, started, hasLostMessages, missingQueues: missing, lostKeys };
}

async function untilUnlocked<Result>(launch: () => Promise<Result>): Promise<Result> {
  const untilMs = performance.now() + lockedMs;
  for (;;) {
    try {
      return await launch();
    } catch (error) {
      const isLocked = error instanceof StackProblem && error.message.includes(' is in use by process ');
      if (!isLocked || performance.now() > untilMs) throw error;
      await sleep(100);
    }
  }
}

/** What functions, relay and event source are told of the world, in the variables they read. */
export function toEnvironment(addresses: Addresses, tablePrefix: string): Readonly<Record<string, string>> {
  return {
    EVENTSTORE_URL: addresses.eventStore,
    RABBITMQ_URL: addresses.broker,
    DYNAMODB_ENDPOINT: addresses.dynamo,
    PAYMENTS_URL: addresses.payments,
    SHIPPING_URL: addresses.shipping,
    SES_ENDPOINT: addresses.mail,
    JWT_ISSUER: addresses.issuer,
    JWT_AUDIENCE: process.env['JWT_AUDIENCE'] || 'waybill',
    MAIL_FROM: process.env['MAIL_FROM'] || 'orders@waybill.example',
    TABLE_PREFIX: tablePrefix,
    ...toAwsEnvironment(process.env),
  };
}
