import { closeSync, fdatasyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { lockDirectory } from './eventStore/disk/directoryLock.ts';

/** What a server was told, in order, kept in a folder: told again at its start, it knows what it knew. */
export interface Journal<Entry> {
  /** Everything up to now. */
  readonly entries: readonly Entry[];
  /** Afterwards the entry is on disk. */
  append(entry: Entry): void;
  close(): void;
}

/**
 * Opens the folder's journal, or begins one. An end that a crash has torn was never answered to anybody: it is cut off.
 *
 * @throws in one line when another process has the folder, or a line in the middle is damaged
 */
export function openJournal<Entry>(directory: string): Journal<Entry> {
  mkdirSync(directory, { recursive: true });
  const unlock = lockDirectory(directory);
  const path = join(directory, 'journal.jsonl');
  const file = openSync(path, 'a+');
  const close = (): void => {
    closeSync(file);
    unlock();
  };
  try {
    const text = readFileSync(path);
    const end = text.lastIndexOf('\n') + 1;
    ftruncateSync(file, end);
    const lines = text.subarray(0, end).toString().split('\n').slice(0, -1);
    return {
      entries: lines.map((line, index) => parseLine<Entry>(line, `${path}:${index + 1}`)),
      append: (entry) => {
        writeSync(file, `${JSON.stringify(entry)}\n`);
        fdatasyncSync(file);
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function parseLine<Entry>(line: string, where: string): Entry {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`${where} is damaged: mend the line, or remove the folder to begin afresh`);
  }
}
