import * as z from 'zod/mini';
import type { DeadLetter } from '../broker/deadLetter.ts';
import { countCauses, type Selection } from '../broker/listDeadLetters.ts';
import type { Remedies } from '../broker/remedyDeadLetters.ts';
import { consumers } from '../broker/topology.ts';

/** One that there is: none has dead letters under a name that is misspelt. */
export const consumerName = z.enum(Object.values(consumers).map(({ name }) => name));

const text = z.string().check(z.minLength(1), z.maxLength(500));

/** Which dead letters a request means: one, those of one cause, or all; of one consumer or of every one. */
const fields = {
  consumer: z.optional(consumerName),
  id: z.optional(text),
  cause: z.optional(text),
  all: z.optional(z.literal(true)),
  failedBefore: z.optional(
    z.iso.datetime({ precision: 3, message: 'expected an instant such as 2026-11-23T10:00:00.000Z' }).check(
      z.meta({
        description: 'Those that failed last before this: in a request again, what the first one has answered.',
      }),
    ),
  ),
  dryRun: z._default(z.boolean(), false),
  ratePerSecond: z._default(z.number().check(z.minimum(0.1), z.maximum(1_000)), 20),
};

const isOne = ({ id, cause, all }: { id?: unknown; cause?: unknown; all?: unknown }): boolean =>
  [id, cause, all].filter((value) => value !== undefined).length === 1;
const one = { message: 'say exactly one of id, cause and all' };

export const redriveBody = z.strictObject(fields).check(z.refine(isOne, one));
export const discardBody = z.strictObject({ ...fields, reason: text }).check(z.refine(isOne, one));
export type RemedyBody = z.infer<typeof redriveBody>;

export const toSelection = ({ consumer, id, cause, failedBefore }: RemedyBody): Selection => ({
  consumer,
  id,
  cause,
  failedBefore,
});

/** Of an error that may be of any length. */
const maxErrorLength = 1_000;

/** As operators see it; of a message that could not be handled, the beginning of its body. */
export function toDeadLetterView(letter: DeadLetter) {
  const { id, consumer, reason, cause, code, attempts, firstFailedAt, lastFailedAt } = letter;
  const error = letter.error.slice(0, maxErrorLength);
  const common = { id, consumer, reason, cause, code, error, attempts, firstFailedAt, lastFailedAt };
  if (letter.kind === 'message') {
    return { ...common, body: Buffer.from(letter.message.body).toString('utf8', 0, 500) };
  }
  const { stream, revision, head, event } = letter;
  const { id: eventId, type, correlationId } = event ?? {};
  // What a redrive would go on to: the store may have more by now.
  return { ...common, stream, revision, head, waitingEvents: head - revision + 1n, eventId, type, correlationId };
}

/** Causes that are told, the most frequent: where each letter has its own, they would be as many. */
const maxCauses = 100;

export const toCausesView = (letters: readonly DeadLetter[]) => countCauses(letters).slice(0, maxCauses);

/** Dead letters that an answer names: the log names all, and an answer of 10,000 would be more than Lambda returns. */
const maxNamed = 100;

/** How many there are of each outcome and cause, what has become of the first of them, and whether the same request goes on. */
export function toRemedyView({ remedied, again, failedBefore }: Remedies) {
  const counts: Record<string, number> = {};
  for (const { outcome } of remedied) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return {
    matched: remedied.length,
    counts,
    causes: toCausesView(remedied.map(({ letter }) => letter)),
    again,
    failedBefore,
    deadLetters: remedied.slice(0, maxNamed).map(({ letter, outcome }) => ({ outcome, ...toDeadLetterView(letter) })),
  };
}
