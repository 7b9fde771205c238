import { checkSameArgument } from '../queues/queueArguments.ts';
import { type Exchange, type ExchangeDeclaration, isExchangeType } from '../routing/exchange.ts';
import type { VirtualHost } from '../vhost/virtualHost.ts';
import { AmqpError } from '../wire/amqpError.ts';
import { typeName } from '../wire/fieldNames.ts';
import type { MethodOf } from '../wire/methods.ts';

/** Refuses what no client may do to the nameless exchange. */
export function checkNotDefault(exchange: string): void {
  if (exchange === '') throw new AmqpError('ACCESS_REFUSED', 'operation not permitted on the default exchange');
}

export function declareExchange(vhost: VirtualHost, method: MethodOf<'exchange.declare'>): void {
  const { exchange: name, type, passive: isPassive, arguments: args } = method;
  checkNotDefault(name);
  if (isPassive) {
    vhost.exchange(name);
    return;
  }
  if (!isExchangeType(type)) throw new AmqpError('COMMAND_INVALID', `unknown exchange type '${type}'`);
  const declaration: ExchangeDeclaration = {
    name,
    type,
    isDurable: method.durable,
    isAutoDelete: method.autoDelete,
    isInternal: method.internal,
    args,
  };
  const existing = vhost.findExchange(name);
  if (existing) {
    checkEquivalent(vhost, declaration, existing);
    return;
  }
  if (name.startsWith('amq.')) {
    throw new AmqpError('ACCESS_REFUSED', `exchange name '${name}' contains reserved prefix 'amq.*'`);
  }
  const alternate = args.get('alternate-exchange');
  if (alternate && alternate.tag !== 'S') {
    const text = `invalid type '${typeName(alternate)}' for arg 'alternate-exchange' in ${vhost.title('exchange', name)}`;
    throw new AmqpError('PRECONDITION_FAILED', text);
  }
  vhost.addExchange(declaration);
}

function checkEquivalent(vhost: VirtualHost, received: ExchangeDeclaration, existing: Exchange): void {
  const current = existing.declaration;
  const title = vhost.title('exchange', received.name);
  const properties = [
    ['type', received.type, current.type],
    ['durable', received.isDurable, current.isDurable],
    ['auto_delete', received.isAutoDelete, current.isAutoDelete],
    ['internal', received.isInternal, current.isInternal],
  ] as const;
  for (const [name, is, was] of properties) {
    if (is === was) continue;
    const text = `inequivalent arg '${name}' for ${title}: received '${is}' but current is '${was}'`;
    throw new AmqpError('PRECONDITION_FAILED', text);
  }
  const alternate = 'alternate-exchange';
  checkSameArgument(alternate, received.args.get(alternate), current.args.get(alternate), title);
}

/** Deleting an exchange that isn't there is no error. */
export function deleteExchange(vhost: VirtualHost, method: MethodOf<'exchange.delete'>): void {
  const { exchange: name, ifUnused } = method;
  checkNotDefault(name);
  const title = vhost.title('exchange', name);
  if (name.startsWith('amq.')) throw new AmqpError('ACCESS_REFUSED', `deletion of system ${title} not allowed`);
  const exchange = vhost.findExchange(name);
  if (exchange === undefined) return;
  if (ifUnused && !exchange.isUnused) throw new AmqpError('PRECONDITION_FAILED', `${title} in use`);
  vhost.removeExchange(exchange);
}

export function bindExchange(vhost: VirtualHost, method: MethodOf<'exchange.bind'>): void {
  checkNotDefault(method.source);
  checkNotDefault(method.destination);
  const source = vhost.exchange(method.source);
  source.bind(vhost.exchange(method.destination), method.routingKey, method.arguments);
}

/** Taking a binding away that isn't there is no error. */
export function unbindExchange(vhost: VirtualHost, method: MethodOf<'exchange.unbind'>): void {
  checkNotDefault(method.source);
  checkNotDefault(method.destination);
  const source = vhost.findExchange(method.source);
  const destination = vhost.findExchange(method.destination);
  if (!source || !destination) return;
  if (source.unbind(destination, method.routingKey, method.arguments)) vhost.releaseExchange(source);
}
