import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));
const run = (...args: readonly string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });

test.each([
  [[], 'what is to be done? --help says what there is\n'],
  [['dead-letters', 'list', '--what'], 'there is no option --what; --help says what there is\n'],
])('what is wrong with %j is said in one line, with where to read on', (args, line) => {
  const { status, stdout, stderr } = run(...args);
  expect([status, stdout, stderr]).toEqual([1, '', line]);
});

test('--help says what there is', () => {
  const { status, stdout, stderr } = run('relay', '--help');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^npm run ops -- dead-letters list/);
});
