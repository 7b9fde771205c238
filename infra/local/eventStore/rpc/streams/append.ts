import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import type { ServerReadableStream } from '@grpc/grpc-js';
import { ANY, NO_STREAM, STREAM_EXISTS } from '../../log/decideAppend.ts';
import type { ProposedEvent } from '../../log/eventLog.ts';
import { append, type WriteOutcome } from '../../log/write.ts';
import { MissingMetadata } from '../../wire/proposed.ts';
import { InvalidRequest } from '../../wire/shared.ts';
import { AppendReq, AppendResp } from '../../wire/streams.ts';
import { authorize, type Context } from '../context.ts';
import { cancelled, maximumAppendSizeExceeded, missingMetadata, streamDeleted } from '../rpcError.ts';
import type { Rpc } from '../service.ts';
import { AppendTooLarge, CollectedEvents } from './collectedEvents.ts';
import { parseWriteTarget, type WriteTarget } from './writeRequest.ts';

/**
 * Clients that cancel a call say first that they send no more (Node's HTTP/2 does), as if it were complete, and take it
 * back a moment later: 1 to 2 ms where it was measured.
 */
const CANCEL_MS = 5;
const CANCEL_TURNS = 3;

/**
 * Streams.Append, the older way to append: one call, its events one message each, one answer. Written is only what its
 * sender has finished: a call that is cancelled, out of time or cut off before leaves nothing.
 */
export const createAppend = (context: Context): Rpc => ({
  kind: 'requests',
  async answer(requests) {
    const { target, events } = await collect(context, requests);
    await delay(CANCEL_MS);
    // On a busy machine the time is over before what has come is read.
    for (let turn = 0; turn < CANCEL_TURNS; turn++) await setImmediate();
    if (requests.cancelled) throw cancelled();
    const outcome = append(context.log, target.name, target.expected, events);
    await new Promise<void>((resolve) => context.committer.commit(resolve));
    return toAnswer(target, outcome);
  },
});

async function collect(
  context: Context,
  requests: ServerReadableStream<Buffer, Buffer>,
): Promise<{ target: WriteTarget; events: readonly ProposedEvent[] }> {
  let target: WriteTarget | undefined;
  const collected = new CollectedEvents(context.maxAppendBytes);
  try {
    for await (const request of requests) {
      const { options, proposedMessage } = AppendReq.decode(request as Buffer);
      if (!target) {
        target = parseWriteTarget(options);
        authorize(context, requests.metadata, 'write', target.name);
      } else if (!proposedMessage) throw new InvalidRequest('Options may only come first.');
      if (proposedMessage) collected.add(proposedMessage);
    }
  } catch (error) {
    throw requests.cancelled ? cancelled() : toRefusal(error);
  }
  if (!target) throw new InvalidRequest('An append needs options.');
  return { target, events: collected.events };
}

function toRefusal(error: unknown): unknown {
  if (error instanceof MissingMetadata) return missingMetadata(error.message);
  return error instanceof AppendTooLarge ? maximumAppendSizeExceeded(error.maxBytes) : error;
}

function toAnswer({ name, expected }: WriteTarget, outcome: WriteOutcome): Buffer {
  if (outcome.outcome === 'stream-deleted') throw streamDeleted(name);
  if (outcome.outcome === 'written') return AppendResp.encode({ success: toSuccess(outcome) });
  const current = outcome.current < 0 ? undefined : BigInt(outcome.current);
  return AppendResp.encode({
    wrongExpectedVersion: {
      ...(current === undefined
        ? { legacyNoStream: {}, currentNoStream: {} }
        : { legacyCurrentRevision: current, currentRevision: current }),
      ...(expected === ANY && { legacyAny: {}, expectedAny: {} }),
      ...(expected === STREAM_EXISTS && { legacyStreamExists: {}, expectedStreamExists: {} }),
      // The older fields have no way to say "no stream".
      ...(expected === NO_STREAM && { expectedNoStream: {} }),
      ...(expected >= 0n && { legacyExpectedRevision: expected, expectedRevision: expected }),
    },
  });
}

/** The `success` part, the same in both kinds of append. */
export function toSuccess({ revision, position }: Extract<WriteOutcome, { outcome: 'written' }>) {
  return {
    ...(revision < 0 ? { noStream: {} } : { currentRevision: BigInt(revision) }),
    ...(position === undefined
      ? { noPosition: {} }
      : { position: { commit: BigInt(position), prepare: BigInt(position) } }),
  };
}
