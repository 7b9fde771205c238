import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { mapStack } from './stackTrace.ts';

test('a place in a minified bundle becomes the place in the source', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stack-'));
  writeFileSync(join(folder, 'source.ts'), 'export function fail(): never {\n  throw new TypeError("no");\n}\n');
  const outfile = join(folder, 'index.mjs');
  const options = { bundle: true, minify: true, sourcemap: true, format: 'esm', platform: 'node' } as const;
  await build({ ...options, entryPoints: [join(folder, 'source.ts')], outfile });
  const url = pathToFileURL(outfile).href;
  expect(mapStack(`TypeError: no\n    at o (${url}:1:26)`)).toMatch(/source\.ts:2:\d+\)$/);
  rmSync(folder, { recursive: true, force: true });
});

test('without a map the trace stays as it is', () => {
  const stack = 'Error: x\n    at file:///var/task/nowhere/index.mjs:3:7\n    at node:internal/x:1:1';
  expect(mapStack(stack)).toBe(stack);
});
