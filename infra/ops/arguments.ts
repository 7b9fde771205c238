import type { ParseArgsConfig } from 'node:util';
import { readOptions } from '../commandLine/readOptions.ts';
import { UsageProblem } from '../commandLine/usageProblem.ts';
import { createOpsApi, type OpsApi } from './opsApi.ts';

/** What every command takes: where the API is, who asks, and whether the answer is for a program. */
const common = {
  url: { type: 'string' },
  port: { type: 'string', default: '3000' },
  token: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * A command's arguments, `options` beside those that every command takes, and the API that they name.
 *
 * @throws UsageProblem for one that there is not, or more than one word beside them
 */
export function readArguments<Own extends Options>(args: readonly string[], options: Own) {
  const { values, positionals } = readOptions({
    args: [...args],
    options: { ...common, ...options },
    allowPositionals: true,
  });
  const [action = '', ...others] = positionals;
  if (others.length > 0) throw new UsageProblem(`what is "${others.join(' ')}"? A text with spaces needs quotes`);
  return { action, values };
}

interface Access {
  readonly url?: string | undefined;
  readonly port: string;
  readonly token?: string | undefined;
}

/** @throws UsageProblem naming the option that makes no address */
export function connect({ url, port, token }: Access): OpsApi {
  const isUsable = (text: string): boolean => /^https?:/i.test(text) && URL.canParse(text);
  if (url !== undefined && !isUsable(url))
    throw new UsageProblem(`--url is "${url}", expected an address such as http://127.0.0.1:3000`);
  const local = `http://127.0.0.1:${port}`;
  if (url === undefined && !isUsable(local))
    throw new UsageProblem(`--port is "${port}", expected a port such as 3000`);
  return createOpsApi(url ?? local, token ?? process.env['WAYBILL_TOKEN']);
}
