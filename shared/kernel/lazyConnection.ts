import type { Freezes } from './freezes.ts';
import type { Lazy } from './lazy.ts';

/** Why a connection ends: it failed somebody, and others may still be using it; nobody can, after a freeze; nobody wants it. */
export type CloseReason = 'dropped' | 'frozen' | 'closed';

interface Options<Connection> {
  /** @param drop to be called when it is found to be gone: the next use opens another */
  readonly open: (drop: () => void) => Promise<Connection>;
  readonly close: (connection: Connection, reason: CloseReason) => Promise<unknown> | undefined;
  readonly freezes: Freezes;
}

export interface LazyConnection<Connection> extends Lazy<Promise<Connection>> {
  /** Closes it if there is one; the next use opens another. */
  close(): Promise<void>;
}

/** A connection that is opened on first use, and again after it was dropped, could not be opened, or this process was frozen. */
export function lazyConnection<Connection>({ open, close, freezes }: Options<Connection>): LazyConnection<Connection> {
  let made: { readonly value: Promise<Connection>; readonly freezes: number } | undefined;
  const end = async (value: Promise<Connection>, reason: CloseReason): Promise<void> => {
    made = undefined;
    await value.then((connection) => close(connection, reason)).catch(() => undefined);
  };
  const drop = (value: Promise<Connection> | undefined): void => {
    if (value !== undefined && made?.value === value) void end(value, 'dropped');
  };
  const get = (): Promise<Connection> => {
    const { count } = freezes;
    if (made && made.freezes !== count) void end(made.value, 'frozen');
    if (made) return made.value;
    // Undefined until `open` has given its promise: what is found gone before that is in the promise itself.
    let value: Promise<Connection> | undefined;
    value = open(() => drop(value));
    made = { value, freezes: count };
    value.catch(() => drop(value));
    return value;
  };
  return Object.assign(get, {
    drop,
    close: async () => {
      if (made) await end(made.value, 'closed');
    },
  });
}
