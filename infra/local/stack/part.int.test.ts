import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startPart } from './part.ts';
import { PartProblem } from './stackProblem.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-part-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(code: string, readyWithinMs: number, onLine?: (line: string) => void) {
  const path = join(folder, 'program.mjs');
  writeFileSync(path, code);
  const options = { name: 'part', program: pathToFileURL(path), env: {}, readyWith: 'message', readyWithinMs } as const;
  return startPart({ ...options, ...(onLine && { onLine }) }, new AbortController().signal);
}

test('one that has said why it fails and has nothing left to do ends, and is quoted', async () => {
  const failing = start(
    `console.log('Error:\\nthere is no sender\\n    at here.js:1'); process.exitCode = 1; process.on('disconnect', () => {});`,
    10_000,
  );
  await expect(failing).rejects.toThrow(new PartProblem('part did not start (exit code 1): there is no sender'));
});

test('one that is not ready in time is killed, and quoted', async () => {
  const lines: string[] = [];
  const silent = start(`console.log(process.pid); setInterval(() => {}, 1_000);`, 1_000, (line) => lines.push(line));
  await expect(silent).rejects.toThrow(/^part did not start \(no answer within 1 s\): \d+$/);
  expect(() => process.kill(Number(lines[0]), 0)).toThrow('ESRCH');
});

test('one that is ready in time stays', async () => {
  const part = await start(`setInterval(() => {}, 1_000); process.send({ url: 'http://x' });`, 5_000);
  expect(part.url).toBe('http://x');
  await part.kill();
});

test('one that ends later has its last words on standard error, not what it logged or wrote elsewhere', async () => {
  const part = await start(
    `process.send({});
     console.error('event store: /data can not be written: ENOSPC: no space left on device');
     console.error('{"level":"ERROR","message":"a log line"}');
     console.log('something else');
     process.exitCode = 1;
     process.disconnect();`,
    5_000,
  );
  expect([await part.ended, await part.lastWords()]).toEqual([
    'exit code 1',
    'event store: /data can not be written: ENOSPC: no space left on device',
  ]);
});
