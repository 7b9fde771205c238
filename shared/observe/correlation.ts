import { AsyncLocalStorage } from 'node:async_hooks';

/** What a step's line says beside its message. The same names everywhere, so that one grep finds one order's way. */
export interface LogFields {
  readonly eventId?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly stream?: string;
  readonly revision?: bigint;
  readonly durationMs?: number;
  readonly [field: string]: unknown;
}

const storage = new AsyncLocalStorage<LogFields>();

/** Runs `work` so that every line logged in it, however deep, carries `fields`. */
export const withLogFields = <Result>(fields: LogFields, work: () => Result): Result =>
  storage.run({ ...storage.getStore(), ...fields }, work);

/** What lines logged here carry. */
export const currentLogFields = (): LogFields | undefined => storage.getStore();
