import { Fault } from '../../shared/kernel/fault.ts';
import { createDynamoCustomerKeys } from '../../shared/personal/dynamoCustomerKeys.ts';
import type { KeyWrapper } from '../../shared/personal/keyWrapper.ts';
import { createPersonalData } from '../../shared/personal/personalData.ts';
import { dynamo, tableName } from './tables.ts';

const refuse = async (): Promise<never> => {
  throw new Fault('keys/unavailable', 'who destroys keys is not given any');
};
const wrapper: KeyWrapper = { wrap: refuse, unwrap: refuse };

/** For destroying keys alone: nothing is sealed or opened here. */
export const personal = createPersonalData(
  createDynamoCustomerKeys(dynamo, { table: tableName('customer-keys'), wrapper }),
);
