import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageProblem } from './usageProblem.ts';

/** node's own words are several sentences, and tell of quoting where the person has misspelt a name. */
function toPlain(error: unknown): unknown {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  // '--token <value>', '-h, --help' or what was written.
  const [, name = ''] = /'(.*?)(?: <value>)?'/.exec(String(message)) ?? [];
  switch (code) {
    case 'ERR_PARSE_ARGS_UNKNOWN_OPTION':
      return new UsageProblem(`there is no option ${name}`);
    case 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE':
      if (/does not take/.test(String(message))) return new UsageProblem(`${name} takes no value`);
      return new UsageProblem(`${name} needs a value, one that begins with "-" as ${name}=-x`);
    case 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL':
      return new UsageProblem(`what is "${name}"? Every value here has its option's name before it`);
  }
  return error;
}

/**
 * As node's `parseArgs`.
 *
 * @throws UsageProblem in one line, naming the option that there is not, or whose value is missing or too much
 */
export function readOptions<Config extends ParseArgsConfig>(config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw toPlain(error);
  }
}
