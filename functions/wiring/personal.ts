import { systemClock } from '../../shared/kernel/clock.ts';
import { lazy } from '../../shared/kernel/lazy.ts';
import { createDynamoCustomerKeys } from '../../shared/personal/dynamoCustomerKeys.ts';
import type { KeyWrapper } from '../../shared/personal/keyWrapper.ts';
import { createMasterKeyWrapper } from '../../shared/personal/masterKeyWrapper.ts';
import { createPersonalData } from '../../shared/personal/personalData.ts';
import { rememberUnwrapped } from '../../shared/personal/rememberUnwrapped.ts';
import { configOf, settingOf } from './config.ts';
import { freezes } from './freezes.ts';
import { dynamo, tableName } from './tables.ts';

async function createWrapper(): Promise<KeyWrapper> {
  const master = settingOf('PERSONAL_MASTER_KEY');
  if (master !== undefined) return createMasterKeyWrapper(master);
  const { PERSONAL_KMS_KEY: keyId } = configOf('PERSONAL_KMS_KEY');
  // Loaded only where KMS is, and with the first key that is needed.
  const { createAwsKeyWrapper } = await import('../../shared/personal/awsKeyWrapper.ts');
  return createAwsKeyWrapper({ keyId, freezes });
}

const connected = lazy(createWrapper);
const wrapper = rememberUnwrapped(
  {
    wrap: async (id, secret) => (await connected()).wrap(id, secret),
    unwrap: async (id, wrapped) => (await connected()).unwrap(id, wrapped),
  },
  systemClock,
);

/** Keys are wrapped by the master key `PERSONAL_MASTER_KEY`, or by the KMS key `PERSONAL_KMS_KEY`. */
export const personal = createPersonalData(
  createDynamoCustomerKeys(dynamo, { table: tableName('customer-keys'), wrapper }),
);
