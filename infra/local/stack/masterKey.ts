import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bundleFunctions.ts';
import type { Settings } from './settings.ts';
import { hasCode, StackProblem, toReason } from './stackProblem.ts';

const masterKeyForm = /^[\w-]{43}$/;

/**
 * What customers' keys are wrapped with: the one that was given, or one of this machine's own, made once. It is kept beside
 * what the tables hold, or, where others keep the tables, in `.local`: without it nobody reads a recipient any more. To be
 * called before the tables are opened.
 *
 * @throws StackProblem when it can't be kept, or is missing beside tables that are there
 */
export function readMasterKey({ masterKey, dataDirectory }: Pick<Settings, 'masterKey' | 'dataDirectory'>): string {
  if (masterKey !== undefined) return masterKey;
  const folder = dataDirectory ?? join(root, '.local');
  const path = join(folder, 'master-key');
  const tables = dataDirectory && join(dataDirectory, 'dynamodb');
  if (tables && existsSync(tables) && !existsSync(path))
    throw new StackProblem(
      `${path} is missing, and what is sealed in ${tables} can't be read without it: put it back ` +
        '(or give it as PERSONAL_MASTER_KEY), or start over with a new folder',
    );
  try {
    mkdirSync(folder, { recursive: true });
    try {
      // Of two that start at once, one makes it.
      writeFileSync(path, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    const kept = readFileSync(path, 'utf8');
    if (masterKeyForm.test(kept)) return kept;
  } catch (error) {
    throw new StackProblem(`the master key ${path} cannot be used (${toReason(error)})`);
  }
  throw new StackProblem(`${path} holds no key of 32 bytes in base64url`);
}
