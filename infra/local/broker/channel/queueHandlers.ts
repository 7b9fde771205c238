import type { MethodHandlers } from './methodHandlers.ts';
import { bindQueue, declareQueue, deleteQueue, findOwnQueue, unbindQueue } from './queueMethods.ts';

/** An empty queue name means the queue last declared on the channel. */
export const queueHandlers: MethodHandlers = {
  'queue.declare': (channel, method) => {
    const { vhost, owner } = channel.link;
    const queue = declareQueue(vhost, owner, method);
    channel.lastQueue = queue.name;
    const { name, messageCount, consumerCount } = queue;
    if (!method.noWait) channel.send('queue.declare-ok', { queue: name, messageCount, consumerCount });
  },
  'queue.bind': (channel, method) => {
    const { vhost, owner } = channel.link;
    bindQueue(vhost, owner, { ...method, queue: method.queue || channel.lastQueue });
    if (!method.noWait) channel.send('queue.bind-ok', {});
  },
  'queue.unbind': (channel, method) => {
    unbindQueue(channel.link.vhost, { ...method, queue: method.queue || channel.lastQueue });
    channel.send('queue.unbind-ok', {});
  },
  'queue.purge': (channel, method) => {
    const { vhost, owner } = channel.link;
    const messageCount = findOwnQueue(vhost, owner, method.queue || channel.lastQueue).purge();
    if (!method.noWait) channel.send('queue.purge-ok', { messageCount });
  },
  'queue.delete': (channel, method) => {
    const { vhost, owner } = channel.link;
    const messageCount = deleteQueue(vhost, owner, { ...method, queue: method.queue || channel.lastQueue });
    if (!method.noWait) channel.send('queue.delete-ok', { messageCount });
  },
};
