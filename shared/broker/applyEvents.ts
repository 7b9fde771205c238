import { durationSince } from '../kernel/clock.ts';
import { Fault, isFault } from '../kernel/fault.ts';
import { withLogFields } from '../observe/correlation.ts';
import type { StoredEvent } from '../store/eventStore.ts';
import { type Consumer, Postponed } from './consumer.ts';
import type { Seen } from './cursors.ts';
import { eventsAfter, isHistory } from './eventsAfter.ts';
import { handBack } from './handBack.ts';
import { lookAgain, maxLooks, settleUnreachable } from './lookAgain.ts';
import { postpone } from './postpone.ts';
import { delayOfAtLeast } from './retryDelays.ts';
import { newCursor, newRun, type Run, type RunTerms, viewOf } from './run.ts';
import { claimRow, endClaim, readClaim, takeBackClaim, toClaim } from './runClaims.ts';
import { settleFailure } from './settleFailure.ts';
import { type StreamNews, withSetAside } from './streamNews.ts';
import { withinTime } from './timeLeft.ts';
import { waitOut } from './waitOut.ts';

/** After so many events a long run writes how far it has come, so that a run that is cut off has not been for nothing. */
const progressEvery = 100n;

/** Runs in a row that began and never ended, after which the next is not begun: the event kills whoever takes it up. */
const maxBegun = 3;

/** How soon one looks again at a stream that somebody else has claimed. */
const lookAgainMs = 5_000;

/**
 * One run over a stream: from the row to the newest event that its news names, or to the stream's end after a retry.
 * True when what came of it is written; false when another run has changed the row meanwhile.
 */
export async function applyEvents<View>(
  consumer: Consumer<View>,
  news: StreamNews,
  seen: Seen<View>,
  terms: RunTerms,
): Promise<boolean> {
  const { begunBefore, heldForMs } = readClaim(consumer, seen);
  if (heldForMs > 0) {
    await handBack(consumer, news, 'claimed by another run', delayOfAtLeast(Math.min(heldForMs, lookAgainMs)));
    return true;
  }
  const run = newRun(news.stream, seen, begunBefore, consumer.clock.elapsedMs());
  if (begunBefore >= maxBegun) {
    run.current = news.carried.get(run.revision + 1n);
    const fault = new Fault('consumer/unended', `${begunBefore} attempts in a row began and never ended`);
    return settleFailure(consumer, news, seen, run, fault);
  }
  try {
    const mustClaim = news.isRedelivered || seen?.claim !== undefined;
    if (mustClaim && !(await claimRow(consumer, run, terms))) return false;
    const isWritten = await toItsEnd(consumer, news, seen, run, terms);
    consumer.outages.end(news.stream);
    return isWritten;
  } catch (error) {
    if (consumer.outages.meet(news.stream, error, consumer.clock.elapsedMs())) {
      const isWritten = await waitOut(consumer, news, seen, run, error).catch(() => undefined);
      if (isWritten !== undefined) return isWritten;
    }
    // The process lives, and whoever gets the batch next must not take it for dead. Where the tables are down, it alone knows.
    const isOfTables = isFault(error) && error.code === 'table/unavailable';
    if (!isOfTables) await takeBackClaim(consumer, run).catch(() => undefined);
    throw error;
  } finally {
    if (run.owner) consumer.active.delete(run.owner);
  }
}

async function toItsEnd<View>(
  consumer: Consumer<View>,
  news: StreamNews,
  seen: Seen<View>,
  run: Run<View>,
  terms: RunTerms,
): Promise<boolean> {
  const { time } = terms;
  const { cursors, options } = consumer;
  const { stream } = news;
  const before = run.revision;
  let handled = 0;
  let isCut = false;
  try {
    for await (const event of eventsAfter(consumer, news, seen)) {
      isCut = !time.canBegin();
      if (isCut) break;
      run.current = event;
      if (isHistory(consumer, event) || options.handles?.includes(event.type) === false) {
        run.revision = event.revision;
        logEvent(consumer, 'event skipped', event);
      } else {
        const isClaimed = options.isOutside || run.owner !== undefined;
        if (isClaimed && !(await isReadyForNext())) return false;
        const tooEarly = await handle(consumer, run, event, time.limitMs);
        if (tooEarly) return await postpone(consumer, news, seen, run, tooEarly.dueAt);
        handled += 1;
      }
      const written = run.seen?.revision ?? -1n;
      if (run.revision - written >= progressEvery && !(await progress())) return false;
    }
  } catch (error) {
    if (isFault(error) && error.isOutage) throw error;
    return settleFailure(consumer, news, seen, run, error);
  }
  const known = withSetAside(news, seen);
  if (isCut) {
    await handBack(consumer, known, 'no time left');
    if (run.revision === before) {
      await takeBackClaim(consumer, run);
      return true;
    }
    // It goes on later: what waits still waits, with what was set aside.
    return cursors.progress(stream, run.seen, { to: run.revision, ...viewOf(run), ...endClaim(consumer, run) });
  }
  if (run.revision < known.head) {
    if (known.look < maxLooks) return lookAgain(consumer, news, seen, run);
    await settleUnreachable(consumer, known, run.revision);
  }
  const isAsBefore = run.revision === before && (seen?.status ?? 'ready') === 'ready' && run.owner === undefined;
  return isAsBefore || cursors.advance(stream, run.seen, { to: run.revision, ...viewOf(run) });

  /** The row is claimed, and what came before is written: should the process die now, it is known of which event. */
  function isReadyForNext(): Promise<boolean> | boolean {
    if (run.owner === undefined) return claimRow(consumer, run, terms);
    return handled === 0 || progress();
  }

  async function progress(): Promise<boolean> {
    const { owner, revision: to } = run;
    const longer = owner === undefined ? {} : { claim: toClaim(consumer, owner, run, terms) };
    const isMine = await cursors.progress(stream, run.seen, { to, ...viewOf(run), ...longer });
    run.seen = { ...(run.seen ?? newCursor(stream)), revision: to, attempts: 0, ...viewOf(run), ...longer };
    return isMine;
  }
}

/** Answers what the handler says when it is too early for the event; the run is behind the event otherwise. */
async function handle<View>(
  consumer: Consumer<View>,
  run: Run<View>,
  event: StoredEvent,
  limitMs: number,
): Promise<Postponed | undefined> {
  const { clock, handler } = consumer;
  const { correlationId, causationId } = event.metadata;
  run.startedMs = clock.elapsedMs();
  const answer = await withLogFields({ eventId: event.id, correlationId, causationId }, () =>
    withinTime(clock, limitMs, (context) => handler(run.view, event, context)),
  );
  if (answer instanceof Postponed) return answer;
  run.view = answer;
  run.revision = event.revision;
  run.begunBefore = 0;
  logEvent(consumer, 'event handled', event, durationSince(clock, run.startedMs));
  return undefined;
}

function logEvent<View>(
  { logger, consumer }: Consumer<View>,
  message: 'event handled' | 'event skipped',
  { id: eventId, type, stream, revision, metadata: { correlationId, causationId } }: StoredEvent,
  durationMs?: number,
): void {
  const fields = { consumer, type, eventId, correlationId, causationId, stream, revision };
  if (durationMs === undefined) logger.debug(message, fields);
  else logger.info(message, { ...fields, durationMs });
}
