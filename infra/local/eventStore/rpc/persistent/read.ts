import type { ServerDuplexStream } from '@grpc/grpc-js';
import { Consumer } from '../../persistent/consumer.ts';
import type { Group, NackAction } from '../../persistent/group.ts';
import type { Groups } from '../../persistent/groups.ts';
import { ALL, keyOf } from '../../persistent/settings.ts';
import type { MessageValue } from '../../wire/message.ts';
import { type Outgoing, PendingEvent } from '../../wire/outgoing.ts';
import { ReadReq, ReadResp } from '../../wire/persistent.ts';
import { InvalidRequest, toUuidBytes, type Uuid } from '../../wire/shared.ts';
import { authorize, type Context, callerOf } from '../context.ts';
import type { Output } from '../output.ts';
import type { Rpc } from '../service.ts';
import { doesNotExist, dropped, tooManySubscribers } from './errors.ts';

const ACTIONS: readonly NackAction[] = ['retry', 'park', 'retry', 'skip', 'stop'];

/** PersistentSubscriptions.Read: the first message joins a group, the later ones settle what it sent. */
export const createGroupRead = (context: Context, groups: Groups): Rpc => ({
  kind: 'both',
  answer(requests, output) {
    let joined: { group: Group; consumer: Consumer } | undefined;
    requests.on('data', (bytes: Buffer) => {
      try {
        const request = ReadReq.decode(bytes);
        if (!joined) joined = join(context, groups, request, requests, output);
        else settle(joined, request);
      } catch (error) {
        output.fail(error);
      }
    });
    requests.on('end', () => output.end());
  },
});

function join(
  context: Context,
  groups: Groups,
  { options }: MessageValue<typeof ReadReq>,
  requests: ServerDuplexStream<Buffer, Outgoing>,
  output: Output,
): { group: Group; consumer: Consumer } {
  const { log } = context;
  if (!options) throw new InvalidRequest('The first message must have options.');
  const { bufferSize = 10, uuidOption } = options;
  if (bufferSize <= 0) throw new InvalidRequest(`'buffer_size' must be greater than 0, but is ${bufferSize}.`);
  const id = {
    source: options.all ? ALL : (options.streamIdentifier?.streamName ?? ''),
    name: options.groupName ?? '',
  };
  authorize(context, requests.metadata, 'read', id.source);
  const group = groups.find(id.source, id.name);
  if (!group) throw doesNotExist(id);
  const { maxSubscriberCount } = group.config.settings;
  if (maxSubscriberCount > 0 && group.consumers.size >= maxSubscriberCount) throw tooManySubscribers(id);

  const uuidAsText = uuidOption?.string !== undefined;
  const consumer = new Consumer({
    slots: bufferSize,
    from: output.peer,
    userName: callerOf(context, requests.metadata).name,
    connectionName: String(requests.metadata.get('connection-name')[0] ?? '<unknown>'),
    deliver({ event, retryCount }) {
      if (output.send(new PendingEvent(log, event, { uuidAsText, retryCount }))) return;
      void output.ready().then(() => group.resume());
    },
    isReady: () => !output.isFull,
    drop: () => output.fail(dropped(id)),
  });
  output.send(ReadResp.encode({ subscriptionConfirmation: { subscriptionId: keyOf(id) } }));
  output.onClose(() => group.remove(consumer));
  group.add(consumer);
  return { group, consumer };
}

function settle(
  { group, consumer }: { group: Group; consumer: Consumer },
  { ack, nack }: MessageValue<typeof ReadReq>,
): void {
  if (ack) group.acknowledge(consumer, toIds(ack.ids));
  else if (nack) {
    const action = ACTIONS[nack.action ?? 0];
    if (!action) throw new InvalidRequest(`'${nack.action}' is not a valid action.`);
    group.reject(consumer, toIds(nack.ids), action, nack.reason ?? '');
  } else throw new InvalidRequest('Options may only come first.');
}

function toIds(ids: readonly MessageValue<typeof Uuid>[] = []): string[] {
  return ids.map((id) => toUuidBytes(id).toString('hex'));
}
