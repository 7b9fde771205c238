import type { EventLog } from '../log/eventLog.ts';
import { createMatcher, type EventFilter } from '../log/filter.ts';
import { resolveLink } from '../log/links.ts';
import { lastReadable, readableWindow, stateOf } from '../log/readable.ts';
import { Waiters } from '../log/waiters.ts';
import type { Message } from './message.ts';
import type { GroupStart } from './settings.ts';

/** What a group reads from. A place is a revision of the stream, or an ordinal of the log. */
export interface Source {
  /** The next message at or after the pointer, which moves past it; undefined when there is none yet. */
  next(): Message | undefined;
  readonly waiters: Waiters;
  /** The pointer: the place of the next message at the earliest. */
  readonly pointer: number;
  /** The last place there is, -1 if none. */
  last(): number;
  toPlace(checkpoint: string): number | undefined;
  toText(place: number): string;
}

const SCAN_LIMIT = 50_000;

function toMessage(log: EventLog, ordinal: number, place: number, resolvesLinks: boolean): Message {
  const event = resolvesLinks ? resolveLink(log, ordinal) : { event: ordinal, link: undefined };
  const id = log.records.id(event.link ?? ordinal).toString('hex');
  return { id, event, place, isReplayed: false, retryCount: 0, sentAtMs: 0 };
}

/** The readable events of one stream, which may not exist yet. */
export function createStreamSource(
  log: EventLog,
  name: string,
  from: { readonly start: GroupStart; readonly checkpoint?: string | undefined },
  resolvesLinks: boolean,
): Source {
  const stream = log.ensureStream(name);
  stream.waiters ??= new Waiters();
  const toPlace = (text: string): number | undefined => (/^\d+$/.test(text) ? Number(text) : undefined);
  const checkpoint = from.checkpoint === undefined ? undefined : toPlace(from.checkpoint);
  const start = from.start === 'start' ? 0 : from.start === 'end' ? lastReadable(log, stream) + 1 : from.start;
  let pointer = checkpoint === undefined ? start : checkpoint + 1;
  return {
    waiters: stream.waiters,
    get pointer() {
      return pointer;
    },
    last: () => lastReadable(log, stream),
    toPlace,
    toText: String,
    next() {
      if (stateOf(log, name).status !== 'present') return undefined;
      const { min, last, oldestMs } = readableWindow(log, stream);
      pointer = Math.max(pointer, Math.min(min, last + 1));
      while (pointer <= last) {
        const place = pointer++;
        const ordinal = stream.ordinals[place] as number;
        if (log.records.createdMs(ordinal) >= oldestMs) return toMessage(log, ordinal, place, resolvesLinks);
      }
      return undefined;
    },
  };
}

/** What `$all` shows and the filter lets through. */
export function createAllSource(
  log: EventLog,
  filter: EventFilter | undefined,
  from: { readonly start: GroupStart; readonly checkpoint?: string | undefined },
  resolvesLinks: boolean,
): Source {
  const matches = createMatcher(log, filter);
  const candidates = log.categories.candidates(filter);
  const toPlace = (text: string): number | undefined => {
    const commit = /^C:(\d+)\/P:\d+$/.exec(text)?.[1];
    return commit === undefined ? undefined : log.ordinalAt(Number(commit));
  };
  const checkpoint = from.checkpoint === undefined ? undefined : toPlace(from.checkpoint);
  const start = from.start === 'start' ? 0 : from.start === 'end' ? log.visible : log.ordinalAt(from.start);
  let pointer = checkpoint === undefined ? start : checkpoint + 1;
  return {
    waiters: log.waiters,
    get pointer() {
      return pointer;
    },
    last: () => log.visible - 1,
    toPlace,
    toText(place) {
      const position = place < 0 || log.visible === 0 ? 0 : log.records.position(Math.min(place, log.visible - 1));
      return `C:${position}/P:${position}`;
    },
    next() {
      for (let scanned = 0; pointer < log.visible; scanned++) {
        if (scanned === SCAN_LIMIT) {
          // Others get their turn; whoever waits is woken to go on.
          setImmediate(() => log.waiters.wake());
          return undefined;
        }
        if (candidates) pointer = Math.min(candidates(pointer, 1), log.visible);
        if (pointer >= log.visible) return undefined;
        const place = pointer++;
        if (matches(place)) return toMessage(log, place, place, resolvesLinks);
      }
      return undefined;
    },
  };
}
