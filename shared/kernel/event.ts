import type * as z from 'zod/mini';

/** How one event type is written today, and how what was written before is read. */
export interface EventDefinition {
  /** Version written now; at least 1. It goes up only for a change that old readers could not read. */
  readonly version: number;
  /** Shape of the data at `version`. */
  readonly schema: z.ZodMiniType;
  /** For each older version n: the data as it would be at version n + 1. */
  readonly upcast?: Readonly<Record<number, (data: unknown) => unknown>>;
}

export type EventDefinitions = Readonly<Record<string, EventDefinition>>;

/** The union of a context's events, inferred from their schemas. */
export type EventOf<Definitions extends EventDefinitions> = {
  [Type in keyof Definitions & string]: {
    readonly type: Type;
    readonly data: Readonly<z.infer<Definitions[Type]['schema']>>;
  };
}[keyof Definitions & string];

/** An event as a decider makes it: no id, no time, no place yet. */
export interface DomainEvent {
  readonly type: string;
  readonly data: unknown;
}
