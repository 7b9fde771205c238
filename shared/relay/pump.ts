import type { OutgoingMessage, Sender } from '../broker/publisher.ts';
import { publishedCategories } from '../broker/topology.ts';
import { untilAborted } from '../kernel/untilAborted.ts';
import type { AllItem, Position } from '../store/eventStore.ts';
import type { RelayDeps, RelayOptions } from './relayDeps.ts';
import type { RelayStatus } from './status.ts';
import { toMalformedHint, toMessage } from './toMessage.ts';
import { createWindow, type Window } from './window.ts';

/** AMQP's limit for routing keys and types. */
const maxKeyBytes = 255;

/** One run of reading and publishing. */
export interface Pump {
  readonly window: Window;
  /** Resolves when it was told to end and all that was under way is confirmed; rejects with the first failure. */
  readonly ended: Promise<void>;
}

interface Source {
  readonly after: Position | undefined;
  /** Told to end: nothing more is read or sent, what is under way is waited for. */
  readonly signal: AbortSignal;
  /** Whether it may send; asked before each message. */
  readonly mayPublish: () => boolean;
}

/**
 * Reads from `after` on and publishes without waiting for a confirm while the window has room. Reading stops while the
 * window is full, the socket is full or the broker takes nothing, so memory is bounded by the window.
 */
export function startPump(deps: RelayDeps, source: Source, options: RelayOptions, status: RelayStatus): Pump {
  const window = createWindow({ size: options.windowSize, maxBytes: options.windowBytes });
  const failed = new AbortController();
  const fail = (error: unknown): void => {
    failed.abort(error);
    window.abandon();
  };
  const ended = readAndSend(deps, source, window, status, failed.signal, fail)
    .catch(fail)
    .then(() => drain(deps.clock, window, options.drainMs))
    .then(() => failed.signal.throwIfAborted());
  return { window, ended };
}

/** Waits for what is under way, but not for a broker that may take nothing for hours. */
async function drain(clock: RelayDeps['clock'], window: Window, drainMs: number): Promise<void> {
  const done = new AbortController();
  await Promise.race([window.empty(), clock.sleep(drainMs, done.signal)]);
  done.abort();
}

async function readAndSend(
  { store, publisher, clock, logger }: RelayDeps,
  { after, signal, mayPublish }: Source,
  window: Window,
  status: RelayStatus,
  failed: AbortSignal,
  fail: (error: unknown) => void,
): Promise<void> {
  const ended = AbortSignal.any([signal, failed]);
  const isOver = (): boolean => ended.aborted || !mayPublish();

  let sender = await untilAborted(publisher.ready(), ended);
  const batches = store.readAll({ categories: publishedCategories, signal: ended, ...(after && { after }) });
  for await (const batch of batches) {
    for (const item of batch) {
      if (window.isFull) await untilAborted(window.room(), ended);
      if (isOver() || sender === undefined) return;
      if (send(item, sender)) continue;
      status.isPaused = true;
      sender = await untilAborted(publisher.ready(), ended);
      status.isPaused = false;
    }
  }

  /** False: enough for now. */
  function send(item: AllItem, to: Sender): boolean {
    switch (item.kind) {
      case 'caught-up':
        status.isCaughtUp = true;
        status.failures = 0;
        logger.info('relay caught up');
        return true;
      case 'checkpoint':
        window.pass(item.position);
        return true;
      case 'malformed': {
        // Told as a hint: each consumer finds it in the store, and blocks and dead-letters that stream by itself.
        const { stream, revision, reason, position } = item;
        status.malformed += 1;
        logger.error('malformed event is published as a hint', reason, {
          code: 'store/malformed-event',
          stream,
          revision,
        });
        return publish(toMalformedHint(stream, revision, clock.now()), position, to, () => undefined);
      }
      case 'event': {
        const { event, position } = item;
        const startedMs = clock.elapsedMs();
        const whole = toMessage(event, position);
        // A type too long for a routing key is nobody's of ours, but its place in the stream is news all the same.
        const isTooLong = Buffer.byteLength(whole.routingKey) > maxKeyBytes;
        const message = isTooLong ? toMalformedHint(event.stream, event.revision, clock.now()) : whole;
        return publish(message, position, to, () => {
          status.lastOccurredAt = event.metadata.occurredAt;
          const { correlationId, causationId } = event.metadata;
          const { id: eventId, type, stream, revision } = event;
          const durationMs = Math.round((clock.elapsedMs() - startedMs) * 1_000) / 1_000;
          logger.debug('event published', { type, eventId, correlationId, causationId, stream, revision, durationMs });
        });
      }
    }
  }

  function publish(message: OutgoingMessage, position: Position, to: Sender, confirmed: () => void): boolean {
    const done = window.enter(position, message.body.length);
    return to.send(message, (fault) => {
      if (fault) return fail(fault);
      done();
      status.published += 1;
      status.failures = 0;
      status.lastConfirmedMs = clock.elapsedMs();
      confirmed();
    });
  }
}
