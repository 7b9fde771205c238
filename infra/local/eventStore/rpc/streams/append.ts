import type { ServerReadableStream } from '@grpc/grpc-js';
import { ANY, NO_STREAM, STREAM_EXISTS } from '../../log/decideAppend.ts';
import type { ProposedEvent } from '../../log/eventLog.ts';
import { append, type WriteOutcome } from '../../log/write.ts';
import { MissingMetadata, toProposedEvent } from '../../wire/proposed.ts';
import { InvalidRequest } from '../../wire/shared.ts';
import { AppendReq, AppendResp } from '../../wire/streams.ts';
import { authorize, type Context } from '../context.ts';
import { maximumAppendSizeExceeded, missingMetadata, streamDeleted } from '../rpcError.ts';
import type { Rpc } from '../service.ts';
import { parseWriteTarget, type WriteTarget } from './writeRequest.ts';

/** Streams.Append, the older way to append: one call, its events one message each, one answer. */
export const createAppend = (context: Context): Rpc => ({
  kind: 'requests',
  async answer(requests) {
    const { target, events } = await collect(context, requests);
    authorize(context, requests.metadata, 'write', target.name);
    const outcome = append(context.log, target.name, target.expected, events);
    await new Promise<void>((resolve) => context.committer.commit(resolve));
    return toAnswer(target, outcome);
  },
});

async function collect(
  { maxAppendBytes }: Context,
  requests: ServerReadableStream<Buffer, Buffer>,
): Promise<{ target: WriteTarget; events: ProposedEvent[] }> {
  let target: WriteTarget | undefined;
  const events: ProposedEvent[] = [];
  let bytes = 0;
  for await (const request of requests) {
    const { options, proposedMessage } = AppendReq.decode(request as Buffer);
    if (!target) target = parseWriteTarget(options);
    else if (!proposedMessage) throw new InvalidRequest('Options may only come first.');
    if (!proposedMessage) continue;
    events.push(toEvent(proposedMessage));
    bytes += proposedMessage.data?.length ?? 0;
    if (bytes > maxAppendBytes) throw maximumAppendSizeExceeded(maxAppendBytes);
  }
  if (!target) throw new InvalidRequest('An append needs options.');
  return { target, events };
}

function toEvent(message: Parameters<typeof toProposedEvent>[0]): ProposedEvent {
  try {
    return toProposedEvent(message);
  } catch (error) {
    throw error instanceof MissingMetadata ? missingMetadata(error.message) : error;
  }
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
