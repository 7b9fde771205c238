import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';

/** Has an empty directory there during each test of a file or of a `describe`. What is returned tells its path. */
export function temporaryDirectory(): () => string {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'event-store-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  return () => directory;
}
