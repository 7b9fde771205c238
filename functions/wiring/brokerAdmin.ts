import { randomBytes } from 'node:crypto';
import type { BrokerAdmin } from '../../shared/broker/admin/brokerAdmin.ts';
import { createHttpBrokerAdmin } from '../../shared/broker/admin/httpBrokerAdmin.ts';
import type { WantedTopology } from '../../shared/broker/admin/planTopology.ts';
import { consumers } from '../../shared/broker/topology.ts';
import { brokerAdminUrl, credentialsOf } from './addresses.ts';
import { configOf } from './config.ts';

export { putStackAnswer } from '../../shared/config/httpStackAnswer.ts';

/** The broker as an administrator, with the secrets as they are now. @throws Fault config/invalid, secrets/unavailable */
export async function connectBrokerAdmin(): Promise<BrokerAdmin> {
  return createHttpBrokerAdmin(await brokerAdminUrl(), configOf('RABBITMQ_API_URL').RABBITMQ_API_URL);
}

/** What topology.ts and the secrets say together. @throws Fault config/invalid, secrets/unavailable */
export async function readWantedTopology(): Promise<WantedTopology> {
  const [relay, consumer, operator] = await Promise.all([
    credentialsOf('RABBITMQ_RELAY_SECRET'),
    credentialsOf('RABBITMQ_CONSUMER_SECRET'),
    credentialsOf('RABBITMQ_OPERATOR_SECRET'),
  ]);
  const credentials = { relay, consumer, operator };
  return { consumers: Object.values(consumers), credentials, newSalt: () => randomBytes(4) };
}
