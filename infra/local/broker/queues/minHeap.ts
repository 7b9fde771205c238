/** A binary heap: the smallest item by `rank` comes out first. */
export class MinHeap<T> {
  readonly #rank: (item: T) => number;
  readonly #items: T[] = [];

  constructor(rank: (item: T) => number) {
    this.#rank = rank;
  }

  get length(): number {
    return this.#items.length;
  }

  first(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    const rank = this.#rank(item);
    let at = items.length;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = items[up] as T;
      if (this.#rank(parent) <= rank) break;
      items[at] = parent;
      at = up;
    }
    items[at] = item;
  }

  shift(): T | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return top;
    const rank = this.#rank(last);
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= items.length) break;
      if (down + 1 < items.length && this.#rank(items[down + 1] as T) < this.#rank(items[down] as T)) down += 1;
      const child = items[down] as T;
      if (this.#rank(child) >= rank) break;
      items[at] = child;
      at = down;
    }
    items[at] = last;
    return top;
  }
}
