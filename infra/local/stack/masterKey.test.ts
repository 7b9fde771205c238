import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readMasterKey } from './masterKey.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-key-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a key is made once, and kept for this user alone', () => {
  const settings = { dataDirectory: join(folder, 'data'), masterKey: undefined };
  const key = readMasterKey(settings);
  expect(Buffer.from(key, 'base64url')).toHaveLength(32);
  expect(readMasterKey(settings)).toBe(key);
  expect(statSync(join(folder, 'data', 'master-key')).mode & 0o777).toBe(0o600);
  expect(readMasterKey({ ...settings, dataDirectory: folder })).not.toBe(key);
});

test('one that is given is used, and nothing is kept', () => {
  const masterKey = 'A'.repeat(43);
  expect(readMasterKey({ dataDirectory: folder, masterKey })).toBe(masterKey);
  expect(() => readFileSync(join(folder, 'master-key'))).toThrow('ENOENT');
});

test('what is no key is not used, and not shown', () => {
  writeFileSync(join(folder, 'master-key'), 'hunter2');
  const read = (): string => readMasterKey({ dataDirectory: folder, masterKey: undefined });
  expect(read).toThrow('holds no key of 32 bytes in base64url');
  expect(read).not.toThrow('hunter2');
});

test('one that is missing beside tables is not made anew: what they hold would never be read again', () => {
  mkdirSync(join(folder, 'dynamodb'));
  const settings = { dataDirectory: folder, masterKey: undefined };
  expect(() => readMasterKey(settings)).toThrow(
    `${folder}/master-key is missing, and what is sealed in ${folder}/dynamodb can't be read without it: put it back`,
  );
  expect(() => readFileSync(join(folder, 'master-key'))).toThrow('ENOENT');
  expect(readMasterKey({ ...settings, masterKey: 'A'.repeat(43) })).toBe('A'.repeat(43));
});
