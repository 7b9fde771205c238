import { AmqpError } from '../wire/amqpError.ts';
import type { MethodHandlers } from './methodHandlers.ts';

/** Confirms, transactions and flow. */
export const modeHandlers: MethodHandlers = {
  'confirm.select': (channel, { noWait }) => {
    channel.startConfirms();
    if (!noWait) channel.send('confirm.select-ok', {});
  },
  'tx.select': (channel) => {
    channel.startTransaction();
    channel.send('tx.select-ok', {});
  },
  'tx.commit': (channel) => {
    channel.endTransaction(true);
    channel.send('tx.commit-ok', {});
  },
  'tx.rollback': (channel) => {
    channel.endTransaction(false);
    channel.send('tx.rollback-ok', {});
  },
  'channel.flow': (channel, { active }) => {
    if (!active) throw new AmqpError('NOT_IMPLEMENTED', 'active=false');
    channel.send('channel.flow-ok', { active });
  },
  'channel.flow-ok': () => {},
  'access.request': (channel) => channel.send('access.request-ok', {}),
};
