import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { keepOne, removeOld, toLogLine, toLogPath } from './logFile.ts';

test('the log of the run before is kept, and no older one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-log-'));
  const path = join(folder, 'waybill.log');
  keepOne(path);
  for (const run of ['first', 'second']) {
    writeFileSync(path, run);
    keepOne(path);
  }

  expect(readdirSync(folder)).toEqual(['waybill.1.log']);
  expect(readFileSync(join(folder, 'waybill.1.log'), 'utf8')).toBe('second');
  rmSync(folder, { recursive: true });
});

test('each system has a log of its own: by its port, and on any free one by its process', () => {
  expect([3000, 3001, 0].map((port) => toLogPath(port, 7))).toEqual([
    '.local/waybill.log',
    '.local/waybill-3001.log',
    '.local/waybill-process-7.log',
  ]);
});

test('of processes that have ended, the newest log is kept', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-log-'));
  // No process has a number as high as that.
  const logs = [process.pid, 99_999_991, 99_999_992, 99_999_993].map((pid) => `waybill-process-${pid}.log`);
  for (const [index, log] of [...logs, 'waybill-3001.log'].entries()) {
    writeFileSync(join(folder, log), '');
    utimesSync(join(folder, log), index, index);
  }

  removeOld(folder);

  expect(readdirSync(folder).toSorted()).toEqual(['waybill-3001.log', logs[3], logs[0]].toSorted());
  rmSync(folder, { recursive: true });
});

test('keeps a JSON line as it is', () => {
  expect(toLogLine('functions', '{"service":"placeOrder"}')).toBe('{"service":"placeOrder"}');
});

test('makes any other line a message of its part, without colours', () => {
  expect(toLogLine('functions', '\u001b[31mUnhandled exception\u001b[39m')).toBe(
    '{"service":"functions","message":"Unhandled exception"}',
  );
});

test('leaves out what says nothing', () => {
  expect(toLogLine('functions', '')).toBeUndefined();
  expect(toLogLine('functions', '│   POST | http://127.0.0.1:3000/orders   │')).toBeUndefined();
  expect(toLogLine('functions', '(λ: placeOrder) RequestId: 1  Duration: 2 ms')).toBeUndefined();
});
