import { toDelivered } from '../queues/toDelivered.ts';
import { replyQueue } from '../vhost/directReply.ts';
import { AmqpError } from '../wire/amqpError.ts';
import type { MethodOf } from '../wire/methods.ts';
import type { Channel } from './channel.ts';
import type { MethodHandlers } from './methodHandlers.ts';
import { findOwnQueue } from './queueMethods.ts';

export const basicHandlers: MethodHandlers = {
  'basic.publish': (channel, method) => channel.expectContent(method),
  'basic.ack': (channel, method) => channel.settle(method.deliveryTag, method.multiple, 'ack'),
  'basic.nack': (channel, method) =>
    channel.settle(method.deliveryTag, method.multiple, method.requeue ? 'requeue' : 'reject'),
  'basic.reject': (channel, method) => channel.settle(method.deliveryTag, false, method.requeue ? 'requeue' : 'reject'),
  'basic.qos': (channel, method) => {
    channel.consumption.limit(method);
    channel.send('basic.qos-ok', {});
  },
  'basic.consume': (channel, method) => {
    if (method.queue === replyQueue) {
      const consumerTag = channel.consumption.awaitReplies(method);
      if (!method.noWait) channel.send('basic.consume-ok', { consumerTag });
      return;
    }
    const consumer = channel.consumption.subscribe(method, channel.queueName(method.queue));
    if (!method.noWait) channel.send('basic.consume-ok', { consumerTag: consumer.tag });
    consumer.queue.deliver();
  },
  'basic.cancel': (channel, { consumerTag, noWait }) => {
    channel.consumption.cancel(consumerTag);
    if (!noWait) channel.send('basic.cancel-ok', { consumerTag });
  },
  'basic.cancel-ok': () => {},
  'basic.get': get,
  'basic.recover': (channel, { requeue }) => {
    recover(channel, requeue);
    channel.send('basic.recover-ok', {});
  },
  'basic.recover-async': (channel, { requeue }) => recover(channel, requeue),
};

function get(channel: Channel, method: MethodOf<'basic.get'>): void {
  const { vhost, owner } = channel.link;
  const queue = findOwnQueue(vhost, owner, channel.queueName(method.queue));
  if (queue.settings.type === 'quorum' && queue.settings.isSingleActive) {
    const why = 'basic.get operations are not supported by quorum queues with single active consumer';
    throw new AmqpError('RESOURCE_LOCKED', `cannot obtain access to locked ${queue.title}. ${why}`);
  }
  const queued = queue.get();
  if (queued === undefined) {
    channel.send('basic.get-empty', {});
    return;
  }
  const { deliveries } = channel.consumption;
  const tag = deliveries.nextTag();
  if (!method.noAck) deliveries.add({ tag, queue, queued, consumer: undefined });
  channel.send('basic.get-ok', {
    deliveryTag: tag,
    redelivered: queued.isRedelivered,
    exchange: queued.message.exchange,
    routingKey: queued.message.routingKey,
    messageCount: queue.messageCount,
  });
  channel.sendContent(toDelivered(queue, queued));
}

function recover(channel: Channel, isRequeue: boolean): void {
  if (!isRequeue) throw new AmqpError('NOT_IMPLEMENTED', 'requeue=false');
  channel.recover();
}
