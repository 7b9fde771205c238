import type { Sender } from '../broker/publisher.ts';
import { publishedCategories } from '../broker/topology.ts';
import type { AllItem, Position } from '../store/eventStore.ts';
import type { RelayDeps, RelayOptions } from './relayDeps.ts';
import type { RelayStatus } from './status.ts';
import { toMessage } from './toMessage.ts';
import { createWindow, type Window } from './window.ts';

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
    .then(() => window.empty())
    .then(() => failed.signal.throwIfAborted());
  return { window, ended };
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
  const over = new Promise<'over'>((resolve) => ended.addEventListener('abort', () => resolve('over'), { once: true }));
  const isOver = (): boolean => ended.aborted || !mayPublish();

  let sender = await Promise.race([publisher.ready(), over]);
  const batches = store.readAll({ categories: publishedCategories, signal: ended, ...(after && { after }) });
  for await (const batch of batches) {
    for (const item of batch) {
      if (window.isFull) await window.room();
      if (isOver() || sender === 'over') return;
      if (send(item, sender)) continue;
      status.isPaused = true;
      sender = await Promise.race([publisher.ready(), over]);
      status.isPaused = false;
    }
  }

  /** False: enough for now. */
  function send(item: AllItem, to: Sender): boolean {
    switch (item.kind) {
      case 'caught-up':
        status.isCaughtUp = true;
        logger.info('relay caught up');
        return true;
      case 'checkpoint':
        window.pass(item.position);
        return true;
      case 'malformed': {
        // It stays in the store for a person to look at; the line does not stand still for it.
        const { stream, revision, reason, position } = item;
        status.malformed += 1;
        logger.error('malformed event is not published', reason, { code: 'store/malformed-event', stream, revision });
        window.pass(position);
        return true;
      }
      case 'event': {
        const { event, position } = item;
        const message = toMessage(event, position);
        const done = window.enter(position, message.body.length);
        const startedMs = clock.elapsedMs();
        return to.send(message, (fault) => {
          if (fault) return fail(fault);
          done();
          status.published += 1;
          status.failures = 0;
          status.lastConfirmedMs = clock.elapsedMs();
          status.lastOccurredAt = event.metadata.occurredAt;
          const { correlationId, causationId } = event.metadata;
          const { id: eventId, type, stream, revision } = event;
          const durationMs = Math.round((clock.elapsedMs() - startedMs) * 1_000) / 1_000;
          logger.debug('event published', { type, eventId, correlationId, causationId, stream, revision, durationMs });
        });
      }
    }
  }
}
