import type { BindingDeclaration } from '../topology.ts';
import { createAmqpQueues } from './amqpQueues.ts';
import type { BrokerAdmin, BrokerChange } from './brokerAdmin.ts';
import { readHttpBrokerState } from './httpBrokerState.ts';
import { createHttpManagement, type Management } from './httpManagement.ts';

/**
 * RabbitMQ through its management interface; how deep a queue is, and moving messages, through AMQP.
 *
 * @param url amqp[s]://user:password@host[:port]/virtual-host, of an administrator
 * @param apiUrl of the management interface, without credentials
 * @throws Fault config/invalid when `url` is no address
 */
export function createHttpBrokerAdmin(url: string, apiUrl: string): BrokerAdmin {
  const management = createHttpManagement(url, apiUrl);
  const queues = createAmqpQueues(url);
  return {
    readState: () => readHttpBrokerState(management),
    readDepth: queues.readDepth,
    async apply(change) {
      if (change.kind === 'move-messages') await queues.moveMessages(change.queue, change.consumer);
      else if (change.kind === 'unbind') await unbind(management, change.binding);
      else await management.call(...toRequest(management, change));
    },
  };
}

/** The interface names a binding in a way of its own, which only it can say. */
async function unbind({ call, inVhost }: Management, { exchange, queue, key }: BindingDeclaration): Promise<void> {
  const path = inVhost('bindings', 'e', exchange, 'q', queue);
  const found = (await call('GET', path)) as readonly {
    readonly routing_key: string;
    readonly properties_key: string;
  }[];
  for (const { routing_key, properties_key } of found ?? []) {
    if (routing_key === key) await call('DELETE', `${path}/${encodeURIComponent(properties_key)}`);
  }
}

function toRequest(
  { inVhost, vhost }: Management,
  change: Exclude<BrokerChange, { readonly kind: 'move-messages' | 'unbind' }>,
): Parameters<Management['call']> {
  switch (change.kind) {
    case 'create-virtual-host':
      return ['PUT', inVhost('vhosts'), {}];
    case 'declare-exchange': {
      const { name, type, arguments: args } = change.exchange;
      return ['PUT', inVhost('exchanges', name), { type, durable: true, arguments: args }];
    }
    case 'declare-queue': {
      const { name, arguments: args } = change.queue;
      return ['PUT', inVhost('queues', name), { durable: true, arguments: args }];
    }
    case 'bind': {
      const { exchange, queue, key } = change.binding;
      return ['POST', inVhost('bindings', 'e', exchange, 'q', queue), { routing_key: key, arguments: {} }];
    }
    case 'delete-queue':
      return ['DELETE', inVhost('queues', change.queue)];
    case 'put-user': {
      const { name, passwordHash, tags } = change;
      return ['PUT', `users/${encodeURIComponent(name)}`, { password_hash: passwordHash, tags: tags.join(',') }];
    }
    case 'permit':
      return ['PUT', `permissions/${encodeURIComponent(vhost)}/${encodeURIComponent(change.user)}`, change.permissions];
    case 'put-policy': {
      const { name, applyTo, ...policy } = change.policy;
      return ['PUT', inVhost('policies', name), { ...policy, 'apply-to': applyTo }];
    }
  }
}
