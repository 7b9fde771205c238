import { type RemedyCommand, remedyDecider, remedyEvents, remedyStream } from '../domain/operations/index.ts';
import type { Clock } from '../kernel/clock.ts';
import { toCommandId } from '../kernel/ids.ts';
import type { Logger } from '../observe/logger.ts';
import type { EventStore } from '../store/eventStore.ts';
import { handleCommand } from '../store/handleCommand.ts';
import type { StreamRemedies } from './cursors.ts';
import type { BlockedStream, DeadLetter, StrandedMessage } from './deadLetter.ts';
import { toRetryHint } from './deadLetters.ts';
import { type DeadLetterSources, listDeadLetters, maxLooked, type Selection } from './listDeadLetters.ts';
import { parseBody } from './message.ts';
import type { OutgoingMessage, Publisher } from './publisher.ts';
import { deadLetterQueue, partitionQueue } from './topology.ts';

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
  /** How long it goes on; what is left then remains. */
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

const aggregate = { decider: remedyDecider, events: remedyEvents } as const;

/**
 * Redrives or discards what is selected, the oldest first. A redriven stream goes on from its cursor to its newest event,
 * in order; a discarded event counts as applied, and its stream goes on after it. Each is first recorded in the event
 * store with who did it, then done, then removed from the queue: after a crash in between, the same call again completes
 * it, and twice is once.
 *
 * @throws Fault table/unavailable, broker/unavailable, store/unavailable: what was done until then is done
 */
export async function remedyDeadLetters(
  deps: RemedyDeps,
  selection: Selection,
  remedy: Remedy,
  { isDryRun, ratePerSecond, correlationId, budgetMs }: RemedyOptions,
): Promise<readonly Remedied[]> {
  const { letters } = await listDeadLetters(deps, selection);
  if (isDryRun) return letters.map((letter) => ({ letter, outcome: 'would-be-done' }));
  const endMs = deps.clock.elapsedMs() + budgetMs;
  const remedied: Remedied[] = [];
  for (const [n, letter] of letters.entries()) {
    if (deps.clock.elapsedMs() >= endMs) {
      remedied.push({ letter, outcome: 'remaining' });
      continue;
    }
    if (n > 0) await deps.clock.sleep(1_000 / ratePerSecond);
    const outcome = await remedyOne(deps, letter, remedy, correlationId);
    const { id, consumer, cause } = letter;
    deps.logger.info('dead letter', {
      id,
      consumer,
      cause,
      remedy: remedy.kind,
      by: remedy.by,
      outcome,
      correlationId,
    });
    remedied.push({ letter, outcome });
  }
  return remedied;
}

async function remedyOne(
  deps: RemedyDeps,
  letter: DeadLetter,
  remedy: Remedy,
  correlationId: string,
): Promise<RemedyOutcome> {
  const { store, clock } = deps;
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
  if (result.outcome === 'rejected') return 'remedied-otherwise';
  if (letter.kind === 'stream') return (await lift(deps, letter, remedy.kind)) ? 'done' : 'already';
  // It was listed a moment ago: somebody may be looking at it now, as the sweep does each minute.
  return (await settle(deps, letter, remedy.kind)) ? 'done' : 'remaining';
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

/** The message goes back to where it came from, unless it is discarded, and is no dead letter any more. */
async function settle(deps: RemedyDeps, letter: StrandedMessage, kind: Remedy['kind']): Promise<boolean> {
  const { queue, publisher, clock } = deps;
  let isFound = false;
  await queue.look(deadLetterQueue(letter.consumer), maxLooked, async (messages) => {
    const isIt = messages.map((message) => isSame(message, letter.message));
    isFound = isIt.includes(true);
    if (isFound && kind === 'redrive') await publisher.publish(toRedriven(letter, clock.now()));
    return isIt.map((it) => (it ? 'remove' : 'keep'));
  });
  return isFound;
}

const isSame = (a: StrandedMessage['message'], b: StrandedMessage['message']): boolean =>
  a.messageId === b.messageId && Buffer.compare(a.body, b.body) === 0;

/** As a hint, where it can be read: the store has the event. Otherwise as it came: it may be readable by now. */
function toRedriven({ consumer, message }: StrandedMessage, now: Date): OutgoingMessage {
  try {
    return toRetryHint(consumer, { ...parseBody(message.body), attempt: 0, look: 0 }, 0, now);
  } catch {
    const { messageId = '', type = '', correlationId, headers, body } = message;
    const original = headers['originalHeaders'];
    return {
      exchange: '',
      routingKey: partitionQueue(consumer, 0),
      messageId,
      type,
      ...(correlationId === undefined ? {} : { correlationId }),
      timestamp: now,
      headers: typeof original === 'object' && original !== null ? { ...original } : {},
      body,
    };
  }
}
