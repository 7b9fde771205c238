import { type GaugeDeps, gaugeBlocked } from '../../../shared/broker/gaugeBlocked.ts';
import { type SweepDeps, sweepStreams } from '../../../shared/broker/sweepStreams.ts';

/**
 * Every minute: tells how many streams are blocked, wakes those whose retry was lost on the way, and tidies the
 * dead-letter queues.
 */
export const createHandler = (deps: SweepDeps & GaugeDeps) => async (): Promise<void> => {
  // First: it needs the tables alone, and is told also while the broker is away.
  await gaugeBlocked(deps);
  await sweepStreams(deps);
};
