import { Fault, type FaultCode, faultCodes } from '../../shared/kernel/fault.ts';
import type { Chance } from '../../shared/testing/chance.ts';

export interface Odds {
  /** Of each operation on a port: how likely it takes its caller down, before or after it was done. */
  readonly crash: number;
  /** The same for failing: of store, broker and tables, and of what is outside, which makes a stream wait. */
  readonly fault: number;
  readonly refusal: number;
  /** Of each read of the store: how likely it is of a node that does not have the newest events. */
  readonly behind: number;
  /** Of each write of a table: how likely its answer is lost, and the client sends it again. */
  readonly again: number;
  /** Of each message on its way to a queue: how likely the broker loses it, though it was confirmed. */
  readonly loss: number;
}

/** Nothing goes wrong but what goes wrong on every good day: messages come twice, late and out of order. */
export const calm: Odds = { crash: 0, fault: 0, refusal: 0, behind: 0, again: 0, loss: 0 };

/** What stands between a process and its ports: the world at its worst. */
export interface Hazard {
  /** Rejects when the process meets its end: it is then abandoned in the middle of everything that it was doing. */
  readonly crashed: Promise<never>;
  readonly isDead: () => boolean;
  /** The operation, or a fault, or never an answer; each either before or after it was done. */
  meet<Result>(code: FaultCode, operation: () => Promise<Result>): Promise<Result>;
}

export class Crash extends Error {}

const never = new Promise<never>(() => undefined);

export function createHazard(chance: Chance, odds: Odds): Hazard {
  const crash = Promise.withResolvers<never>();
  crash.promise.catch(() => undefined);
  let isDead = false;
  return {
    crashed: crash.promise,
    isDead: () => isDead,
    async meet(code, operation) {
      // Others go on meanwhile, some further than others: what runs side by side interleaves at every await.
      for (let turns = chance.below(3); turns > 0; turns -= 1) await null;
      if (isDead) return never;
      if (chance.happens(odds.crash)) {
        if (chance.happens(0.5)) await operation();
        isDead = true;
        crash.reject(new Crash());
        return never;
      }
      if (chance.happens(faultCodes[code].isOutage ? odds.fault : odds.refusal)) {
        if (chance.happens(0.5)) await operation();
        throw new Fault(code, 'simulated');
      }
      const result = await operation();
      return isDead ? never : result;
    },
  };
}
