import { status } from '@grpc/grpc-js';
import { resolveLink } from '../../log/links.ts';
import { type ReadableWindow, readableWindow, stateOf } from '../../log/readable.ts';
import type { Stream } from '../../log/stream.ts';
import { PendingEvent } from '../../wire/outgoing.ts';
import { ReadResp } from '../../wire/streams.ts';
import type { Context } from '../context.ts';
import type { Output } from '../output.ts';
import { RpcError, streamDeleted } from '../rpcError.ts';
import type { ReadQuery } from './readQuery.ts';

export type StreamQuery = Extract<ReadQuery, { kind: 'stream' }>;

/** Sends the readable events of one stream, as many as asked for, and ends. Costs what it sends. */
export async function readStream({ log }: Context, query: StreamQuery, output: Output): Promise<void> {
  const state = stateOf(log, query.name);
  if (state.status === 'tombstoned') throw streamDeleted(query.name);
  if (query.count === 0 || (query.from === 'end' && !query.isBackwards)) {
    throw new RpcError(status.UNKNOWN, 'Unexpected ReadStreamResult: Error');
  }
  if (state.status === 'missing') {
    output.send(ReadResp.encode({ streamNotFound: { streamIdentifier: { streamName: query.name } } }));
    return;
  }
  const { stream } = state;
  const window = readableWindow(log, stream);
  const first = query.from === 'start' ? 0 : query.from === 'end' ? window.last : query.from;
  const next = nextRevision(query, window, first);
  if (query.tellsEnds && next !== undefined && next !== first) {
    output.send(ReadResp.encode({ firstStreamPosition: BigInt(next) }));
  }
  for (const ordinal of select(query, stream, window, first, log.records.createdMs.bind(log.records))) {
    const resolved = query.resolvesLinks ? resolveLink(log, ordinal) : { event: ordinal, link: undefined };
    if (!output.send(new PendingEvent(log, resolved, query))) await output.ready();
    if (output.isClosed) return;
  }
  if (query.tellsEnds) output.send(ReadResp.encode({ lastStreamPosition: BigInt(window.last) }));
}

/** Where a client goes on when its first page is empty; the real server reads pages of this size at most. */
const PAGE = 32;

function nextRevision({ isBackwards, count }: StreamQuery, { min, last }: ReadableWindow, first: number) {
  if (isBackwards) return undefined;
  if (first + Math.min(PAGE, count) - 1 < min) return min;
  return Math.max(first, min) > last ? last + 1 : undefined;
}

function* select(
  { isBackwards, count }: StreamQuery,
  stream: Stream,
  { min, last, oldestMs }: ReadableWindow,
  first: number,
  createdMs: (ordinal: number) => number,
): Generator<number> {
  let left = count;
  const step = isBackwards ? -1 : 1;
  const start = isBackwards ? Math.min(first, last) : Math.max(first, min);
  for (let revision = start; revision >= min && revision <= last && left > 0; revision += step) {
    const ordinal = stream.ordinals[revision] as number;
    if (createdMs(ordinal) >= oldestMs) {
      left--;
      yield ordinal;
    } else if (isBackwards) return;
  }
}
