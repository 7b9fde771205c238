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

type Buckets<Value> = readonly (ReadonlyMap<string, Value> | undefined)[];

const bucketCount = 512;

/** FNV-1a over UTF-16 units: only its spread matters, and only within one process. */
function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % bucketCount;
}

function wrap<Value>(buckets: Buckets<Value>, size: number): PersistentMap<Value> {
  const replace = (key: string, change: (bucket: Map<string, Value>) => void): PersistentMap<Value> => {
    const index = bucketOf(key);
    const before = buckets[index];
    const bucket = new Map(before);
    change(bucket);
    return wrap(buckets.with(index, bucket), size + bucket.size - (before?.size ?? 0));
  };
  return {
    size,
    get: (key) => buckets[bucketOf(key)]?.get(key),
    has: (key) => buckets[bucketOf(key)]?.has(key) ?? false,
    set: (key, value) => replace(key, (bucket) => bucket.set(key, value)),
    delete: (key) => replace(key, (bucket) => bucket.delete(key)),
    values: () => buckets.flatMap((bucket) => (bucket ? [...bucket.values()] : [])),
    entries: () => buckets.flatMap((bucket) => (bucket ? [...bucket] : [])),
  };
}

/** A map of these entries, at the cost of copying them once. */
export function toPersistentMap<Value>(entries: Iterable<readonly [key: string, value: Value]>): PersistentMap<Value> {
  const buckets: (Map<string, Value> | undefined)[] = Array.from({ length: bucketCount });
  const all = new Map(entries);
  for (const [key, value] of all) {
    const bucket = buckets[bucketOf(key)] ?? new Map<string, Value>();
    buckets[bucketOf(key)] = bucket.set(key, value);
  }
  return wrap(buckets, all.size);
}

export const emptyMap = <Value>(): PersistentMap<Value> => wrap(Array.from({ length: bucketCount }), 0);
