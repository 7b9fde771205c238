/** What a pump measures of itself. */
export interface Measured {
  /** From the first confirm to the last: connecting, and taking a lease, is no part of a rate. */
  readonly perSecond: number;
  /** Processor time of the whole process an event, in microseconds, over the second half: everything is compiled by then. */
  readonly cpuUs: number;
  /** From the append's call to the confirm, in milliseconds, in the order of the confirms; none for timeless ids. */
  readonly latenciesMs: readonly number[];
  /** Resident memory at the middle and at the end, in bytes. */
  readonly rssMiddle: number;
  readonly rssEnd: number;
}

export interface Meter {
  /** One more is done; the last of them ends the measurement. */
  done(eventId: string): void;
  readonly count: number;
  readonly result: Promise<Measured>;
}

/** An event's id that tells when it was made: microseconds of the machine's monotonic clock, which all processes share. */
export function newTimedId(sequence: number): string {
  const us = (process.hrtime.bigint() / 1_000n).toString(16).padStart(12, '0');
  return `${us.slice(0, 8)}-${us.slice(8)}-4000-8000-${sequence.toString(16).padStart(12, '0')}`;
}

const isTimed = (id: string): boolean => id.slice(14, 23) === '4000-8000';
const ageMs = (id: string): number =>
  Number(process.hrtime.bigint() / 1_000n - BigInt(`0x${id.slice(0, 8)}${id.slice(9, 13)}`)) / 1_000;

export function createMeter(count: number): Meter {
  const { promise: result, resolve } = Promise.withResolvers<Measured>();
  const latenciesMs: number[] = [];
  let startedMs = 0;
  let seen = 0;
  let rssMiddle = 0;
  let cpuMiddle = process.cpuUsage();
  return {
    count,
    result,
    done(eventId) {
      seen += 1;
      if (seen === 1) startedMs = performance.now();
      if (isTimed(eventId)) latenciesMs.push(ageMs(eventId));
      if (seen === Math.ceil(count / 2)) {
        rssMiddle = process.memoryUsage.rss();
        cpuMiddle = process.cpuUsage();
      }
      if (seen !== count) return;
      const { user, system } = process.cpuUsage(cpuMiddle);
      const perSecond = (count - 1) / ((performance.now() - startedMs) / 1_000);
      resolve({
        perSecond,
        cpuUs: (user + system) / Math.floor(count / 2),
        latenciesMs,
        rssMiddle,
        rssEnd: process.memoryUsage.rss(),
      });
    },
  };
}
