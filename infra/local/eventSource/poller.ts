import type { ConsumeMessage } from 'amqplib';
import { type BackoffOptions, backoffMs } from '../../../shared/kernel/backoff.ts';
import { type OpenQueue, openQueue } from './amqpQueue.ts';
import { type BatchLimits, decideBatch, fitsPayload, type Waiting } from './batcher.ts';
import { friendly, type Hostility } from './hostility.ts';
import type { InvocationOutcome, InvokeFunction } from './invokeFunction.ts';
import { type LambdaMessage, toLambdaEvent, toLambdaMessage } from './toLambdaEvent.ts';
import { createWakeup } from './wakeup.ts';

export interface PollerOptions extends BatchLimits {
  readonly functionName: string;
  readonly queue: string;
  readonly virtualHost: string;
  readonly brokerUrl: string;
  /** Between invocations while they fail. */
  readonly backoff: BackoffOptions;
  readonly invoke: InvokeFunction;
  readonly report: Report;
  /** The queue is not there. Once, and again only after it was, or after the broker could not be asked. */
  readonly onGone?: ((queue: string) => void) | undefined;
  /** What it does to its batches; nothing unless given. */
  readonly hostility?: Hostility<LambdaMessage>;
}

/** One line a person can act on; with an error, nothing is handed out until it has passed. */
export type Report = (line: string, error?: unknown) => void;

/** `stop` resolves when the last invocation has ended and is settled; what was not handed out is back in its queue. */
export interface Poller {
  stop(): Promise<void>;
}

/** AMQP 0-9-1's reply code for what is not there. */
const notFound = 404;

const reconnectBackoff: BackoffOptions = { baseMs: 100, maxMs: 2_000 };

interface Received extends Waiting {
  readonly message: ConsumeMessage;
  readonly lambdaMessage: LambdaMessage;
}

/**
 * Feeds one function from one queue as Lambda's mapping does: one invocation at a time, acknowledged when the function
 * returns; when it throws or times out, the whole batch again, in order, after a pause.
 *
 * Guarantee: at least once. A message is acknowledged only after an invocation that carried it has succeeded.
 */
export function startPoller(options: PollerOptions): Poller {
  const { queue, functionName, report, hostility = friendly() } = options;
  const wakeup = createWakeup();
  let waiting: Received[] = [];
  let stopping = false;
  let failures = 0;
  let isGone = false;

  const pause = async (limits: BackoffOptions): Promise<void> => {
    failures += 1;
    const untilMs = performance.now() + backoffMs(failures, limits);
    for (let leftMs = untilMs - performance.now(); leftMs > 0 && !stopping; leftMs = untilMs - performance.now()) {
      await wakeup.wait(leftMs);
    }
  };

  const receive = (message: ConsumeMessage): Received => {
    const lambdaMessage = toLambdaMessage(message);
    const bytes = JSON.stringify(lambdaMessage).length + 1;
    return { message, lambdaMessage, bytes, receivedAtMs: performance.now() };
  };

  const open = (): Promise<OpenQueue> => {
    waiting = [];
    // Twice the batch: the next one gathers while this one is handled.
    return openQueue(
      { brokerUrl: options.brokerUrl, queue, prefetch: Math.min(2 * options.batchSize, 65_535) },
      {
        onMessage: (message) => {
          waiting.push(receive(message));
          wakeup.wake();
        },
        onLost: (reason) => {
          if (!stopping) report(`${queue}: lost the broker (${reason}); connecting again`);
          wakeup.wake();
        },
      },
    );
  };

  const handOut = async (source: OpenQueue, take: number): Promise<void> => {
    const picked = new Set(hostility.pick(waiting.length, take));
    const batch = waiting.filter((_, n) => picked.has(n));
    waiting = waiting.filter((_, n) => !picked.has(n));
    const messages = batch.map(({ lambdaMessage }) => lambdaMessage);
    const event = toLambdaEvent(queue, options.virtualHost, hostility.deliver(messages));
    const delayMs = hostility.delayMs();
    if (delayMs > 0) await wakeup.wait(delayMs);
    const result = await invoke(JSON.stringify(event));
    if (result.outcome === 'succeeded') {
      const acknowledged = batch.map(({ message }) => message);
      source.acknowledge(acknowledged, options.hostility === undefined);
      hostility.remember(messages.map((message) => ({ ...message, redelivered: true })));
      failures = 0;
      return;
    }
    report(`${queue}: a batch of ${batch.length} goes back: ${result.reason}`);
    // What came in behind the batch goes back too, so that the order of the queue is kept.
    source.returnAll();
    waiting = [];
    await pause(options.backoff);
  };

  const invoke = async (payload: string): Promise<InvocationOutcome> => {
    const lifeMs = hostility.lifeMs();
    const killed = lifeMs === undefined ? undefined : AbortSignal.timeout(lifeMs);
    const result = await options.invoke(functionName, payload, killed);
    return result.outcome === 'succeeded' && hostility.forgets()
      ? { outcome: 'failed', reason: 'taken for failed, in hostility' }
      : result;
  };

  const drain = async (source: OpenQueue): Promise<void> => {
    while (source.isOpen() && !stopping) {
      const [first] = waiting;
      if (first && !fitsPayload(first.bytes, options.maxBytes)) {
        report(`${queue}: a message of ${first.message.content.length} bytes is over Lambda's payload: dead-lettered`);
        waiting.shift();
        source.reject(first.message);
        continue;
      }
      const decision = decideBatch(waiting, options, performance.now());
      if (decision.due) await handOut(source, decision.take);
      else
        await wakeup.wait(
          decision.dueAtMs === undefined ? undefined : Math.max(0, decision.dueAtMs - performance.now()),
        );
    }
  };

  const run = async (): Promise<void> => {
    while (!stopping) {
      try {
        const source = await open();
        failures = 0;
        isGone = false;
        await drain(source);
        await source.close();
      } catch (error) {
        report(`${queue}: cannot consume: ${error instanceof Error ? error.message : String(error)}`, error);
        const wasGone = isGone;
        isGone = error instanceof Error && 'code' in error && error.code === notFound;
        if (isGone && !wasGone) options.onGone?.(queue);
      }
      if (!stopping) await pause(reconnectBackoff);
    }
  };

  const running = run();
  return {
    stop: () => {
      stopping = true;
      wakeup.wake();
      return running;
    },
  };
}
