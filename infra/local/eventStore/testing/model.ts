/** A stream as simply as it can be said. */
interface ModelStream {
  ids: string[];
  isTombstoned: boolean;
  isSoftDeleted: boolean;
  metadataCount: number;
  maxCount: number | undefined;
  truncateBefore: number;
}

export type Expected = 'any' | 'none' | 'exists' | number;
export type ModelOutcome = 'ok' | 'repeat' | 'wrong' | 'deleted';

/** The rules of appending, deleting and truncating, written down without any thought of speed. */
export class Model {
  /** `<stream> <revision>` of every record, in the order of the log. */
  readonly log: string[] = [];
  readonly #streams = new Map<string, ModelStream>();
  readonly #homes = new Map<string, string>();

  stream(name: string): ModelStream {
    const known = this.#streams.get(name);
    if (known) return known;
    const fresh = {
      ids: [],
      isTombstoned: false,
      isSoftDeleted: false,
      metadataCount: 0,
      maxCount: undefined,
      truncateBefore: 0,
    };
    this.#streams.set(name, fresh);
    return fresh;
  }

  append(name: string, expected: Expected, ids: readonly string[]): ModelOutcome {
    const verdict = this.#judge(name, expected, ids);
    if (verdict !== 'ok' || ids.length === 0) return verdict;
    const stream = this.stream(name);
    const first = stream.ids.length;
    for (const id of ids) {
      this.log.push(`${name} ${stream.ids.length}`);
      stream.ids.push(id);
      this.#homes.set(id, name);
    }
    if (stream.isSoftDeleted) {
      stream.isSoftDeleted = false;
      this.#setMetadata(name, undefined, first);
    }
    return 'ok';
  }

  softDelete(name: string, expected: Expected): ModelOutcome {
    const verdict = this.#judge(name, expected, ['fresh']);
    const stream = this.stream(name);
    if (verdict !== 'ok') return verdict;
    if (stream.ids.length === 0 && stream.metadataCount === 0) return 'wrong';
    this.#setMetadata(name, undefined, 0);
    stream.isSoftDeleted = true;
    return 'ok';
  }

  tombstone(name: string, expected: Expected): ModelOutcome {
    const verdict = this.#judge(name, expected, ['fresh']);
    if (verdict !== 'ok') return verdict;
    this.stream(name).isTombstoned = true;
    this.log.push(`${name} 9223372036854775807`);
    return 'ok';
  }

  /** The stream's metadata is written: `$maxCount` and `$tb`. */
  truncate(name: string, maxCount: number | undefined, truncateBefore: number): ModelOutcome {
    const stream = this.stream(name);
    if (stream.isTombstoned) return 'deleted';
    this.#setMetadata(name, maxCount, truncateBefore);
    if (stream.isSoftDeleted) {
      stream.isSoftDeleted = false;
      this.#setMetadata(name, maxCount, stream.ids.length);
    }
    return 'ok';
  }

  /** What a read of the whole stream says. */
  read(name: string): string[] {
    const stream = this.stream(name);
    if (stream.isTombstoned) return [`error Event stream '${name}' is deleted.`];
    if (stream.ids.length === 0 || stream.isSoftDeleted) return ['not found'];
    const kept = stream.maxCount === undefined ? 0 : stream.ids.length - stream.maxCount;
    return stream.ids
      .map((_, revision) => revision)
      .filter((revision) => revision >= kept && revision >= stream.truncateBefore)
      .map((revision) => `${name} ${revision}`);
  }

  #setMetadata(name: string, maxCount: number | undefined, truncateBefore: number): void {
    const stream = this.stream(name);
    this.log.push(`$$${name} ${stream.metadataCount++}`);
    stream.maxCount = maxCount;
    stream.truncateBefore = truncateBefore;
  }

  #judge(name: string, expected: Expected, ids: readonly string[]): ModelOutcome {
    const stream = this.stream(name);
    const last = stream.ids.length - 1;
    if (stream.isTombstoned) return 'deleted';
    if (expected === 'exists' && stream.isSoftDeleted) return 'deleted';
    if (expected === 'exists' && last < 0 && stream.metadataCount === 0) return 'wrong';
    if (expected === 'any' || expected === 'exists') {
      const known = ids.map((id) => this.#homes.get(id) === name);
      if (known.length === 0 || !known[0]) return 'ok';
      return known.every(Boolean) ? 'repeat' : 'wrong';
    }
    const revision = expected === 'none' ? -1 : expected;
    if (revision > last) return 'wrong';
    if (revision === last) return 'ok';
    const there = stream.ids.slice(revision + 1, revision + 1 + ids.length);
    if (ids.length > 0 && there.length === ids.length && there.every((id, index) => id === ids[index])) return 'repeat';
    return revision === -1 && stream.isSoftDeleted && ids.length > 0 && there[0] !== ids[0] ? 'ok' : 'wrong';
  }
}
