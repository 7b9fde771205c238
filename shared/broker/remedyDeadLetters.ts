import { type RemedyCommand, remedyDecider, remedyEvents, remedyStream } from '../domain/operations/index.ts';
import type { Clock } from '../kernel/clock.ts';
import { toCommandId } from '../kernel/ids.ts';
import type { Logger } from '../observe/logger.ts';
import type { EventStore } from '../store/eventStore.ts';
import { handleCommand } from '../store/handleCommand.ts';
import type { StreamRemedies } from './cursors.ts';
import type { BlockedStream, DeadLetter } from './deadLetter.ts';
import { toRetryHint } from './deadLetters.ts';
import { type DeadLetterSources, listDeadLetters, type Selection } from './listDeadLetters.ts';
import type { Publisher } from './publisher.ts';
import { settledAtOnce, settleMessages } from './settleMessages.ts';

export interface RemedyDeps extends DeadLetterSources {
  readonly tables: Readonly<Record<string, DeadLetterSources['tables'][string] & StreamRemedies>>;
  readonly store: Pick<EventStore, 'read' | 'append'>;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is to be done about dead letters, by whom. */
export type Remedy =
  | { readonly kind: 'redrive'; readonly by: string }
  | { readonly kind: 'discard'; readonly by: string; readonly reason: string };

export interface RemedyOptions {
  /** Says what would happen; nothing does. */
  readonly isDryRun: boolean;
  /** At most so many a second. */
  readonly ratePerSecond: number;
  readonly correlationId: string;
  /** How long it goes on, looking for them included; what is left then remains. */
  readonly budgetMs: number;
}

/**
 * What has become of a dead letter. `done`: by this call. `already`: somebody was faster, or it is no dead letter any
 * more. `remedied-otherwise`: it was discarded before it could be redriven, or the other way round. `would-be-done`: in a
 * dry run. `remaining`: no time was left, or somebody else had it in hand; the same call again goes on.
 */
export type RemedyOutcome = 'done' | 'already' | 'remedied-otherwise' | 'would-be-done' | 'remaining';

export interface Remedied {
  readonly letter: DeadLetter;
  readonly outcome: RemedyOutcome;
}

export interface Remedies {
  readonly remedied: readonly Remedied[];
  /** There is more to do, and the same call does some of it, with `failedBefore`: or what it has brought back would count as well. */
  readonly again: boolean;
  /** When the first of such calls began; ISO 8601. */
  readonly failedBefore: string;
}

const aggregate = { decider: remedyDecider, events: remedyEvents } as const;

/**
 * Redrives or discards what is selected, the oldest first. A redriven stream goes on from its cursor to its newest event,
 * in order; a discarded event counts as applied, and its stream goes on after it. Each is first recorded in the event
 * store with who did it, then done, then removed from the queue: after a crash in between, the same call again completes
 * it, and twice is once. However long it takes to find them, one at least is done.
 *
 * @throws Fault table/unavailable, store/unavailable, and as DeadLetterQueue.look: what was done until then is done
 */
export async function remedyDeadLetters(
  deps: RemedyDeps,
  selection: Selection,
  remedy: Remedy,
  { isDryRun, ratePerSecond, correlationId, budgetMs }: RemedyOptions,
): Promise<Remedies> {
  const { clock, logger } = deps;
  const endMs = clock.elapsedMs() + budgetMs;
  const failedBefore = selection.failedBefore ?? clock.now().toISOString();
  const { letters, isComplete, queueFault } = await listDeadLetters(deps, selection);
  // A message that is meant may lie where nobody can look.
  if (queueFault) throw queueFault;
  if (isDryRun)
    return { remedied: letters.map((letter) => ({ letter, outcome: 'would-be-done' })), again: false, failedBefore };
  const pauseMs = 1_000 / ratePerSecond;
  const remedied: Remedied[] = [];
  const conclude = (letter: DeadLetter, outcome: RemedyOutcome): void => {
    const { id, consumer, cause } = letter;
    logger.info('dead letter', { id, consumer, cause, remedy: remedy.kind, by: remedy.by, outcome, correlationId });
    remedied.push({ letter, outcome });
  };
  let begun = 0;
  for (const batch of toBatches(letters, Math.min(settledAtOnce, ratePerSecond))) {
    const recorded: DeadLetter[] = [];
    for (const letter of batch) {
      const isTime = begun === 0 || clock.elapsedMs() + pauseMs <= endMs;
      if (!isTime) {
        remedied.push({ letter, outcome: 'remaining' });
        continue;
      }
      if (begun > 0) await clock.sleep(pauseMs);
      begun += 1;
      if (await record(deps, letter, remedy, correlationId)) recorded.push(letter);
      else conclude(letter, 'remedied-otherwise');
    }
    const streams = recorded.filter((letter) => letter.kind === 'stream');
    const messages = recorded.filter((letter) => letter.kind === 'message');
    for (const letter of streams) conclude(letter, (await lift(deps, letter, remedy.kind)) ? 'done' : 'already');
    if (messages.length === 0) continue;
    const settled = await settleMessages(deps, messages, remedy.kind);
    // It was listed a moment ago: somebody may be looking at it now, as the sweep does each minute.
    for (const letter of messages) conclude(letter, settled.has(letter) ? 'done' : 'remaining');
  }
  const has = (...outcomes: readonly RemedyOutcome[]) => remedied.some(({ outcome }) => outcomes.includes(outcome));
  return { remedied, again: (has('remaining') || !isComplete) && has('done', 'already'), failedBefore };
}

/** Streams by themselves; messages of one consumer that follow each other together, since each look goes through the whole queue. */
function toBatches(letters: readonly DeadLetter[], max: number): readonly (readonly DeadLetter[])[] {
  const batches: DeadLetter[][] = [];
  for (const letter of letters) {
    const batch = batches.at(-1);
    const [first] = batch ?? [];
    const isAlike = letter.kind === 'message' && first?.kind === 'message' && first.consumer === letter.consumer;
    if (batch && isAlike && batch.length + 1 <= max) batch.push(letter);
    else batches.push([letter]);
  }
  return batches;
}

/** False when the record says that it was remedied otherwise. */
async function record(
  { store, clock }: RemedyDeps,
  letter: DeadLetter,
  remedy: Remedy,
  correlationId: string,
): Promise<boolean> {
  const { id: deadLetterId, consumer, cause, lastFailedAt: failedAt } = letter;
  const data = { consumer, deadLetterId, failedAt, cause, by: remedy.by };
  const command: RemedyCommand =
    remedy.kind === 'redrive'
      ? { type: 'RedriveDeadLetter', ...data }
      : { type: 'DiscardDeadLetter', ...data, reason: remedy.reason };
  const result = await handleCommand({ store, clock }, aggregate, remedyStream(deadLetterId), command, {
    id: toCommandId(command.type, deadLetterId, failedAt),
    actor: 'operator',
    correlationId,
  });
  return result.outcome !== 'rejected';
}

/** Should the hint be lost, the sweep finds the stream waiting. */
async function lift(deps: RemedyDeps, letter: BlockedStream, kind: Remedy['kind']): Promise<boolean> {
  const { tables, publisher, clock } = deps;
  const { consumer, stream, head, revision, block } = letter;
  const isLifted = (await tables[consumer]?.[kind](stream, block, clock.now())) ?? false;
  if (!isLifted) return false;
  const hint = { stream, revision: head > revision ? head : revision, attempt: 0 };
  await publisher.publish(toRetryHint(consumer, hint, 0, clock.now()));
  return true;
}
