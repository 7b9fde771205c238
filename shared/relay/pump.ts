import type { OutgoingMessage, Sender } from '../broker/publisher.ts';
import { durationSince } from '../kernel/clock.ts';
import { untilAborted } from '../kernel/untilAborted.ts';
import type { AllItem, Position, StoredEvent } from '../store/eventStore.ts';
import { forgive } from './lag.ts';
import type { RelayDeps, RelayOptions } from './relayDeps.ts';
import type { RelayStatus } from './status.ts';
import { isPublishable, toMalformedHint, toMessage } from './toMessage.ts';
import { createWindow, type Window } from './window.ts';

/** One run of reading and publishing. */
export interface Pump {
  readonly window: Window;
  /** Resolves when it was told to end and all that was under way is confirmed; rejects with the first failure. */
  readonly ended: Promise<void>;
}

interface PlaceInStore {
  readonly stream: string;
  readonly revision: bigint;
  readonly position: Position;
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
  status.window = window;
  status.read = undefined;
  status.isCaughtUp = false;
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

/** Waits while the broker or the socket takes nothing; undefined when `signal` aborts meanwhile. */
export async function whenFree(
  { publisher, clock }: RelayDeps,
  status: RelayStatus,
  signal: AbortSignal,
): Promise<Sender | undefined> {
  status.pausedSinceMs = clock.elapsedMs();
  try {
    return await untilAborted(publisher.ready(), signal);
  } finally {
    status.pausedSinceMs = undefined;
  }
}

/** Waits for what is under way, but not for a broker that may take nothing for hours. */
async function drain(clock: RelayDeps['clock'], window: Window, drainMs: number): Promise<void> {
  const done = new AbortController();
  await Promise.race([window.empty(), clock.sleep(drainMs, done.signal)]);
  done.abort();
}

async function readAndSend(
  deps: RelayDeps,
  { after, signal, mayPublish }: Source,
  window: Window,
  status: RelayStatus,
  failed: AbortSignal,
  fail: (error: unknown) => void,
): Promise<void> {
  const { store, lease, clock, logger } = deps;
  const ended = AbortSignal.any([signal, failed]);
  // Asked before each message, and a signal of several is slow to say.
  let isTold = ended.aborted;
  ended.addEventListener('abort', () => {
    isTold = true;
  });
  const isOver = (): boolean => isTold || !mayPublish();

  let sender = await whenFree(deps, status, ended);
  status.heardMs = clock.elapsedMs();
  const batches = store.readAll({ categories: lease.categories, signal: ended, ...(after && { after }) });
  for await (const batch of batches) {
    let isEnough = false;
    for (const item of batch) {
      if (window.isFull) await untilAborted(window.room(), ended);
      if (isOver() || sender === undefined) return;
      if (!send(item, sender)) isEnough = true;
    }
    // After the batch, not within it: what is read is in memory either way, and each wait costs a turn of the event loop.
    if (isEnough) sender = await whenFree(deps, status, ended);
    // Now, and not when it came: while it was dealt with nothing was asked for.
    status.heardMs = clock.elapsedMs();
  }

  /** False: enough for now. */
  function send(item: AllItem, to: Sender): boolean {
    switch (item.kind) {
      case 'caught-up':
        status.isCaughtUp = true;
        forgive(status);
        logger.info('relay caught up');
        return true;
      case 'checkpoint':
        window.pass(item.position);
        noteProgress();
        return true;
      case 'malformed':
        return sendHint(item, item.reason, to);
      case 'event': {
        const { event, position } = item;
        const message = toMessage(event, position);
        if (!isPublishable(message)) return sendHint({ ...event, position }, 'too long for a message', to);
        // A window full of events would be held on to for the sake of lines that nobody writes.
        const log = logger.isDebug ? toLog(event) : undefined;
        return publish(message, position, event.metadata.occurredAt, to, log);
      }
    }
  }

  /** What can't be told whole is told as a hint: each consumer finds it in the store, and blocks and dead-letters that stream. */
  function sendHint({ stream, revision, position }: PlaceInStore, reason: string, to: Sender): boolean {
    status.malformed += 1;
    status.lastMalformed = { stream: stream.slice(0, 200), revision: String(revision), reason: reason.slice(0, 300) };
    const where = { code: 'store/malformed-event', stream, revision };
    const hint = toMalformedHint(stream, revision, clock.now());
    if (isPublishable(hint)) {
      logger.error('malformed event is published as a hint', reason, where);
      return publish(hint, position, undefined, to, undefined);
    }
    logger.error('event is skipped: its stream has a name that no message and no cursor can hold', reason, where);
    window.pass(position);
    noteProgress();
    return true;
  }

  function publish(
    message: OutgoingMessage,
    position: Position,
    occurredAt: string | undefined,
    to: Sender,
    log: (() => void) | undefined,
  ): boolean {
    status.read = { position, events: (status.read?.events ?? 0) + 1, from: after };
    const done = window.enter(position, message.body.length, occurredAt);
    return to.send(message, (fault) => {
      if (fault) return fail(fault);
      done();
      status.published += 1;
      noteProgress();
      log?.();
    });
  }

  /** The line that says that it is published, to be written when it is. */
  function toLog({ id: eventId, type, stream, revision, metadata }: StoredEvent): () => void {
    const { correlationId, causationId } = metadata;
    const startedMs = clock.elapsedMs();
    return () => {
      const durationMs = durationSince(clock, startedMs);
      logger.debug('event published', { type, eventId, correlationId, causationId, stream, revision, durationMs });
    };
  }

  /** That confirms come is no progress while the oldest is missing: behind one that fails for ever the others pass again and again. */
  function noteProgress(): void {
    // Late confirms of a run that has failed must not take back what the next one has reached.
    if (status.window !== window || window.confirmed === undefined || window.confirmed === status.confirmed) return;
    status.confirmed = window.confirmed;
    status.failures = 0;
    status.lastProgressMs = clock.elapsedMs();
  }
}
