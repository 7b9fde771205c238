import type { EventLog } from '../log/eventLog.ts';
import { createMatcher, type EventFilter } from '../log/filter.ts';
import { resolveLink } from '../log/links.ts';
import { lastReadable, readableWindow, stateOf } from '../log/readable.ts';
import type { News } from '../log/streamNews.ts';
import { Turn } from '../log/turn.ts';
import type { MessageSource } from './feed.ts';
import type { Message } from './message.ts';
import type { GroupStart } from './settings.ts';

/** What a group reads from. A place is a revision of the stream, or an ordinal of the log. */
export interface Source extends MessageSource {
  readonly news: News;
  /** The last place there is, -1 if none. */
  last(): number;
  toText(place: number): string;
}

function toMessage(log: EventLog, ordinal: number, place: number, resolvesLinks: boolean): Message {
  const event = resolvesLinks ? resolveLink(log, ordinal) : { event: ordinal, link: undefined };
  const id = log.records.id(event.link ?? ordinal).toString('hex');
  return { id, event, place, isReplayed: false, retryCount: 0, sentAtMs: 0 };
}

/** Where a group begins: its checkpoint as text, or its start while there is none. */
export interface SourceStart {
  readonly start: GroupStart;
  readonly checkpoint?: string | undefined;
}

/** The readable events of one stream, which may not exist yet. */
export function createStreamSource(log: EventLog, name: string, from: SourceStart, resolvesLinks: boolean): Source {
  const last = (): number => {
    const stream = log.stream(name);
    return stream ? lastReadable(log, stream) : -1;
  };
  const start = from.start === 'start' ? 0 : from.start === 'end' ? last() + 1 : from.start;
  const checkpoint = /^\d+$/.exec(from.checkpoint ?? '')?.[0];
  let pointer = checkpoint === undefined ? start : Number(checkpoint) + 1;
  return {
    news: log.news.of(name),
    get pointer() {
      return pointer;
    },
    last,
    toText: String,
    next() {
      const state = stateOf(log, name);
      if (state.status !== 'present') return undefined;
      const window = readableWindow(log, state.stream);
      pointer = Math.max(pointer, Math.min(window.min, window.last + 1));
      while (pointer <= window.last) {
        const place = pointer++;
        const ordinal = state.stream.ordinals[place] as number;
        if (log.records.createdMs(ordinal) >= window.oldestMs) return toMessage(log, ordinal, place, resolvesLinks);
      }
      return undefined;
    },
  };
}

/** What `$all` shows and the filter lets through. */
export function createAllSource(
  log: EventLog,
  filter: EventFilter | undefined,
  from: SourceStart,
  resolvesLinks: boolean,
): Source {
  const matches = createMatcher(log, filter);
  const candidates = log.categories.candidates(filter);
  const turn = new Turn();
  const start = from.start === 'start' ? 0 : from.start === 'end' ? log.visible : log.ordinalAt(from.start);
  const checkpoint = /^C:(\d+)\/P:\d+$/.exec(from.checkpoint ?? '')?.[1];
  let pointer = checkpoint === undefined ? start : log.ordinalAt(Number(checkpoint)) + 1;
  return {
    news: log.waiters,
    get pointer() {
      return pointer;
    },
    last: () => log.visible - 1,
    toText(place) {
      const position = place < 0 || log.visible === 0 ? 0 : log.records.position(Math.min(place, log.visible - 1));
      return `C:${position}/P:${position}`;
    },
    next() {
      while (pointer < log.visible) {
        if (turn.isOver()) return 'later';
        if (candidates) pointer = Math.min(candidates(pointer, 1), log.visible);
        if (pointer >= log.visible) return undefined;
        const place = pointer++;
        if (matches(place)) return toMessage(log, place, place, resolvesLinks);
      }
      return undefined;
    },
  };
}
