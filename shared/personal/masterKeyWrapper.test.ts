import { expect, test } from '@jest/globals';
import { keyWrapperContract } from './keyWrapper.contract.ts';
import { createMasterKeyWrapper } from './masterKeyWrapper.ts';

const master = (fill: number): string => Buffer.alloc(32, fill).toString('base64url');

keyWrapperContract(
  'master key',
  () => createMasterKeyWrapper(master(1)),
  () => createMasterKeyWrapper(master(2)),
);

test('a master key that is none is refused, and not shown', () => {
  expect(() => createMasterKeyWrapper('c2hvcnQ')).toThrow('PERSONAL_MASTER_KEY has 5 bytes, expected 32 in base64url');
});
