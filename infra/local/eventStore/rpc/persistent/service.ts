import type { Groups } from '../../persistent/groups.ts';
import { ALL } from '../../persistent/settings.ts';
import {
  CreateReq,
  DeleteReq,
  GetInfoReq,
  GetInfoResp,
  ListReq,
  ListResp,
  ReplayParkedReq,
} from '../../wire/persistent.ts';
import { InvalidRequest } from '../../wire/shared.ts';
import { type Context, managed } from '../context.ts';
import type { Rpc, Service } from '../service.ts';
import { doesNotExist, exists, failed } from './errors.ts';
import { toGroupInfo } from './groupInfo.ts';
import { parseGroup } from './parseGroup.ts';
import { createGroupRead } from './read.ts';

const NOTHING = Buffer.alloc(0);
const BOTH = ['stream', 'all'];

interface Target {
  readonly streamIdentifier?: { readonly streamName?: string | undefined } | undefined;
  readonly all?: object | undefined;
  readonly groupName?: string | undefined;
}

export function createPersistentSubscriptionsService(context: Context, groups: Groups): Service {
  const { log, committer } = context;
  const answerNothing = (): Promise<Buffer> => new Promise((resolve) => committer.commit(() => resolve(NOTHING)));
  const find = (target: Target | undefined) => {
    if (!target) throw new InvalidRequest('The options are missing.');
    const id = { source: target.all ? ALL : (target.streamIdentifier?.streamName ?? ''), name: target.groupName ?? '' };
    const group = groups.find(id.source, id.name);
    if (!group) throw doesNotExist(id);
    return group;
  };
  const unary = (answer: (request: Buffer) => Buffer | Promise<Buffer>): Rpc => managed(context, answer);
  const rpcs: Record<string, Rpc> = {
    Create: unary((request) => {
      const config = parseGroup(CreateReq.decode(request).options, log.lastPosition);
      if (groups.find(config.source, config.name)) throw exists(config);
      groups.put(config);
      return answerNothing();
    }),
    Update: unary((request) => {
      const config = parseGroup(CreateReq.decode(request).options, log.lastPosition);
      const before = groups.find(config.source, config.name)?.config;
      if (!before) throw doesNotExist(config);
      groups.put({ ...config, ...(before.filter && { filter: before.filter }) });
      return answerNothing();
    }),
    Delete: unary((request) => {
      groups.remove(find(DeleteReq.decode(request).options));
      return answerNothing();
    }),
    Read: createGroupRead(context, groups),
    GetInfo: unary((request) => {
      const group = find(GetInfoReq.decode(request).options);
      return GetInfoResp.encode({ subscriptionInfo: toGroupInfo(group) });
    }),
    ReplayParked: unary((request) => {
      const { options } = ReplayParkedReq.decode(request);
      const group = find(options);
      const stopAt = options?.stopAt ?? undefined;
      if (stopAt !== undefined && stopAt < 0n) {
        throw failed(group.config, 'Cannot stop replaying parked message at a negative version.');
      }
      group.replayParked(stopAt === undefined ? Number.POSITIVE_INFINITY : Number(stopAt));
      return NOTHING;
    }),
    List: unary((request) => {
      const { options } = ListReq.decode(request);
      const { listForStream } = options ?? {};
      const source = listForStream && (listForStream.all ? ALL : (listForStream.stream?.streamName ?? ''));
      const found = groups.list(source);
      if (!found) throw doesNotExist({ source: source ?? '', name: '' });
      return ListResp.encode({ subscriptions: found.map(toGroupInfo) });
    }),
    RestartSubsystem: unary(() => {
      groups.restart();
      return NOTHING;
    }),
  };
  return {
    name: 'event_store.client.persistent_subscriptions.PersistentSubscriptions',
    rpcs,
    features: Object.fromEntries(Object.keys(rpcs).map((name) => [name, BOTH])),
  };
}
