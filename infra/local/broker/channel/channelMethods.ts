import { AmqpError } from '../wire/amqpError.ts';
import type { MethodName, MethodOf } from '../wire/methods.ts';
import { basicHandlers } from './basicHandlers.ts';
import type { Channel } from './channel.ts';
import { exchangeHandlers } from './exchangeHandlers.ts';
import type { MethodHandlers } from './methodHandlers.ts';
import { modeHandlers } from './modeHandlers.ts';
import { queueHandlers } from './queueHandlers.ts';

const handlers: MethodHandlers = { ...basicHandlers, ...exchangeHandlers, ...queueHandlers, ...modeHandlers };

/** Does what the method asks. A method that only a server sends is a 503. */
export function handleMethod<N extends MethodName>(channel: Channel, method: MethodOf<N>): void {
  const handle: MethodHandlers[N] = handlers[method.name];
  if (handle === undefined) throw new AmqpError('COMMAND_INVALID', 'unimplemented method');
  handle(channel, method);
}
