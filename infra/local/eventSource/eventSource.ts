import type { BackoffOptions } from '../../../shared/kernel/backoff.ts';
import type { RunningServer } from '../program.ts';
import { maxPayloadBytes } from './batcher.ts';
import { createHostility, type Odds } from './hostility.ts';
import { createInvokeFunction, type InvokeFunction } from './invokeFunction.ts';
import type { EventSourceMapping } from './mapping.ts';
import { type Report, startPoller } from './poller.ts';

export interface EventSourceOptions {
  readonly mappings: readonly EventSourceMapping[];
  readonly brokerUrl: string;
  /** Where functions are invoked: serverless-offline's Lambda endpoint. */
  readonly lambdaUrl: string;
  /** Cuts every mapping's window to this, so that a laptop does not wait as long as a bill would. */
  readonly maxWindowMs?: number;
  readonly backoff?: BackoffOptions;
  readonly report?: Report;
  /** A queue is not there: once each time it disappears. */
  readonly onGone?: (queue: string) => void;
  /** Duplicates, another order, delays, parts of batches, killed invocations. The same seed, the same run. */
  readonly hostile?: { readonly seed: number; readonly odds?: Odds };
  /** Instead of the functions behind `lambdaUrl`. */
  readonly invoke?: InvokeFunction;
}

/** Seen of Lambda's poller: 6 to 48 invocations in a minute while one batch keeps failing. */
const lambdaBackoff: BackoffOptions = { baseMs: 250, maxMs: 10_000 };

/**
 * Feeds every mapping's function from its queue. It needs neither the broker nor the functions to be there yet: it
 * keeps trying for both. `url` is the broker's, without its credentials.
 */
export function startEventSource(options: EventSourceOptions): RunningServer {
  const { maxWindowMs = Number.POSITIVE_INFINITY, backoff = lambdaBackoff } = options;
  const { hostile, invoke = createInvokeFunction(options.lambdaUrl) } = options;
  const pollers = options.mappings.map((mapping, n) => {
    const brokerUrl = withVirtualHost(options.brokerUrl, mapping.virtualHost);
    return startPoller({
      ...mapping,
      virtualHost: toVirtualHost(brokerUrl),
      brokerUrl: brokerUrl.href,
      windowMs: Math.min(mapping.windowMs, maxWindowMs),
      maxBytes: maxPayloadBytes,
      backoff,
      invoke,
      report: options.report ?? ((line) => console.error(line)),
      onGone: options.onGone,
      ...(hostile && { hostility: createHostility(hostile.seed + n, hostile.odds) }),
    });
  });
  return {
    url: `amqp://${new URL(options.brokerUrl).host}`,
    stop: async () => {
      await Promise.all(pollers.map((poller) => poller.stop()));
    },
  };
}

function withVirtualHost(brokerUrl: string, virtualHost: string | undefined): URL {
  const url = new URL(brokerUrl);
  if (virtualHost !== undefined) url.pathname = `/${encodeURIComponent(virtualHost)}`;
  return url;
}

/** As amqplib reads it: no path is the default virtual host. */
const toVirtualHost = (url: URL): string => (url.pathname === '' ? '/' : decodeURIComponent(url.pathname.slice(1)));
