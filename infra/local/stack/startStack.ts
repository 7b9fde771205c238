import { untilAborted } from '../../../shared/kernel/untilAborted.ts';
import type { FunctionsReady } from '../eventSource/plugin.ts';
import { isQueueGone } from '../eventSource/queueGone.ts';
import { bundleFunctions } from './bundleFunctions.ts';
import { takeDataDirectory } from './dataDirectory.ts';
import { createLostQueues, toDeclaredAgain } from './lostQueues.ts';
import { readMasterKey } from './masterKey.ts';
import { findFreePort, requireFreePort } from './ports.ts';
import { findMissingQueues } from './prepareServers.ts';
import { eventSource, functions, relay } from './programs.ts';
import { declareAgain, patiently, recoverBroker } from './recoverBroker.ts';
import type { RestartablePart } from './restartable.ts';
import type { Settings } from './settings.ts';
import { type Addresses, type RunningServers, startServers, toEnvironment } from './startServers.ts';
import { createSupervisor, type SupervisorOptions } from './supervisor.ts';
import { tellAgain } from './tellAgain.ts';

export type StackOptions = Partial<SupervisorOptions> & {
  readonly settings: Settings;
  /** Something that a person should know was found, and what has been done about it: one line. */
  readonly onNotice?: (line: string) => void;
};

/** The whole system, running. */
export interface Stack {
  /** Of the HTTP API. */
  readonly url: string;
  readonly addresses: Addresses;
  /** The servers that were not given. */
  readonly servers: RunningServers['started'];
  readonly tablePrefix: string;
  /** Keeps what the servers hold; undefined: they keep it in memory. */
  readonly dataDirectory: string | undefined;
  /** Parts without state of their own, to be killed and started again while the servers stay up. */
  readonly relay: RestartablePart;
  readonly eventSource: RestartablePart;
  /** serverless-offline: the HTTP API and every function. */
  readonly functions: RestartablePart;
  /** Ends relay, event source, functions and servers, in this order. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts the whole system; when it resolves, every part is ready. When it rejects, whatever had been started has ended.
 *
 * @throws StackProblem: one line for a person
 */
export async function startStack({ settings, onNotice = () => {}, ...options }: StackOptions): Promise<Stack> {
  const failed = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal;
  const supervisor = createSupervisor({
    onLine: options.onLine,
    onProgress: options.onProgress,
    onUnexpectedEnd: options.onUnexpectedEnd,
    signal,
  });
  let relayPart: RestartablePart | undefined;
  try {
    if (settings.httpPort !== 0) await requireFreePort(settings.httpPort);
    if (settings.dataDirectory !== undefined) supervisor.onStop(takeDataDirectory(settings.dataDirectory));
    const masterKey = readMasterKey(settings);
    const relayStarted = Promise.withResolvers<RestartablePart>();
    let brokersRecovering = 0;
    const restartBroker = async (restart: () => Promise<void>): Promise<void> => {
      if (relayPart === undefined) return restart();
      brokersRecovering += 1;
      try {
        await recoverBroker({ relay: relayPart, addresses, tablePrefix }, restart);
      } finally {
        brokersRecovering -= 1;
      }
      onNotice(`relay: running again (process ${relayPart.pid})`);
    };
    const lostQueues = createLostQueues({
      findMissing: async () => {
        await relayStarted.promise;
        // Empty for a moment, and being declared.
        return brokersRecovering > 0 ? [] : patiently(() => findMissingQueues(addresses.broker));
      },
      declareAgain: async () => {
        const world = { relay: await relayStarted.promise, addresses, tablePrefix };
        await declareAgain(world);
        return `relay: running again (process ${world.relay.pid})`;
      },
      say: onNotice,
    });
    supervisor.onStop(lostQueues.stop);
    const preparing = Promise.all([
      supervisor.track('bundles', bundleFunctions(signal)),
      startServers(settings, supervisor, restartBroker),
      findFreePort(),
      findFreePort(),
    ]);
    // Who gives up a start does not wait for what never answers.
    const prepared = await untilAborted(preparing, signal);
    if (prepared === undefined) throw signal.reason;
    const [bundles, { addresses, started, hasLostMessages, missingQueues, lostKeys }, freeHttpPort, lambdaPort] =
      prepared;
    supervisor.onStop(bundles.remove);
    if (lostKeys !== undefined) onNotice(lostKeys);

    const { tablePrefix } = settings;
    const ports = { http: settings.httpPort || freeHttpPort, lambda: lambdaPort };
    const env = toEnvironment(addresses, tablePrefix);
    // For functions alone: the relay passes on what is sealed.
    const ofFunctions = { PERSONAL_MASTER_KEY: masterKey, FUNCTIONS_LOCATION: bundles.location };
    const toldAgain = hasLostMessages ? tellAgain(addresses, tablePrefix) : Promise.resolve();
    toldAgain.catch(() => {});
    let ready: FunctionsReady = { mappings: [] };
    const functionsPart = await supervisor
      .start(() => functions(ports, { ...env, ...ofFunctions }), {
        onStart: ({ message }) => {
          ready = message as FunctionsReady;
        },
      })
      .catch(async (error: unknown) => {
        // Somebody may have been quicker to take the port; that says more than what was written about it.
        await requireFreePort(ports.http);
        throw error;
      });
    const eventSourcePart = await supervisor.start(
      () =>
        eventSource({
          RABBITMQ_URL: addresses.broker,
          LAMBDA_URL: `http://127.0.0.1:${ports.lambda}`,
          EVENT_SOURCE_MAPPINGS: JSON.stringify(ready.mappings),
          BATCH_WINDOW_MS: `${settings.batchWindowMs}`,
        }),
      { onMessage: (message) => isQueueGone(message) && lostQueues.onGone() },
    );
    await untilAborted(supervisor.track('what has to be told again', toldAgain), signal);
    relayPart = await supervisor.start(() => relay(env));
    relayStarted.resolve(relayPart);
    if (missingQueues.length > 0) onNotice(toDeclaredAgain(missingQueues, 'missing'));
    return {
      url: `http://127.0.0.1:${ports.http}`,
      addresses,
      servers: started,
      tablePrefix,
      dataDirectory: settings.dataDirectory,
      relay: relayPart,
      eventSource: eventSourcePart,
      functions: functionsPart,
      stop: supervisor.stop,
    };
  } catch (error) {
    failed.abort(error);
    await supervisor.stop();
    throw error;
  }
}
