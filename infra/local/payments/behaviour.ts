import * as z from 'zod/mini';

/**
 * How the gateway treats who asks it, besides what amounts say:
 * - `normal`
 * - `declines`: every authorisation
 * - `refuses`: says of every request that it is wrong (400), having done nothing: asking again won't help
 * - `hangs`: takes the request and does nothing with it; no answer
 * - `answers late`: does what was asked, and answers `delayMs` later
 * - `answers twice`: does it, and sends the answer two times over
 * - `is down`: cuts the connection, having done nothing
 */
export const behaviour = z.strictObject({
  mode: z.enum(['normal', 'declines', 'refuses', 'hangs', 'answers late', 'answers twice', 'is down']),
  delayMs: z._default(z.int().check(z.minimum(1), z.maximum(600_000)), 3_000),
});

export type Behaviour = z.infer<typeof behaviour>;
