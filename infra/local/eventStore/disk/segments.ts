import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SEGMENT_NAME = /^(\d{6})\.log$/;

/** The segment files in a directory, oldest first. Makes the directory if it isn't there. */
export function listSegments(directory: string): string[] {
  mkdirSync(directory, { recursive: true });
  return readdirSync(directory)
    .filter((name) => SEGMENT_NAME.test(name))
    .sort()
    .map((name) => join(directory, name));
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
