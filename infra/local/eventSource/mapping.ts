/**
 * One event source mapping: one queue feeds one function, one invocation at a time.
 * Limits and defaults as Lambda's for Amazon MQ (docs.aws.amazon.com/lambda/latest/dg/services-mq-params.html, 2026).
 */
export interface EventSourceMapping {
  /** The deployed name, as the invocation endpoint knows it. */
  readonly functionName: string;
  readonly queue: string;
  /** Undefined: the one that the broker's address names. */
  readonly virtualHost?: string;
  /** 1 to 10,000. */
  readonly batchSize: number;
  /** How long a batch that is not full waits for more, counted from its first message. */
  readonly windowMs: number;
}

/** A `rabbitmq` event of serverless.yml, resolved. `maximumBatchingWindow` is in seconds. */
export interface RabbitmqEvent {
  readonly queue: string;
  readonly virtualHost?: string;
  readonly batchSize?: number;
  readonly maximumBatchingWindow?: number;
  readonly enabled?: boolean;
}

const defaultBatchSize = 100;
/** Lambda's window when none is given; a window of 0 is not passed on by the framework, so it is this one too. */
const defaultWindowMs = 500;

/** The mapping that a `rabbitmq` event stands for, or undefined when it is switched off. */
export function toMapping(functionName: string, event: RabbitmqEvent): EventSourceMapping | undefined {
  if (event.enabled === false) return undefined;
  return {
    functionName,
    queue: event.queue,
    ...(event.virtualHost === undefined ? {} : { virtualHost: event.virtualHost }),
    batchSize: event.batchSize ?? defaultBatchSize,
    windowMs: event.maximumBatchingWindow ? event.maximumBatchingWindow * 1_000 : defaultWindowMs,
  };
}
