const PAGE_BITS = 14;
const PAGE_SIZE = 1 << PAGE_BITS;
const PAGE_MASK = PAGE_SIZE - 1;

type Numbers = Float64Array | Uint32Array | Uint8Array;

/**
 * A growing list of numbers in pages of 16,384: an append never copies what is there, and a million entries are a few
 * dozen objects to the garbage collector instead of a million.
 */
export class Column {
  readonly #pages: Numbers[] = [];
  readonly #makePage: new (
    length: number,
  ) => Numbers;

  constructor(kind: new (length: number) => Numbers) {
    this.#makePage = kind;
  }

  /** The entry at `index`, which must have been set. */
  get(index: number): number {
    return (this.#pages[index >>> PAGE_BITS] as Numbers)[index & PAGE_MASK] as number;
  }

  set(index: number, value: number): void {
    const page = this.#pages[index >>> PAGE_BITS];
    if (page) page[index & PAGE_MASK] = value;
    else this.#addPage(index, value);
  }

  #addPage(index: number, value: number): void {
    const page = new this.#makePage(PAGE_SIZE);
    page[index & PAGE_MASK] = value;
    this.#pages[index >>> PAGE_BITS] = page;
  }
}
