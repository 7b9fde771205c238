import { systemClock } from '../../shared/kernel/clock.ts';
import { watchFreezes } from '../../shared/kernel/freezes.ts';

/** Of this process: whoever keeps a connection asks it before each use. */
export const freezes = watchFreezes(systemClock);
