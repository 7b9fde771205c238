/**
 * A map that is never changed: `set` and `delete` answer another that shares almost everything with it, at a cost that
 * hardly depends on its size. For folds over long streams, where copying a Map for each event would be quadratic.
 */
export interface PersistentMap<Value> {
  readonly size: number;
  get(key: string): Value | undefined;
  has(key: string): boolean;
  set(key: string, value: Value): PersistentMap<Value>;
  delete(key: string): PersistentMap<Value>;
  values(): readonly Value[];
  entries(): readonly (readonly [key: string, value: Value])[];
}

/** What differs from the base, by key; `removed` hides a key of the base. */
type Buckets<Value> = readonly (ReadonlyMap<string, Value | typeof removed> | undefined)[];

const removed = Symbol('removed');
const bucketCount = 512;
const noBuckets: Buckets<never> = Array.from({ length: bucketCount });

/** FNV-1a over UTF-16 units: only its spread matters, and only within one process. */
function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % bucketCount;
}

function wrap<Value>(base: ReadonlyMap<string, Value>, buckets: Buckets<Value>, size: number): PersistentMap<Value> {
  const find = (key: string): { readonly value: Value } | undefined => {
    const bucket = buckets[bucketOf(key)];
    const found = bucket?.get(key);
    if (found === removed) return undefined;
    if (found !== undefined || bucket?.has(key)) return { value: found as Value };
    return base.has(key) ? { value: base.get(key) as Value } : undefined;
  };
  const replace = (key: string, value: Value | typeof removed, newSize: number): PersistentMap<Value> => {
    const index = bucketOf(key);
    const bucket = new Map(buckets[index]);
    if (value === removed && !base.has(key)) bucket.delete(key);
    else bucket.set(key, value);
    return wrap(base, buckets.with(index, bucket), newSize);
  };
  const entries = (): readonly (readonly [string, Value])[] => {
    const changed = buckets.flatMap((bucket) => (bucket ? [...bucket] : []));
    const kept = [...base].filter(([key]) => !buckets[bucketOf(key)]?.has(key));
    return [...kept, ...changed.filter((entry): entry is [string, Value] => entry[1] !== removed)];
  };
  return {
    size,
    get: (key) => find(key)?.value,
    has: (key) => find(key) !== undefined,
    set: (key, value) => replace(key, value, find(key) ? size : size + 1),
    delete: (key) => replace(key, removed, find(key) ? size - 1 : size),
    values: () => entries().map(([, value]) => value),
    entries,
  };
}

export const emptyMap = <Value>(): PersistentMap<Value> => wrap<Value>(new Map(), noBuckets, 0);

/** A map of these entries, at the cost of copying them once; what changes later is kept beside them. */
export function toPersistentMap<Value>(entries: Iterable<readonly [key: string, value: Value]>): PersistentMap<Value> {
  const base = new Map(entries);
  return wrap(base, noBuckets, base.size);
}
