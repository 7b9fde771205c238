import type { EventFilter } from './filter.ts';
import { firstIndex } from './search.ts';

/** The part of a stream's name before its first dash; undefined without one, or when nothing stands before it. */
export function categoryOf(name: string): string | undefined {
  const dash = name.indexOf('-');
  return dash > 0 ? name.slice(0, dash) : undefined;
}

/** The log ordinals of each category's events, in the order of the log. */
export class CategoryIndex {
  readonly #ordinals = new Map<string, number[]>();

  /** The list that the events of a stream of this name are to be added to. */
  listFor(name: string): number[] | undefined {
    const category = categoryOf(name);
    if (category === undefined) return undefined;
    const known = this.#ordinals.get(category);
    if (known) return known;
    const fresh: number[] = [];
    this.#ordinals.set(category, fresh);
    return fresh;
  }

  /**
   * Where a filter can match at all, when its prefixes are of the form `category-`: the nearest candidate at or after
   * `ordinal` (`step` 1), or at or before it (`step` -1); infinite when there is none. Undefined for other filters.
   */
  candidates(filter: EventFilter | undefined): ((ordinal: number, step: 1 | -1) => number) | undefined {
    if (filter?.on !== 'stream' || filter.pattern || filter.prefixes.length === 0) return undefined;
    const categories = filter.prefixes.map((prefix) => categoryOf(prefix));
    if (categories.some((category) => category === undefined)) return undefined;
    return (ordinal, step) => {
      let nearest = step * Number.POSITIVE_INFINITY;
      for (const category of categories) {
        const list = this.#ordinals.get(category ?? '') ?? [];
        const index = firstIndex(list.length, (at) => (list[at] as number) >= ordinal);
        const found = step > 0 || list[index] === ordinal ? list[index] : list[index - 1];
        if (found !== undefined) nearest = step > 0 ? Math.min(nearest, found) : Math.max(nearest, found);
      }
      return nearest;
    };
  }
}
