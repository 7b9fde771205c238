/** `npm run -s token -- --customer c-1 --scope "orders stock ops"`: prints a token for the system that runs here. */
import { parseArgs } from 'node:util';
import { scopes } from '../../shared/http/access.ts';
import { customerId } from '../../shared/http/caller.ts';
import { requestToken } from './issuer/requestToken.ts';

const usage = `npm run -s token -- [--customer c-1] [--scope "orders"] [--port 3000]

Prints a token for the system that npm start runs here. It holds for an hour.

  --customer  whose token it is: sees and places this customer's orders (c-1)
  --scope     orders (one's own), stock (products and stock), ops (the orders of all); several in quotes (orders)
  --port      of the system's HTTP API (3000, or PORT)
`;

const fail = (message: string): never => {
  console.error(`npm run token: ${message}`);
  process.exit(1);
};

const options = {
  customer: { type: 'string' },
  scope: { type: 'string' },
  port: { type: 'string' },
  help: { type: 'boolean' },
} as const;
const parse = () => {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
};
const { customer = 'c-1', scope = 'orders', port = process.env['PORT'] || '3000', help } = parse();

if (help) console.log(usage);
else {
  if (!/^\d{1,5}$/.test(port)) fail(`--port is "${port}", expected a port such as 3001`);
  const { error: misfit } = customerId.safeParse(customer);
  if (misfit) fail(`--customer is "${customer}", ${misfit.issues[0]?.message}`);
  const unknown = scope
    .trim()
    .split(/\s+/)
    .find((name) => !scopes.some((known) => known === name));
  if (unknown !== undefined)
    fail(`--scope: there is no "${unknown}"; there is ${scopes.join(', ')}, several in quotes`);
  await requestToken(`http://127.0.0.1:${port}`, { customer, scope }).then(
    (token) => console.log(token),
    (error: Error) => fail(`${error.message}${port === '3000' ? ', or name its port with --port' : ''}`),
  );
}
