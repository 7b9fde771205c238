import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const program = fileURLToPath(new URL('./run.ts', import.meta.url));
const run = (...args: readonly string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
const list = /^npm run bench -- <name>, one of: (.*, )?way\n$/m;

test('--help lists the benchmarks', () => {
  const { status, stdout, stderr } = run('--help');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(list);
});

test.each([
  [[], ''],
  [['wai'], 'there is no benchmark "wai"\n'],
  [['way', 'out'], 'there is no benchmark "way out"\n'],
])('what is none fails, with the list: %j', (args, problem) => {
  const { status, stderr } = run(...args);
  expect(status).toBe(1);
  expect(stderr.startsWith(problem)).toBe(true);
  expect(stderr.slice(problem.length)).toMatch(list);
});
