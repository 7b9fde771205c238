// Way 4/7: relay: stored event -> message; at least once, in store order
import type { Publisher } from '../broker/publisher.ts';
import { publishedCategories } from '../broker/topology.ts';
import { backoffMs } from '../kernel/backoff.ts';
import type { Clock } from '../kernel/clock.ts';
import { isFault } from '../kernel/fault.ts';
import type { Logger } from '../observe/logger.ts';
import type { AllItem, EventStore } from '../store/eventStore.ts';
import type { Checkpoint } from './checkpoint.ts';
import { toMessage } from './toMessage.ts';
import { createWindow, type Window } from './window.ts';

export interface RelayDeps {
  readonly store: Pick<EventStore, 'readAll'>;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly checkpoint: Checkpoint;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface RelayOptions {
  /** Most messages that wait for a confirm at a time; it bounds the relay's memory, whatever the backlog. */
  readonly windowSize: number;
  /** Least time between two writes of the checkpoint. */
  readonly checkpointMs: number;
}

const defaults: RelayOptions = { windowSize: 1_000, checkpointMs: 250 };

const retry = { baseMs: 200, maxMs: 10_000 } as const;

/**
 * Publishes every event of the published categories, in store order, from the checkpoint on, until `signal` aborts: then
 * nothing more is read, what is under way is waited for, and the checkpoint is written. After any failure it starts again
 * from the checkpoint, so an event may be published twice, and none is left out.
 */
export async function runRelay(
  deps: RelayDeps,
  signal: AbortSignal,
  options: Partial<RelayOptions> = {},
): Promise<void> {
  const { clock, logger } = deps;
  for (let failures = 0; !signal.aborted; ) {
    const started = clock.elapsedMs();
    try {
      await relayFromCheckpoint(deps, signal, { ...defaults, ...options });
    } catch (error) {
      // A run that went well for longer than the longest pause was a good one.
      failures = clock.elapsedMs() - started > retry.maxMs ? 1 : failures + 1;
      const pauseMs = backoffMs(failures, retry);
      logger.error('relay starts again from its checkpoint', error, {
        code: isFault(error) ? error.code : 'defect',
        failures,
        pauseMs,
      });
      await clock.sleep(pauseMs, signal);
    }
  }
}

/** One run: ends when told to, or throws the first failure of reading, publishing or checkpointing. */
async function relayFromCheckpoint(deps: RelayDeps, signal: AbortSignal, options: RelayOptions): Promise<void> {
  const { store, checkpoint, logger } = deps;
  const after = await checkpoint.load();
  const failed = new AbortController();
  const ended = AbortSignal.any([signal, failed.signal]);
  const window = createWindow(options.windowSize);
  const fail = (error: unknown): void => {
    failed.abort(error);
    window.abandon();
  };
  logger.info('relay started', { position: after?.commit ?? 0n });

  const saving = saveCheckpoints(deps, window, ended, options.checkpointMs).catch(fail);
  try {
    const source = { categories: publishedCategories, signal: ended, ...(after && { after }) };
    for await (const item of store.readAll(source)) {
      if (item.kind === 'caught-up') logger.info('relay caught up');
      else await pass(deps, window, item, fail, ended);
      if (ended.aborted) break;
    }
  } catch (error) {
    fail(error);
  }
  await window.empty();
  await saving;
  if (failed.signal.aborted) throw failed.signal.reason;
  logger.info('relay stopped', { position: window.confirmed?.commit });
}

/** Takes a place in the window, when there is one, and publishes without waiting for the confirm. */
async function pass(
  { publisher, clock, logger }: RelayDeps,
  window: Window,
  item: Exclude<AllItem, { kind: 'caught-up' }>,
  fail: (error: unknown) => void,
  ended: AbortSignal,
): Promise<void> {
  await window.room();
  if (ended.aborted) return;
  const done = window.enter(item.position);
  if (item.kind === 'checkpoint') return done();
  if (item.kind === 'malformed') {
    // It stays in the store for a person to look at; the line does not stand still for it.
    const { stream, revision, reason } = item;
    logger.error('malformed event is not published', reason, { code: 'store/malformed-event', stream, revision });
    return done();
  }

  const { event, position } = item;
  const started = clock.elapsedMs();
  publisher.publish(toMessage(event, position)).then(() => {
    done();
    const { correlationId, causationId } = event.metadata;
    const { id: eventId, type, stream, revision } = event;
    const durationMs = Math.round((clock.elapsedMs() - started) * 1_000) / 1_000;
    logger.info('event published', { type, eventId, correlationId, causationId, stream, revision, durationMs });
  }, fail);
}

/** Writes the checkpoint while it moves, and once more when all that was under way is confirmed. */
async function saveCheckpoints(
  { checkpoint, clock }: RelayDeps,
  window: Window,
  ended: AbortSignal,
  everyMs: number,
): Promise<void> {
  let saved = window.confirmed;
  const save = async (): Promise<void> => {
    const { confirmed } = window;
    if (confirmed === undefined || confirmed === saved) return;
    await checkpoint.save(confirmed);
    saved = confirmed;
  };
  while (!ended.aborted) {
    await clock.sleep(everyMs, ended);
    await save();
  }
  await window.empty();
  await save();
}
