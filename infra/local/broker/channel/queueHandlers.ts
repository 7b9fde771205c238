import { replyQueue } from '../vhost/directReply.ts';
import type { MethodHandlers } from './methodHandlers.ts';
import { bindQueue, declareQueue, deleteQueue, findOwnQueue, unbindQueue } from './queueMethods.ts';

export const queueHandlers: MethodHandlers = {
  'queue.declare': (channel, method) => {
    const { vhost, owner } = channel.link;
    if (method.queue === replyQueue || vhost.hasReplyTarget(method.queue)) {
      // Declaring it is how a server asks whether the one who wants a reply is still there.
      channel.send('queue.declare-ok', { queue: method.queue, messageCount: 0, consumerCount: 1 });
      return;
    }
    const queue = declareQueue(vhost, owner, method);
    channel.lastQueue = queue.name;
    const { name, messageCount, consumerCount } = queue;
    if (!method.noWait) channel.send('queue.declare-ok', { queue: name, messageCount, consumerCount });
  },
  'queue.bind': (channel, method) => {
    const { vhost, owner } = channel.link;
    bindQueue(vhost, owner, { ...method, queue: channel.queueName(method.queue) });
    if (!method.noWait) channel.send('queue.bind-ok', {});
  },
  'queue.unbind': (channel, method) => {
    unbindQueue(channel.link.vhost, { ...method, queue: channel.queueName(method.queue) });
    channel.send('queue.unbind-ok', {});
  },
  'queue.purge': (channel, method) => {
    const { vhost, owner } = channel.link;
    const messageCount = findOwnQueue(vhost, owner, channel.queueName(method.queue)).purge();
    if (!method.noWait) channel.send('queue.purge-ok', { messageCount });
  },
  'queue.delete': (channel, method) => {
    const { vhost, owner } = channel.link;
    const messageCount = deleteQueue(vhost, owner, { ...method, queue: channel.queueName(method.queue) });
    if (!method.noWait) channel.send('queue.delete-ok', { messageCount });
  },
};
