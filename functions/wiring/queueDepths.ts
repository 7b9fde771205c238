import { createHttpQueueDepths } from '../../shared/broker/admin/httpQueueDepths.ts';
import type { ReadQueueDepths } from '../../shared/broker/queueDepths.ts';
import { brokerUrl } from './addresses.ts';
import { configOf } from './config.ts';

/** With the credentials as they are now. @throws Fault config/invalid, secrets/unavailable, and those of the port */
export const readQueueDepths: ReadQueueDepths = async () => {
  const url = typeof brokerUrl === 'string' ? brokerUrl : await brokerUrl();
  return createHttpQueueDepths(url, configOf('RABBITMQ_API_URL').RABBITMQ_API_URL)();
};
