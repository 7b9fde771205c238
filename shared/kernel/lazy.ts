/**
 * Makes a value on first use and keeps it; `drop` forgets that one, if it is still the one kept, and discards it: the next use
 * makes another.
 */
export interface Lazy<Value> {
  (): Value;
  drop(value: Value): void;
}

export function lazy<Value>(make: () => Value, discard: (value: Value) => void = () => undefined): Lazy<Value> {
  let made: { readonly value: Value } | undefined;
  const get = (): Value => {
    made ??= { value: make() };
    return made.value;
  };
  return Object.assign(get, {
    drop: (value: Value) => {
      if (made?.value !== value) return;
      made = undefined;
      discard(value);
    },
  });
}
