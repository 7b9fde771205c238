import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const program = fileURLToPath(new URL('./token.ts', import.meta.url));
const run = (...args: readonly string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });

test.each([
  ['nonsense', 'nonsense'],
  ['orders,stock', 'orders,stock'],
  ['orders admin', 'admin'],
  ['', ''],
])('a scope that there is not is refused: %j', (scope, unknown) => {
  const { status, stdout, stderr } = run('--scope', scope, '--port', '1');
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toBe(
    `npm run token: --scope: there is no "${unknown}"; there is orders, stock, ops, several in quotes\n`,
  );
});

test.each(['a b', '', 'a'.repeat(101)])('a customer whom every route would refuse gets none: %j', (customer) => {
  const { status, stdout, stderr } = run('--customer', customer, '--port', '1');
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toBe(`npm run token: --customer is "${customer}", expected 1 to 100 of A-Z a-z 0-9 _ . : @ | -\n`);
});

test('of scopes that there are a system is asked', () => {
  expect(run('--scope', 'orders stock ops', '--port', '1').stderr).toContain('no system runs at http://127.0.0.1:1');
});
