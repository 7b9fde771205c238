import { describeBrokerAdmin } from './brokerAdmin.contract.ts';
import { createInMemoryBrokerAdmin } from './inMemoryBrokerAdmin.ts';

const admin = createInMemoryBrokerAdmin();

describeBrokerAdmin(
  'in memory',
  () => admin,
  async (keys) => keys.forEach(admin.publish),
  async () => undefined,
);
