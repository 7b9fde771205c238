/** Makes a value on first use and keeps it; `drop` forgets it, so that the next use makes another. */
export interface Lazy<Value> {
  (): Value;
  drop(): void;
}

export function lazy<Value>(make: () => Value): Lazy<Value> {
  let made: { readonly value: Value } | undefined;
  const get = (): Value => {
    made ??= { value: make() };
    return made.value;
  };
  return Object.assign(get, {
    drop: () => {
      made = undefined;
    },
  });
}
