import { Fault } from '../kernel/fault.ts';

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
