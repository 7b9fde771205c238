import { Fault } from '../kernel/fault.ts';
import { type LogLevel, logLevels } from '../observe/logger.ts';

/**
 * The named settings out of an environment; an empty one counts as missing.
 *
 * @throws Fault config/invalid naming every one that is missing
 */
export function parseConfig<Name extends string>(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly Name[],
): Readonly<Record<Name, string>> {
  const missing = names.filter((name) => !env[name]);
  if (missing.length > 0) {
    throw new Fault('config/invalid', `missing in the environment: ${missing.join(', ')}`);
  }
  return Object.fromEntries(names.map((name) => [name, env[name]])) as Record<Name, string>;
}

/**
 * The level of a `LOG_LEVEL`; INFO where none is given.
 *
 * @throws Fault config/invalid naming those that there are
 */
export function parseLogLevel(text: string | undefined): LogLevel {
  const level = logLevels.find((name) => name === (text || 'INFO'));
  if (level === undefined) {
    throw new Fault('config/invalid', `LOG_LEVEL is "${text}", expected ${logLevels.join(', ')}`);
  }
  return level;
}
