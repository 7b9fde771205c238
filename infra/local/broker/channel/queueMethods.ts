import { randomBytes } from 'node:crypto';
import type { Queue } from '../queues/queue.ts';
import { checkQueueArguments, checkSameQueueArguments } from '../queues/queueArguments.ts';
import type { VirtualHost } from '../vhost/virtualHost.ts';
import { AmqpError } from '../wire/amqpError.ts';
import { textOf } from '../wire/fieldTable.ts';
import type { MethodOf } from '../wire/methods.ts';
import { checkNotDefault } from './exchangeMethods.ts';

/** A name that nobody has, as the broker gives it to queues and consumers: `amq.gen-` or `amq.ctag-` and 22 characters. */
export function generateName(prefix: 'amq.gen-' | 'amq.ctag-'): string {
  return prefix + randomBytes(16).toString('base64url');
}

/** Refuses with 405 if the queue belongs to another connection. */
function checkOwner(queue: Queue, owner: object): void {
  if (queue.declaration.owner === undefined || queue.declaration.owner === owner) return;
  throw lockedError(queue);
}

function lockedError(queue: Queue): AmqpError {
  const text =
    `cannot obtain exclusive access to locked ${queue.title}. It could be originally declared on another connection` +
    ' or the exclusive property value does not match that of the original declaration.';
  return new AmqpError('RESOURCE_LOCKED', text);
}

/** The queue of that name for this connection: 404 if there is none, 405 if it belongs to another. */
export function findOwnQueue(vhost: VirtualHost, owner: object, name: string): Queue {
  const queue = vhost.queue(name);
  checkOwner(queue, owner);
  return queue;
}

/** The declared queue, new or as it was. */
export function declareQueue(vhost: VirtualHost, owner: object, method: MethodOf<'queue.declare'>): Queue {
  const { queue: name, passive: isPassive, arguments: args } = method;
  if (isPassive) return findOwnQueue(vhost, owner, name);
  const existing = vhost.findQueue(name);
  if (existing) return checkEquivalent(existing, owner, method);
  if (name.startsWith('amq.')) {
    throw new AmqpError('ACCESS_REFUSED', `queue name '${name}' contains reserved prefix 'amq.*'`);
  }
  const actualName = name === '' ? generateName('amq.gen-') : name;
  const title = vhost.title('queue', actualName);
  checkQueueArguments(args, title);
  if (textOf(args.get('x-queue-type')) === 'quorum') checkQuorum(method, title);
  return vhost.addQueue({
    name: actualName,
    isDurable: method.durable && !method.exclusive,
    isAutoDelete: method.autoDelete,
    owner: method.exclusive ? owner : undefined,
    args,
  });
}

function checkQuorum(method: MethodOf<'queue.declare'>, title: string): void {
  const refused = [
    [method.autoDelete, 'auto-delete'],
    [method.exclusive, 'exclusive-owner'],
    [!method.durable, 'non-durable'],
  ] as const;
  for (const [isRefused, property] of refused) {
    if (isRefused) throw new AmqpError('PRECONDITION_FAILED', `invalid property '${property}' for ${title}`);
  }
}

function checkEquivalent(queue: Queue, owner: object, method: MethodOf<'queue.declare'>): Queue {
  const { declaration: current, title } = queue;
  checkOwner(queue, owner);
  if (method.exclusive !== (current.owner !== undefined)) throw lockedError(queue);
  const properties = [
    ['durable', method.durable && !method.exclusive, current.isDurable],
    ['auto_delete', method.autoDelete, current.isAutoDelete],
  ] as const;
  for (const [name, is, was] of properties) {
    if (is === was) continue;
    const text = `inequivalent arg '${name}' for ${title}: received '${is}' but current is '${was}'`;
    throw new AmqpError('PRECONDITION_FAILED', text);
  }
  checkSameQueueArguments(method.arguments, current.args, title);
  queue.touch();
  return queue;
}

/** Returns how many messages went with it. Deleting a queue that isn't there is no error. */
export function deleteQueue(vhost: VirtualHost, owner: object, method: MethodOf<'queue.delete'>): number {
  const queue = vhost.findQueue(method.queue);
  if (queue === undefined) return 0;
  checkOwner(queue, owner);
  if (method.ifUnused && queue.consumerCount > 0) {
    throw new AmqpError('PRECONDITION_FAILED', `${queue.title} in use`);
  }
  if (method.ifEmpty && queue.messageCount > 0) {
    throw new AmqpError('PRECONDITION_FAILED', `${queue.title} not empty`);
  }
  const { messageCount } = queue;
  vhost.removeQueue(queue);
  return messageCount;
}

export function bindQueue(vhost: VirtualHost, owner: object, method: MethodOf<'queue.bind'>): void {
  checkNotDefault(method.exchange);
  const queue = findOwnQueue(vhost, owner, method.queue);
  vhost.exchange(method.exchange).bind(queue, method.routingKey, method.arguments);
}

/** Taking a binding away that isn't there is no error. */
export function unbindQueue(vhost: VirtualHost, method: MethodOf<'queue.unbind'>): void {
  checkNotDefault(method.exchange);
  const queue = vhost.findQueue(method.queue);
  const exchange = vhost.findExchange(method.exchange);
  if (!queue || !exchange) return;
  if (exchange.unbind(queue, method.routingKey, method.arguments)) vhost.releaseExchange(exchange);
}
