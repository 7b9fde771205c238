/** How consumers share a group's messages. */
export const STRATEGIES = ['DispatchToSingle', 'RoundRobin', 'Pinned', 'PinnedByCorrelation'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** Where a group without a checkpoint begins, inclusive: a revision of its stream, or a commit position of `$all`. */
export type GroupStart = 'start' | 'end' | number;

/** A group's settings, as clients set them. Buffer sizes are echoed; they never change what is delivered. */
export interface GroupSettings {
  readonly start: GroupStart;
  readonly resolvesLinks: boolean;
  readonly extraStatistics: boolean;
  readonly messageTimeoutMs: number;
  readonly maxRetryCount: number;
  readonly checkpointAfterMs: number;
  readonly minCheckpointCount: number;
  readonly maxCheckpointCount: number;
  /** 0 for any number. */
  readonly maxSubscriberCount: number;
  readonly liveBufferSize: number;
  readonly readBatchSize: number;
  readonly historyBufferSize: number;
  readonly strategy: Strategy;
}

/** Which records of `$all` a group is about, as stored. */
export interface StoredFilter {
  readonly on: 'stream' | 'type';
  readonly regex: string;
  readonly prefixes: readonly string[];
}

/** A group as it is kept in the store. `source` is a stream's name or `$all`. */
export interface GroupConfig {
  readonly source: string;
  readonly name: string;
  readonly filter?: StoredFilter;
  readonly settings: GroupSettings;
}

export const ALL = '$all';

/** The group's key, which is also the id of its subscriptions. */
export const keyOf = ({ source, name }: Pick<GroupConfig, 'source' | 'name'>): string => `${source}::${name}`;
export const checkpointStream = (config: GroupConfig): string => `$persistentsubscription-${keyOf(config)}-checkpoint`;
export const parkedStream = (config: GroupConfig): string => `$persistentsubscription-${keyOf(config)}-parked`;
