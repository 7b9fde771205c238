import { bindExchange, declareExchange, deleteExchange, unbindExchange } from './exchangeMethods.ts';
import type { MethodHandlers } from './methodHandlers.ts';

export const exchangeHandlers: MethodHandlers = {
  'exchange.declare': (channel, method) => {
    declareExchange(channel.link.vhost, method);
    if (!method.noWait) channel.send('exchange.declare-ok', {});
  },
  'exchange.delete': (channel, method) => {
    deleteExchange(channel.link.vhost, method);
    if (!method.noWait) channel.send('exchange.delete-ok', {});
  },
  'exchange.bind': (channel, method) => {
    bindExchange(channel.link.vhost, method);
    if (!method.noWait) channel.send('exchange.bind-ok', {});
  },
  'exchange.unbind': (channel, method) => {
    unbindExchange(channel.link.vhost, method);
    if (!method.noWait) channel.send('exchange.unbind-ok', {});
  },
};
