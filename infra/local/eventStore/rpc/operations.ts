import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import type { Groups } from '../persistent/groups.ts';
import { message, nested, string, uint32 } from '../wire/message.ts';
import { type Context, managed } from './context.ts';
import { RpcError } from './rpcError.ts';
import type { Service } from './service.ts';

const StopScavengeReq = message({ options: nested(1, message({ scavengeId: string(1) })) });
const ScavengeResp = message({ scavengeId: string(1), scavengeResult: uint32(2) });
const NOTHING = Buffer.alloc(0);
const STARTED = 0;

/**
 * Operations: what an operator's script calls is accepted. There is nothing to scavenge or to merge, and one node only;
 * a scavenge is over as soon as it has started. `shutDown` ends the server.
 */
export function createOperationsService(context: Context, groups: Groups, shutDown: () => void): Service {
  const nothing = managed(context, () => NOTHING);
  return {
    name: 'event_store.client.operations.Operations',
    rpcs: {
      StartScavenge: managed(context, () => ScavengeResp.encode({ scavengeId: randomUUID(), scavengeResult: STARTED })),
      StopScavenge: managed(context, (request) => {
        const id = StopScavengeReq.decode(request).options?.scavengeId ?? '';
        const trailers = { exception: 'scavenge-not-found', 'scavenge-id': id };
        throw new RpcError(status.NOT_FOUND, 'Scavenge id was invalid.', trailers);
      }),
      Shutdown: managed(context, () => {
        // The answer goes out first.
        setImmediate(shutDown);
        return NOTHING;
      }),
      MergeIndexes: nothing,
      ResignNode: nothing,
      SetNodePriority: nothing,
      RestartPersistentSubscriptions: managed(context, () => {
        groups.restart();
        return NOTHING;
      }),
    },
  };
}
