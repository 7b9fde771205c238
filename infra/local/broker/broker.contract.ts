import { describe } from '@jest/globals';
import { describeConnections } from './contract/connections.contract.ts';
import { describeConsumers } from './contract/consumers.contract.ts';
import { describeDeadLetters } from './contract/deadLetters.contract.ts';
import { describeDeliveries } from './contract/deliveries.contract.ts';
import { describePublishing } from './contract/publishing.contract.ts';
import { describeQueues } from './contract/queues.contract.ts';
import { describeRefusals } from './contract/refusals.contract.ts';
import type { BrokerUnderTest } from './contract/rig.ts';
import { describeRouting } from './contract/routing.contract.ts';

/**
 * What an application may rely on in a RabbitMQ broker, as seen through amqplib. The local broker and a real RabbitMQ
 * pass the same suite; every text in it was read off the real one.
 */
export function describeBroker(title: string, broker: BrokerUnderTest): void {
  describe(title, () => {
    describeRouting(broker);
    describePublishing(broker);
    describeQueues(broker);
    describeDeliveries(broker);
    describeConsumers(broker);
    describeDeadLetters(broker);
    describeRefusals(broker);
    describeConnections(broker);
  });
}
