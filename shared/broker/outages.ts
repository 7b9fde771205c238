import { isFault } from '../kernel/fault.ts';

/** How long, and through how many deliveries at least, a stream's outage may hold up what stands behind it. */
const patienceMs = 300_000;
const patience = 5;
/** When a stream that was set aside is looked at again. */
export const againMs = 300_000;
/** An outage that was met so long ago was another one. */
const forgottenMs = 3 * againMs;
/** Streams remembered; the oldest go first. */
const maxStreams = 1_000;

/** Outages by the stream that met them, as long as the process lives: a queue's batches come to the same one, mostly. */
export interface Outages {
  /** True when this stream has met them for so long that it should hold up nobody any more. */
  meet(stream: string, error: unknown, nowMs: number): boolean;
  /** Its run has ended as a run does. */
  end(stream: string): void;
}

/** Others have changed the row, or the stream, too often: that is handed back by itself. What is set aside needs the broker. */
const isOfOthers = (code: string): boolean =>
  code === 'store/contended' || code === 'cursor/contended' || code.startsWith('broker/');

export function createOutages(): Outages {
  const met = new Map<string, { readonly sinceMs: number; readonly lastMs: number; readonly times: number }>();
  return {
    meet(stream, error, nowMs) {
      if (!isFault(error) || !error.isOutage || isOfOthers(error.code)) return false;
      const before = met.get(stream);
      const isSame = before !== undefined && nowMs - before.lastMs < forgottenMs;
      const sinceMs = isSame ? before.sinceMs : nowMs;
      const times = isSame ? before.times + 1 : 1;
      met.delete(stream);
      met.set(stream, { sinceMs, lastMs: nowMs, times });
      for (const oldest of met.keys()) {
        if (met.size <= maxStreams) break;
        met.delete(oldest);
      }
      return times >= patience && nowMs - sinceMs >= patienceMs;
    },
    end: (stream) => void met.delete(stream),
  };
}
