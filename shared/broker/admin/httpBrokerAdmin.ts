import { systemClock } from '../../kernel/clock.ts';
import { Fault, isFault } from '../../kernel/fault.ts';
import type { BindingDeclaration } from '../topology.ts';
import { createAmqpQueues } from './amqpQueues.ts';
import type { BrokerAdmin, BrokerChange } from './brokerAdmin.ts';
import { readHttpBrokerState } from './httpBrokerState.ts';
import { createHttpManagement, type Management, type ManagementTimeouts } from './httpManagement.ts';
import { createHttpQueueDepths } from './httpQueueDepths.ts';

/**
 * RabbitMQ through its management interface; what is in its queues, and what moves messages, through AMQP.
 *
 * @param url amqp[s]://user:password@host[:port]/virtual-host, of an administrator
 * @param apiUrl of the management interface, without credentials
 * @throws Fault config/invalid when `url` is no address
 */
export function createHttpBrokerAdmin(
  url: string,
  apiUrl: string,
  timeouts?: Partial<ManagementTimeouts>,
): BrokerAdmin {
  const management = createHttpManagement(url, apiUrl, timeouts);
  const readDepths = createHttpQueueDepths(url, apiUrl);
  return {
    readState: () => readHttpBrokerState(management),
    ...createAmqpQueues(url),
    async countAll(queues, when) {
      if (when === 'now') await systemClock.sleep(management.timeouts.countsMs);
      const depths = await readDepths();
      return new Map([...depths].filter(([name]) => queues.includes(name)).map(([name, { all }]) => [name, all]));
    },
    async apply(change) {
      if (change.kind === 'unbind') await unbind(management, change.binding);
      else if (change.kind === 'put-user') await putUser(management, change);
      else await management.call(...toRequest(management, change));
    },
  };
}

/**
 * By the password's hash; where the broker refuses that, by the password itself: Amazon MQ documents no other way. What the
 * broker says of the password is not told: it may repeat it.
 */
async function putUser(
  { call, isPrivate }: Management,
  { name, passwordHash, password, tags: wanted }: BrokerChange & { readonly kind: 'put-user' },
): Promise<void> {
  const path = `users/${encodeURIComponent(name)}`;
  const tags = wanted.join(',');
  const byHash = { password_hash: passwordHash, hashing_algorithm: 'rabbit_password_hashing_sha256', tags };
  try {
    await call('PUT', path, byHash);
  } catch (refusal) {
    if (!isFault(refusal) || refusal.code !== 'broker/refused' || !isPrivate) throw refusal;
    await call('PUT', path, { password: password(), tags }).catch((error: unknown) => {
      const code = isFault(error) ? error.code : 'broker/refused';
      throw new Fault(code, `${refusal.message}; in clear it is not taken either`);
    });
  }
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

/** Changes that take more than one request. */
type ByHand = 'unbind' | 'put-user';

function toRequest(
  { inVhost, vhost, timeouts }: Management,
  change: Exclude<BrokerChange, { readonly kind: ByHand }>,
): Parameters<Management['call']> {
  switch (change.kind) {
    case 'create-virtual-host':
      return ['PUT', inVhost('vhosts'), {}, timeouts.virtualHostMs];
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
    case 'permit':
      return ['PUT', `permissions/${encodeURIComponent(vhost)}/${encodeURIComponent(change.user)}`, change.permissions];
    case 'put-policy': {
      const { name, applyTo, ...policy } = change.policy;
      return ['PUT', inVhost('policies', name), { ...policy, 'apply-to': applyTo }];
    }
  }
}
