/** Messages as they stand on the broker: "stream S has reached revision r", with the event itself where there is one. */
import * as z from 'zod/mini';
import { english, toSentence } from '../kernel/english.ts';
import { Fault } from '../kernel/fault.ts';
import type { EventId } from '../kernel/ids.ts';
import type { StoredEvent } from '../store/eventStore.ts';
import { parseStoredMetadata } from '../store/metadata.ts';

/** A hint: the truth is in the store. Whatever is missing here, the consumer reads there. */
export interface EventMessage {
  readonly stream: string;
  readonly revision: bigint;
  readonly event?: StoredEvent;
  /** On a retry's hint: the attempt that it announces. */
  readonly attempt?: number;
  /** On a hint about a revision that could not be read: which look for it this is, after the first. */
  readonly look?: number;
}

const body = z.object({
  // Bounded, since both come back in properties of at most 255 bytes.
  stream: z.string().check(z.maxLength(150), z.regex(/^[a-z]+-[\x20-\x7e]+$/, 'expected <category>-<id>')),
  // A larger one is no stream's, and the tables could not tell it from its neighbours.
  revision: z.string().check(
    z.regex(/^(0|[1-9]\d{0,15})$/, 'expected a decimal revision'),
    z.refine((text) => Number.isSafeInteger(Number(text)), 'expected a revision below 2^53'),
  ),
  attempt: z.optional(z.int().check(z.minimum(1))),
  look: z.optional(z.int().check(z.minimum(1))),
  event: z.optional(
    z.object({
      id: z.uuid(),
      type: z.string().check(z.minLength(1), z.maxLength(150)),
      data: z.record(z.string(), z.unknown()),
      metadata: z.unknown(),
    }),
  ),
});

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Fault('broker/malformed-message', 'the body is not JSON in UTF-8', error);
  }
}

/** @throws Fault broker/malformed-message naming everything that is wrong */
export function parseBody(bytes: Uint8Array): EventMessage {
  const parsed = body.safeParse(parseJson(bytes), english);
  if (!parsed.success) {
    throw new Fault('broker/malformed-message', toSentence(parsed.error), parsed.error);
  }
  const { stream, attempt, look, event } = parsed.data;
  const revision = BigInt(parsed.data.revision);
  const hint = {
    stream,
    revision,
    ...(attempt === undefined ? {} : { attempt }),
    ...(look === undefined ? {} : { look }),
  };
  if (!event) return hint;
  const { id, type, data } = event;
  try {
    const metadata = parseStoredMetadata(event.metadata, () => `${type} at ${stream}@${revision}`);
    return { ...hint, event: { id: id as EventId, type, data, metadata, stream, revision } };
  } catch (error) {
    throw new Fault('broker/malformed-message', error instanceof Error ? error.message : String(error), error);
  }
}
