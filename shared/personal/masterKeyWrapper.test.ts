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
  expect(() => createMasterKeyWrapper('c2hvcnQ')).toThrow('a master key has 32 bytes in base64url, not 5');
});
