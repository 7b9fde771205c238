import * as z from 'zod/mini';

/** How consumers share a group's messages. */
export const STRATEGIES = ['DispatchToSingle', 'RoundRobin', 'Pinned', 'PinnedByCorrelation'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** Where a group without a checkpoint begins, inclusive: a revision of its stream, or a commit position of `$all`. */
const groupStart = z.union([z.enum(['start', 'end']), z.int().check(z.nonnegative())]);
export type GroupStart = z.infer<typeof groupStart>;

const count = z.int().check(z.nonnegative());

/** A group's settings, as clients set them. Buffer sizes are echoed; they never change what is delivered. */
const groupSettings = z.object({
  start: groupStart,
  resolvesLinks: z.boolean(),
  extraStatistics: z.boolean(),
  messageTimeoutMs: count,
  maxRetryCount: count,
  checkpointAfterMs: count,
  minCheckpointCount: count,
  maxCheckpointCount: count,
  /** 0 for any number. */
  maxSubscriberCount: count,
  liveBufferSize: count,
  readBatchSize: count,
  historyBufferSize: count,
  strategy: z.enum(STRATEGIES),
});
export type GroupSettings = Readonly<z.infer<typeof groupSettings>>;

/** Which records of `$all` a group is about, as stored. */
const storedFilter = z.object({
  on: z.enum(['stream', 'type']),
  regex: z.string(),
  prefixes: z.readonly(z.array(z.string())),
});
export type StoredFilter = Readonly<z.infer<typeof storedFilter>>;

/** A group as it is kept in the store. `source` is a stream's name or `$all`. */
export const groupConfig = z.object({
  source: z.string().check(z.minLength(1)),
  name: z.string().check(z.minLength(1)),
  filter: z.exactOptional(storedFilter),
  settings: groupSettings,
});
export type GroupConfig = Readonly<z.infer<typeof groupConfig>>;

export const ALL = '$all';

/** The group's key, which is also the id of its subscriptions. */
export const keyOf = ({ source, name }: Pick<GroupConfig, 'source' | 'name'>): string => `${source}::${name}`;
export const checkpointStream = (config: GroupConfig): string => `$persistentsubscription-${keyOf(config)}-checkpoint`;
export const parkedStream = (config: GroupConfig): string => `$persistentsubscription-${keyOf(config)}-parked`;
