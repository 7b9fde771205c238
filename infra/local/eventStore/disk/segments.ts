import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const SEGMENT_NAME = /^(\d{6,})\.log$/;
/** Holds how many segments there are at least, so that the newest is missed too. */
const COUNT_NAME = 'segments';

/**
 * The segment files in a directory, oldest first: the place in the list is the number in the name. Makes the directory
 * if it isn't there. Throws, naming the file, when one is missing.
 */
export function listSegments(directory: string): string[] {
  mkdirSync(directory, { recursive: true });
  const numbers = readdirSync(directory)
    .map((name) => SEGMENT_NAME.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
  const gap = numbers.findIndex((number, index) => number !== index);
  const missing = gap >= 0 ? gap : numbers.length < knownCount(directory) ? numbers.length : undefined;
  if (missing === undefined) return numbers.map((number) => segmentPath(directory, number));
  throw new Error(
    `${segmentPath(directory, missing)} is missing; nothing was changed. To begin anew, take away the whole directory`,
  );
}

/** Opens segment `index` to write at its end. Afterwards it is still there, and known to be, after a power cut. */
export function openSegment(directory: string, index: number): number {
  const handle = openSync(segmentPath(directory, index), 'a');
  syncDirectory(directory);
  if (knownCount(directory) <= index) noteCount(directory, index + 1);
  return handle;
}

/** Where segment `index` lies, counted from 0. */
export function segmentPath(directory: string, index: number): string {
  return join(directory, `${String(index).padStart(6, '0')}.log`);
}

function knownCount(directory: string): number {
  const path = join(directory, COUNT_NAME);
  return existsSync(path) ? Number.parseInt(readFileSync(path, 'utf8'), 10) || 0 : 0;
}

function noteCount(directory: string, count: number): void {
  const path = join(directory, COUNT_NAME);
  writeFileSync(`${path}.new`, `${count}\n`, { flush: true });
  renameSync(`${path}.new`, path);
  syncDirectory(directory);
}

function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
