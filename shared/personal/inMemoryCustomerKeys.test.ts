import { createInMemoryCustomerKeys } from './inMemoryCustomerKeys.ts';
import { personalDataContract } from './personalData.contract.ts';

personalDataContract('in memory', createInMemoryCustomerKeys);
