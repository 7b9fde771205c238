import type { EventFilter } from '../../log/filter.ts';
import { toPattern } from '../../log/pattern.ts';
import type { MessageValue } from '../../wire/message.ts';
import { InvalidRequest } from '../../wire/shared.ts';
import { type Filter, type ReadOptions, ReadReq } from '../../wire/streams.ts';
import { checkLength } from '../checkLength.ts';

/** Where in a stream or in the log to begin: a number is a revision or a commit position. */
export type From = 'start' | 'end' | number;

interface Common {
  readonly resolvesLinks: boolean;
  readonly uuidAsText: boolean;
  readonly from: From;
}

/** A read request, understood. `count` may be infinite for all practical purposes (2^53). */
export type ReadQuery = Common &
  (
    | {
        readonly kind: 'stream';
        readonly name: string;
        readonly isBackwards: boolean;
        readonly count: number;
        readonly tellsEnds: boolean;
      }
    | {
        readonly kind: 'all';
        readonly isBackwards: boolean;
        readonly count: number;
        readonly filter: EventFilter | undefined;
      }
    | { readonly kind: 'streamSubscription'; readonly name: string }
    | {
        readonly kind: 'allSubscription';
        readonly filter: EventFilter | undefined;
        /** After how many records looked at a checkpoint is due; only with a filter. */
        readonly checkpointInterval: number;
      }
  );

const WINDOW_BY_DEFAULT = 32;
/** Each name is compared with all of them. */
const MOST_PREFIXES = 10_000;

/** Throws `InvalidRequest` naming what is wrong. */
export function parseReadQuery(request: Buffer): ReadQuery {
  const { options } = ReadReq.decode(request);
  if (!options) throw new InvalidRequest('A read needs options.');
  if (!options.uuidOption?.string && !options.uuidOption?.structured) {
    throw new InvalidRequest("'uuid_option' is missing.");
  }
  const isBackwards = options.readDirection === 1;
  if (options.readDirection !== undefined && options.readDirection > 1) {
    throw new InvalidRequest(`'${options.readDirection}' is not a valid read direction.`);
  }
  const common = { resolvesLinks: options.resolveLinks ?? false, uuidAsText: options.uuidOption.string !== undefined };
  if (!options.filter && !options.noFilter) throw new InvalidRequest("Neither 'filter' nor 'no_filter' is given.");
  if (options.subscription && isBackwards)
    throw new InvalidRequest('The combination of subscription and backwards is invalid.');
  return options.stream
    ? { ...common, ...parseStream(options, options.stream, isBackwards) }
    : { ...common, ...parseAll(options, isBackwards) };
}

type Options = MessageValue<typeof ReadOptions>;

function parseStream(options: Options, stream: NonNullable<Options['stream']>, isBackwards: boolean) {
  if (options.filter) throw new InvalidRequest('The combination of stream and filter is invalid.');
  const name = stream.streamIdentifier?.streamName ?? '';
  if (name === '') throw new InvalidRequest("'' is not a valid stream name.");
  const { revision } = stream;
  const from: From | undefined =
    revision !== undefined ? toFrom(revision) : stream.start ? 'start' : stream.end ? 'end' : undefined;
  if (from === undefined) throw new InvalidRequest("None of 'revision', 'start' and 'end' is given.");
  if (options.subscription) return { kind: 'streamSubscription' as const, name, from };
  const tellsEnds = (options.controlOption?.compatibility ?? 0) >= 1;
  return { kind: 'stream' as const, name, from, isBackwards, count: parseCount(options), tellsEnds };
}

function parseAll(options: Options, isBackwards: boolean) {
  const { all } = options;
  if (!all) throw new InvalidRequest("Neither 'stream' nor 'all' is given.");
  const from: From | undefined = all.position
    ? toFrom(all.position.commit ?? 0n)
    : all.start
      ? 'start'
      : all.end
        ? 'end'
        : undefined;
  if (from === undefined) throw new InvalidRequest("None of 'position', 'start' and 'end' is given.");
  if (all.position && (all.position.prepare ?? 0n) > (all.position.commit ?? 0n)) {
    throw new InvalidRequest('The prepare position must not be greater than the commit position.');
  }
  const filter = options.filter && parseFilter(options.filter);
  if (!options.subscription) return { kind: 'all' as const, from, isBackwards, count: parseCount(options), filter };
  const checkpointInterval = options.filter ? parseInterval(options.filter) : Number.POSITIVE_INFINITY;
  return { kind: 'allSubscription' as const, from, filter, checkpointInterval };
}

/** 2^64-1 means the end; everything above 2^53 lies beyond any log. */
export function toFrom(value: bigint): From {
  if (value === 2n ** 64n - 1n) return 'end';
  return value > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : Number(value);
}

function parseCount(options: Options): number {
  if (options.count === undefined) throw new InvalidRequest("Neither 'count' nor 'subscription' is given.");
  return Number(options.count);
}

/** Throws `InvalidRequest` when no window is set or the expression can't be used. */
export function parseFilter(filter: MessageValue<typeof Filter>): EventFilter {
  const on = filter.streamIdentifier ? 'stream' : 'type';
  const expression = filter.streamIdentifier ?? filter.eventType;
  if (!expression) throw new InvalidRequest("Neither 'stream_identifier' nor 'event_type' is given.");
  if (filter.max === undefined && !filter.count) throw new InvalidRequest("Neither 'max' nor 'count' is given.");
  const pattern = expression.regex ? toPattern(expression.regex) : undefined;
  const prefixes = expression.prefix ?? [];
  if (prefixes.length > MOST_PREFIXES) throw new InvalidRequest(`A filter has at most ${MOST_PREFIXES} prefixes.`);
  for (const prefix of prefixes) checkLength('A prefix', prefix);
  return { on, pattern, prefixes };
}

function parseInterval(filter: MessageValue<typeof Filter>): number {
  const multiplier = filter.checkpointIntervalMultiplier ?? 0;
  if (multiplier === 0) throw new InvalidRequest("'checkpointIntervalMultiplier' must be greater than 0.");
  return multiplier * Math.max(1, filter.max ?? WINDOW_BY_DEFAULT);
}
