import { systemClock } from '../../shared/kernel/clock.ts';
import { createAwsKeyWrapper } from '../../shared/personal/awsKeyWrapper.ts';
import { createDynamoCustomerKeys } from '../../shared/personal/dynamoCustomerKeys.ts';
import type { KeyWrapper } from '../../shared/personal/keyWrapper.ts';
import { createMasterKeyWrapper } from '../../shared/personal/masterKeyWrapper.ts';
import { createPersonalData } from '../../shared/personal/personalData.ts';
import { rememberUnwrapped } from '../../shared/personal/rememberUnwrapped.ts';
import { configOf, settingOf } from './config.ts';
import { freezes } from './freezes.ts';
import { dynamo, tableName } from './tables.ts';

function createWrapper(): KeyWrapper {
  const master = settingOf('PERSONAL_MASTER_KEY');
  if (master !== undefined) return createMasterKeyWrapper(master);
  const { PERSONAL_KMS_KEY: keyId } = configOf('PERSONAL_KMS_KEY');
  return createAwsKeyWrapper({ keyId, freezes });
}

const wrapper = rememberUnwrapped(createWrapper(), systemClock);

/** Keys are wrapped by the master key `PERSONAL_MASTER_KEY`, or by the KMS key `PERSONAL_KMS_KEY`. */
export const personal = createPersonalData(
  createDynamoCustomerKeys(dynamo, { table: tableName('customer-keys'), wrapper }),
);
