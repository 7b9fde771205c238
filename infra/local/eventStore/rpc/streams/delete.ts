import type { WriteOutcome } from '../../log/write.ts';
import { softDelete, tombstone } from '../../log/write.ts';
import { DeleteReq, DeleteResp } from '../../wire/streams.ts';
import { authorize, type Context } from '../context.ts';
import { streamDeleted, wrongExpectedVersion } from '../rpcError.ts';
import type { Rpc } from '../service.ts';
import { parseWriteTarget, type WriteTarget } from './writeRequest.ts';

/** Streams.Delete: soft, the stream can be written again. */
export const createDelete = (context: Context): Rpc => createRemoval(context, softDelete);

/** Streams.Tombstone: for good. */
export const createTombstone = (context: Context): Rpc => createRemoval(context, tombstone);

function createRemoval(context: Context, remove: typeof softDelete): Rpc {
  return {
    kind: 'unary',
    async answer(request, headers) {
      const { log, committer } = context;
      const target = parseWriteTarget(DeleteReq.decode(request).options);
      authorize(context, headers, 'delete', target.name);
      const outcome = remove(log, target.name, target.expected);
      await new Promise<void>((resolve) => committer.commit(resolve));
      return toAnswer(target, outcome);
    },
  };
}

function toAnswer({ name, expected }: WriteTarget, outcome: WriteOutcome): Buffer {
  switch (outcome.outcome) {
    case 'stream-deleted':
      throw streamDeleted(name);
    case 'wrong-expected':
      throw wrongExpectedVersion(name, expected, outcome.current);
    case 'written': {
      const position = BigInt(outcome.position ?? 0);
      return DeleteResp.encode({ position: { commit: position, prepare: position } });
    }
  }
}
