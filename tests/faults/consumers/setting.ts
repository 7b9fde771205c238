import type { ConsumerTopology } from '../../../shared/broker/topology.ts';

/** The four consumers, their table among those of the system, and how their functions are bounded. */
export const roles = {
  /** Keeps the list of a stream's events in its row. */
  view: { table: 'order-view', topology: { partitions: 1, hasLateQueue: false } },
  /** Appends an event of its own for each. */
  reaction: { table: 'cursors-order-processing', topology: { partitions: 2, hasLateQueue: false } },
  /** Asks a provider that counts. */
  outside: { table: 'cursors-payments', topology: { partitions: 1, hasLateQueue: true } },
  /** A view that fails for some events for ever, and for others for a while. */
  flaky: { table: 'stock-view', topology: { partitions: 1, hasLateQueue: false } },
} as const satisfies Record<
  string,
  { readonly table: string; readonly topology: Pick<ConsumerTopology, 'partitions' | 'hasLateQueue'> }
>;

export type Role = keyof typeof roles;

export const toTopology = (role: Role): ConsumerTopology => ({
  name: role,
  categories: ['order'],
  ...roles[role].topology,
});

export const tablePrefix = 'faults';

/** Short, so that what a killed process had claimed is free again soon. */
export const timeLimitMs = 2_000;

/** What a function process is told when it starts. */
export interface FunctionSettings {
  readonly role: Role;
  readonly prefix: string;
  readonly brokerUrl: string;
  readonly eventStoreUrl: string;
  readonly dynamoUrl: string;
  readonly providerUrl: string;
  /** Whether the handler's mistake has been mended. */
  readonly isMended: boolean;
}

export interface Numbered {
  readonly n: number;
}

/** One event in twenty fails for ever, and another one for a while. */
export function temperOf(eventId: string): 'fails' | 'hesitates' | 'works' {
  const die = Number.parseInt(eventId.slice(0, 8), 16) % 20;
  if (die === 0) return 'fails';
  return die === 1 ? 'hesitates' : 'works';
}

/** How often one that hesitates fails before it works. */
export const hesitations = 1;
