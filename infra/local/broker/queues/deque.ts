/** A double-ended list in a ring: both ends in constant time, whatever its length. */
export class Deque<T> {
  #slots: (T | undefined)[] = new Array<T | undefined>(16);
  #first = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  first(): T | undefined {
    return this.#slots[this.#first];
  }

  push(item: T): void {
    if (this.#length === this.#slots.length) this.#resize(this.#length * 2);
    this.#slots[(this.#first + this.#length) & (this.#slots.length - 1)] = item;
    this.#length += 1;
  }

  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#slots[this.#first];
    this.#slots[this.#first] = undefined;
    this.#first = (this.#first + 1) & (this.#slots.length - 1);
    this.#length -= 1;
    if (this.#length < this.#slots.length / 8 && this.#slots.length > 1024) this.#resize(this.#slots.length / 2);
    return item;
  }

  #resize(size: number): void {
    const slots = new Array<T | undefined>(size);
    for (let i = 0; i < this.#length; i += 1) slots[i] = this.#slots[(this.#first + i) & (this.#slots.length - 1)];
    this.#slots = slots;
    this.#first = 0;
  }
}
