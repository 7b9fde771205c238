/** `npm run smoke -- --url <API> --token <token>`: a few orders through a running system, local or deployed. */
import { parseArgs } from 'node:util';
import { runJourney } from './journey.ts';

const usage = `npm run smoke -- --url URL --token TOKEN [--timeout SECONDS]

Sends a few orders through a running system, local or deployed, and tells what it saw. Ends with 0 when all went as it must.

  --url      of the API, such as http://127.0.0.1:3000
  --token    a bearer token with the scopes orders and stock; npm run -s token -- --scope "orders stock" prints one
             for what npm start runs
  --timeout  how long an order may take to its end (60)

It leaves behind a product smoke-<random> and its orders.`;

try {
  const options = {
    url: { type: 'string' },
    token: { type: 'string' },
    timeout: { type: 'string' },
    help: { type: 'boolean' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  const { url, token, timeout = '60' } = values;
  if (url === undefined || !URL.canParse(url))
    throw new Error('--url is to be the address of the API; --help says what there is');
  if (!token)
    throw new Error('--token is to be a token with the scopes orders and stock; --help says where to get one');
  if (!/^[1-9]\d*$/.test(timeout)) throw new Error(`--timeout is "${timeout}", expected seconds`);
  const startedMs = performance.now();
  await runJourney({ url, token, timeoutMs: Number(timeout) * 1_000, onStep: (line) => console.log(`ok  ${line}`) });
  console.log(`all went as it must, in ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : '';
  console.error(`smoke: ${error instanceof Error ? error.message : String(error)}${cause}`);
  process.exitCode = 1;
}
