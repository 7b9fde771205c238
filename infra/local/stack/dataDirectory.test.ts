import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { takeDataDirectory } from './dataDirectory.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-data-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string): void => writeFileSync(join(folder, name), '');

test('a folder is made with those above it, and given back', () => {
  const directory = join(folder, 'a', 'b');
  const giveBack = takeDataDirectory(directory);
  expect(readdirSync(directory)).toEqual(['lock']);
  giveBack();
  expect(readdirSync(directory)).toEqual([]);
});

test.each([
  ['event-store', 'dynamodb', 'notes.txt'],
  ['dynamodb', 'payments', 'notes.txt'],
  ['master-key', 'notes.txt'],
  ['payments', 'lost+found'],
])('what a start has left is opened again: %s, %s', (...names) => {
  for (const name of names) put(name);
  takeDataDirectory(folder)();
});

test('a folder of somebody else stays as it is', () => {
  put('notes.txt');
  expect(() => takeDataDirectory(folder)).toThrow(
    `--data ${folder} cannot be used (it holds notes.txt and nothing of Waybill's): choose a new folder, or an empty one`,
  );
  expect(readdirSync(folder)).toEqual(['notes.txt']);
});

test('a file is no folder, and has none in it', () => {
  put('file');
  expect(() => takeDataDirectory(join(folder, 'file'))).toThrow(
    '(something that is no folder is there): choose another',
  );
  expect(() => takeDataDirectory(join(folder, 'file', 'a'))).toThrow('(it would be in something that is no folder)');
});

test('where no folder can be made it says so', () => {
  // In a process of its own, which can be ended if it never answers.
  const module = JSON.stringify(new URL('./dataDirectory.ts', import.meta.url).href);
  const code = `import(${module}).then(({ takeDataDirectory }) => takeDataDirectory('/proc/nope/a')).catch((error) => console.log(error.message))`;
  const { stdout } = spawnSync(process.execPath, ['-e', code], {
    timeout: 5_000,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
  });
  expect(stdout).toMatch(/^--data \/proc\/nope\/a cannot be used \(.*\): choose another folder\n$/);
});
