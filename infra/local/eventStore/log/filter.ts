import type { EventLog } from './eventLog.ts';
import type { Pattern } from './pattern.ts';

/** Which records of `$all` a reader asked for: by a pattern or by prefixes, of the stream's name or of the event's type. */
export interface EventFilter {
  readonly on: 'stream' | 'type';
  readonly pattern: Pattern | undefined;
  readonly prefixes: readonly string[];
}

/** Says of a record whether a reader of `$all` is to see it. */
export type Matcher = (ordinal: number) => boolean;

const UNKNOWN = 0;
const NO = 1;
const YES = 2;

/** A name is judged once however many records carry it, so that a scan costs a few nanoseconds a record. */
export function createMatcher(log: EventLog, filter: EventFilter | undefined): Matcher {
  const { records } = log;
  if (!filter) return (ordinal) => !log.streamOf(ordinal).isHidden;
  const verdicts = new Verdicts();
  if (filter.on === 'type') {
    return (ordinal) => {
      const number = records.typeNumber(ordinal);
      return verdicts.of(number, () => matches(filter, log.typeAt(number).name)) && !log.streamOf(ordinal).isHidden;
    };
  }
  return (ordinal) => {
    const number = records.streamNumber(ordinal);
    return verdicts.of(number, () => !log.streamAt(number).isHidden && matches(filter, log.streamAt(number).name));
  };
}

function matches({ pattern, prefixes }: EventFilter, name: string): boolean {
  return pattern ? pattern.test(name) : prefixes.some((prefix) => name.startsWith(prefix));
}

class Verdicts {
  #verdicts = new Uint8Array(256);

  of(number: number, judge: () => boolean): boolean {
    const known = this.#verdicts[number] ?? UNKNOWN;
    if (known !== UNKNOWN) return known === YES;
    const verdict = judge();
    if (number >= this.#verdicts.length) {
      const grown = new Uint8Array(Math.max(number + 1, this.#verdicts.length * 2));
      grown.set(this.#verdicts);
      this.#verdicts = grown;
    }
    this.#verdicts[number] = verdict ? YES : NO;
    return verdict;
  }
}
