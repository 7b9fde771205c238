import { readOptions } from '../commandLine/readOptions.ts';
import { UsageProblem } from '../commandLine/usageProblem.ts';
import type { SmokeOptions } from './journey.ts';

export const usage = `WAYBILL_TOKEN=... npm run smoke -- --url URL [--timeout SECONDS]

Sends a few orders through a running system, local or deployed, and tells what it saw. Ends with 0 when all went as it must.

  WAYBILL_TOKEN  a bearer token with the scopes orders and stock; of what npm start runs:
                 npm run -s token -- --scope "orders stock"
  --token        the same; npm shows it, unless it is called as npm run -s
  --url          of the API, such as http://127.0.0.1:3000
  --timeout      how long an order may take to its end (60)

It leaves behind a product smoke-<random> and its orders.`;

/** @throws UsageProblem naming what is missing or wrong; undefined: the person wants to know what there is */
export function parseCommandLine(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Omit<SmokeOptions, 'onStep'> | undefined {
  const { values } = readOptions({
    args: [...args],
    options: {
      url: { type: 'string' },
      token: { type: 'string' },
      timeout: { type: 'string', default: '60' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  const { url, token = env['WAYBILL_TOKEN'], timeout } = values;
  if (url === undefined) throw new UsageProblem('--url is missing, the address of the API');
  if (!/^https?:/i.test(url) || !URL.canParse(url))
    throw new UsageProblem(`--url is "${url}", expected an address such as http://127.0.0.1:3000`);
  if (!token) throw new UsageProblem('there is no token: set WAYBILL_TOKEN, or say --token');
  if (!/^[1-9]\d*$/.test(timeout)) throw new UsageProblem(`--timeout is "${timeout}", expected seconds`);
  return { url, token, timeoutMs: Number(timeout) * 1_000 };
}
