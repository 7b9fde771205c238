import type { FunctionsReady } from '../eventSource/plugin.ts';
import { bundleFunctions } from './bundleFunctions.ts';
import { findFreePort, requireFreePort } from './ports.ts';
import { eventSource, functions, relay } from './programs.ts';
import type { RestartablePart } from './restartable.ts';
import type { Settings } from './settings.ts';
import { type Addresses, startServers, toEnvironment } from './startServers.ts';
import { createSupervisor, type SupervisorOptions } from './supervisor.ts';

export type StackOptions = Partial<SupervisorOptions> & { readonly settings: Settings };

/** The whole system, running. */
export interface Stack {
  /** Of the HTTP API. */
  readonly url: string;
  readonly addresses: Addresses;
  readonly tablePrefix: string;
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
export async function startStack({ settings, ...options }: StackOptions): Promise<Stack> {
  const failed = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failed.signal]) : failed.signal;
  const supervisor = createSupervisor({
    onLine: options.onLine,
    onProgress: options.onProgress,
    onUnexpectedEnd: options.onUnexpectedEnd,
    signal,
  });
  try {
    if (settings.httpPort !== 0) await requireFreePort(settings.httpPort);
    const [bundles, addresses, freeHttpPort, lambdaPort] = await Promise.all([
      supervisor.track('bundles', bundleFunctions(signal)),
      startServers(settings, supervisor),
      findFreePort(),
      findFreePort(),
    ]);
    supervisor.onStop(bundles.remove);

    const { tablePrefix } = settings;
    const ports = { http: settings.httpPort || freeHttpPort, lambda: lambdaPort };
    const env = toEnvironment(addresses, tablePrefix);
    let ready: FunctionsReady = { mappings: [] };
    const functionsPart = await supervisor.startRestartable(
      functions(ports, tablePrefix, { ...env, FUNCTIONS_LOCATION: bundles.location }),
      ({ message }) => {
        ready = message as FunctionsReady;
      },
    );
    const eventSourcePart = await supervisor.startRestartable(
      eventSource({
        RABBITMQ_URL: addresses.broker,
        LAMBDA_URL: `http://127.0.0.1:${ports.lambda}`,
        EVENT_SOURCE_MAPPINGS: JSON.stringify(ready.mappings),
        BATCH_WINDOW_MS: `${settings.batchWindowMs}`,
      }),
    );
    const relayPart = await supervisor.startRestartable(relay(env));
    return {
      url: `http://127.0.0.1:${ports.http}`,
      addresses,
      tablePrefix,
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
