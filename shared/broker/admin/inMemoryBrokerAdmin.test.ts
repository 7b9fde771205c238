import { describeBrokerAdmin } from './brokerAdmin.contract.ts';
import { createInMemoryBrokerAdmin } from './inMemoryBrokerAdmin.ts';

describeBrokerAdmin('in memory', createInMemoryBrokerAdmin, async () => undefined);
