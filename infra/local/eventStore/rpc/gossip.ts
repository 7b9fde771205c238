import { newEventId } from '../log/write.ts';
import { bool, int64, message, nested, repeated, string, uint32 } from '../wire/message.ts';
import { Uuid } from '../wire/shared.ts';
import type { Service } from './service.ts';

const EndPoint = message({ address: string(1), port: uint32(2) });
const Member = message({
  instanceId: nested(1, Uuid),
  timeStamp: int64(2),
  state: uint32(3),
  isAlive: bool(4),
  httpEndPoint: nested(5, EndPoint),
});
const ClusterInfo = message({ members: repeated(nested(1, Member)) });

const LEADER = 8;
const TICKS_PER_MS = 10_000n;

/** Gossip: a cluster of one, this node, at the address clients reach it by. */
export function createGossip(endPoint: () => { address: string; port: number }): Service {
  // Clients refuse bytes that are not a UUID of a known version.
  const id = newEventId();
  const instanceId = {
    structured: { mostSignificant: id.readBigInt64BE(0), leastSignificant: id.readBigInt64BE(8) },
  };
  return {
    name: 'event_store.client.gossip.Gossip',
    rpcs: {
      Read: {
        kind: 'unary',
        answer: () =>
          ClusterInfo.encode({
            members: [
              {
                instanceId,
                timeStamp: BigInt(Date.now()) * TICKS_PER_MS,
                state: LEADER,
                isAlive: true,
                httpEndPoint: endPoint(),
              },
            ],
          }),
      },
    },
  };
}
