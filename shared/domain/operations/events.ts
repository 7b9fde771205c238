import * as z from 'zod/mini';
import type { EventOf } from '../../kernel/event.ts';

const remedied = z.object({
  consumer: z.string(),
  /** As operators know the dead letter. */
  deadLetterId: z.string(),
  /** When it failed last, ISO 8601: the same stream that fails again later is another dead letter. */
  failedAt: z.string(),
  cause: z.string(),
  /** Who did it. */
  by: z.string(),
});

/** Events of `remedy-<deadLetterId>`: what operators did about a dead letter. */
export const remedyEvents = {
  DeadLetterRedriven: { version: 1, schema: remedied },
  DeadLetterDiscarded: { version: 1, schema: z.extend(remedied, { reason: z.string() }) },
} as const;

export type RemedyEvent = EventOf<typeof remedyEvents>;
