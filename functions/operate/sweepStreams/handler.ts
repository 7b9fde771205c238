import { type SweepDeps, sweepStreams } from '../../../shared/broker/sweepStreams.ts';

/** Every minute: wakes streams whose retry was lost on the way, and tidies the dead-letter queues. */
export const createHandler = (deps: SweepDeps) => async (): Promise<void> => {
  await sweepStreams(deps);
};
