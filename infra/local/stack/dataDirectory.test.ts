import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { takeDataDirectory } from './dataDirectory.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-data-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a folder is made with those above it, and given back', () => {
  const directory = join(folder, 'a', 'b');
  const giveBack = takeDataDirectory(directory);
  expect(readdirSync(directory)).toEqual(['lock']);
  giveBack();
  expect(readdirSync(directory)).toEqual([]);
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
  expect(stdout).toMatch(/^--data \/proc\/nope\/a cannot be used \(.*\): .*\n$/);
});
