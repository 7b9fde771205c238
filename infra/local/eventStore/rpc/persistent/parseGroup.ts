import {
  ALL,
  type GroupConfig,
  type GroupSettings,
  type GroupStart,
  STRATEGIES,
  type StoredFilter,
  type Strategy,
} from '../../persistent/settings.ts';
import type { MessageValue } from '../../wire/message.ts';
import type { CreateOptions } from '../../wire/persistent.ts';
import { InvalidRequest } from '../../wire/shared.ts';
import { checkLength } from '../checkLength.ts';
import { parseFilter, toFrom } from '../streams/readQuery.ts';
import { failed } from './errors.ts';

type Options = MessageValue<typeof CreateOptions>;
const NAMED_STRATEGIES: readonly Strategy[] = ['DispatchToSingle', 'RoundRobin', 'Pinned'];
const TICKS_PER_MS = 10_000n;

/**
 * The group a Create or Update describes. A group of a stream may come in the deprecated fields.
 * Throws `InvalidRequest`, or "failed" with the reason. `lastPosition` is the log's end.
 */
export function parseGroup(options: Options | undefined, lastPosition: number): GroupConfig {
  if (!options?.settings) throw new InvalidRequest('A group needs options with settings.');
  const name = options.groupName ?? '';
  if (name === '') throw new InvalidRequest('A group needs a name.');
  checkLength("A group's name", name);
  if (options.all) return parseAllGroup(options, options.all, name, lastPosition);
  const source = options.stream?.streamIdentifier?.streamName ?? options.streamIdentifier?.streamName ?? '';
  const id = { source, name };
  checkLength('A stream name', source);
  if (source === '') throw failed(id, 'Bad stream name.');
  if (source === ALL) {
    throw failed(id, 'Persistent subscriptions to $all are only supported over gRPC through gRPC clients');
  }
  const { stream } = options;
  const start: GroupStart = stream
    ? stream.end
      ? 'end'
      : stream.revision === undefined
        ? 'start'
        : toFrom(stream.revision)
    : toFrom(options.settings.revision ?? 0n);
  return { ...id, settings: parseSettings(options.settings, start === 0 ? 'start' : start, id) };
}

function parseAllGroup(
  options: Options,
  all: NonNullable<Options['all']>,
  name: string,
  lastPosition: number,
): GroupConfig {
  const id = { source: ALL, name };
  const { commit = 0n, prepare = 0n } = all.position ?? {};
  if (all.position && (prepare > commit || commit > BigInt(lastPosition))) {
    throw failed(
      id,
      `Invalid Start From position: event position C:${commit}/P:${prepare}, log end C:${lastPosition}.`,
    );
  }
  const start: GroupStart = all.end ? 'end' : commit === 0n ? 'start' : Number(commit);
  const settings = parseSettings(options.settings ?? {}, start, id);
  const filter = all.filter && toStoredFilter(all.filter);
  return { ...id, settings, ...(filter && { filter }) };
}

function toStoredFilter(filter: Parameters<typeof parseFilter>[0]): StoredFilter {
  const { on, prefixes } = parseFilter(filter);
  return { on, prefixes, regex: (filter.streamIdentifier ?? filter.eventType)?.regex ?? '' };
}

function parseSettings(
  settings: NonNullable<Options['settings']>,
  start: GroupStart,
  id: { source: string; name: string },
): GroupSettings {
  const { readBatchSize = 0, historyBufferSize = 0 } = settings;
  if (readBatchSize >= historyBufferSize) {
    throw failed(
      id,
      `Specified argument was out of the range of valid values. (Parameter 'readBatchSize must be less than historyBufferSize: ${readBatchSize} >= ${historyBufferSize}')`,
    );
  }
  const counts = {
    messageTimeoutMs: settings.messageTimeoutMs ?? fromTicks(settings.messageTimeoutTicks) ?? 0,
    maxRetryCount: settings.maxRetryCount ?? 0,
    checkpointAfterMs: settings.checkpointAfterMs ?? fromTicks(settings.checkpointAfterTicks) ?? 0,
    minCheckpointCount: settings.minCheckpointCount ?? 0,
    maxCheckpointCount: settings.maxCheckpointCount ?? 0,
    maxSubscriberCount: settings.maxSubscriberCount ?? 0,
    liveBufferSize: settings.liveBufferSize ?? 0,
    readBatchSize,
    historyBufferSize,
  };
  for (const [setting, value] of Object.entries(counts)) {
    if (value < 0) throw new InvalidRequest(`'${setting}' must not be negative, but is ${value}.`);
  }
  return {
    start,
    resolvesLinks: settings.resolveLinks ?? false,
    extraStatistics: settings.extraStatistics ?? false,
    ...counts,
    strategy: parseStrategy(settings, id),
  };
}

function fromTicks(ticks: bigint | undefined): number | undefined {
  return ticks === undefined ? undefined : Number(ticks / TICKS_PER_MS);
}

function parseStrategy(settings: NonNullable<Options['settings']>, id: { source: string; name: string }): Strategy {
  const given = settings.consumerStrategy || NAMED_STRATEGIES[settings.namedConsumerStrategy ?? 0];
  const strategy = STRATEGIES.find((known) => known === given);
  if (!strategy) throw failed(id, `Consumer strategy ${given ?? settings.namedConsumerStrategy} does not exist.`);
  return strategy;
}
