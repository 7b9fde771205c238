import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openJournal } from './journal.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'waybill-journal-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const pathOf = (): string => join(directory, 'journal.jsonl');
const read = (): readonly unknown[] => {
  const journal = openJournal(directory);
  journal.close();
  return journal.entries;
};

test('what was appended is there again, in order', () => {
  const first = openJournal(directory);
  first.append({ n: 1 });
  first.append({ n: 2 });
  first.close();
  const second = openJournal(directory);
  second.append({ n: 3 });
  second.close();

  expect(first.entries).toEqual([]);
  expect(second.entries).toEqual([{ n: 1 }, { n: 2 }]);
  expect(read()).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
});

test('a torn end is cut off, and what comes next stands on a line of its own', () => {
  writeFileSync(pathOf(), '{"n":1}\n');
  appendFileSync(pathOf(), '{"n":"é'.slice(0, -1));
  const journal = openJournal(directory);
  journal.append({ n: 2 });
  journal.close();

  expect(journal.entries).toEqual([{ n: 1 }]);
  expect(readFileSync(pathOf(), 'utf8')).toBe('{"n":1}\n{"n":2}\n');
});

test('a damaged line is named, and the folder is free again', () => {
  writeFileSync(pathOf(), '{"n":1}\n{"n"\n{"n":3}\n');

  expect(read).toThrow(`${pathOf()}:2 is damaged`);
  writeFileSync(pathOf(), '{"n":1}\n');
  expect(read()).toEqual([{ n: 1 }]);
});

test('one process at a time has it', () => {
  const journal = openJournal(directory);

  expect(read).toThrow('is in use by process');
  journal.close();
  expect(read()).toEqual([]);
});
