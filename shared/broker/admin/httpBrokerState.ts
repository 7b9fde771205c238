import * as z from 'zod/mini';
import { english } from '../../kernel/english.ts';
import { Fault } from '../../kernel/fault.ts';
import type { BrokerState } from './brokerAdmin.ts';
import type { Management } from './httpManagement.ts';

const args = z.record(z.string(), z.unknown());
const overview = z.object({ rabbitmq_version: z.string() });
const exchange = z.object({ name: z.string(), type: z.string(), arguments: args });
const queue = z.object({ name: z.string(), arguments: args });
const binding = z.object({
  source: z.string(),
  destination: z.string(),
  destination_type: z.string(),
  routing_key: z.string(),
});
// A broker that keeps its hashes to itself: then each password counts as another, and is set each time.
const user = z.object({ name: z.string(), password_hash: z._default(z.string(), ''), tags: z.array(z.string()) });
const permission = z.object({ user: z.string(), configure: z.string(), write: z.string(), read: z.string() });
const policy = z.object({
  name: z.string(),
  pattern: z.string(),
  'apply-to': z.string(),
  priority: z.int(),
  definition: z.record(z.string(), z.unknown()),
});

/** @throws Fault broker/refused when it is not what RabbitMQ answers: somebody else is at that address */
function parseAnswer<Answer>(schema: z.ZodMiniType<Answer>, answer: unknown, path: string): Answer {
  const parsed = schema.safeParse(answer, english);
  if (parsed.success) return parsed.data;
  const reason = `GET /api/${path}: no answer of RabbitMQ’s management interface: is RABBITMQ_API_URL right?`;
  throw new Fault('broker/refused', reason, parsed.error);
}

/** @throws Fault broker/unavailable, broker/refused */
export async function readHttpBrokerState({ call, inVhost, user: administrator }: Management): Promise<BrokerState> {
  const list = async <Row>(path: string, row: z.ZodMiniType<Row>): Promise<readonly Row[]> =>
    parseAnswer(z.array(row), (await call('GET', path)) ?? [], path);
  const [about, virtualHost, exchanges, queues, bindings, policies, users, permissions] = await Promise.all([
    call('GET', 'overview'),
    call('GET', inVhost('vhosts')),
    list(inVhost('exchanges'), exchange),
    list(`${inVhost('queues')}?disable_stats=true`, queue),
    list(inVhost('bindings'), binding),
    list(inVhost('policies'), policy),
    list('users', user),
    list(`${inVhost('vhosts')}/permissions`, permission),
  ]);
  return {
    version: parseAnswer(overview, about, 'overview').rabbitmq_version,
    administrator,
    hasVirtualHost: virtualHost !== undefined,
    exchanges: exchanges.filter(({ name }) => name !== '' && !name.startsWith('amq.')),
    queues,
    bindings: bindings
      .filter(({ source, destination_type: type }) => source !== '' && type === 'queue')
      .map(({ source, destination, routing_key: key }) => ({ exchange: source, queue: destination, key })),
    policies: policies.map(({ 'apply-to': applyTo, ...rest }) => ({ ...rest, applyTo })),
    users: users.map(({ name, password_hash: passwordHash, tags }) => {
      const { user: _, ...found } = permissions.find((it) => it.user === name) ?? { user: name, isMissing: true };
      return { name, passwordHash, tags, permissions: 'isMissing' in found ? undefined : found };
    }),
  };
}
