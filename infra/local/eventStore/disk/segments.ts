import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SEGMENT_NAME = /^(\d{6,})\.log$/;

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
  return numbers.map((number, index) => {
    if (number === index) return segmentPath(directory, index);
    throw new Error(`${segmentPath(directory, index)} is missing; nothing was changed`);
  });
}

/** Where segment `index` lies, counted from 0. */
export function segmentPath(directory: string, index: number): string {
  return join(directory, `${String(index).padStart(6, '0')}.log`);
}

/** Afterwards a file made in the directory is still there after a power cut. */
export function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
