import { parseArgs } from 'node:util';
import { StackProblem } from './stackProblem.ts';

export const usage = `npm start [-- --data DIR] [-- --port N] [-- --verbose] [-- --help]

Runs the whole of Waybill on this machine. Nothing else is needed; what is there already is used instead, by address:

  PORT               of the HTTP API, 0 for any free one (3000)
  EVENTSTORE_URL     an EventStoreDB, such as esdb://127.0.0.1:2113?tls=false
  RABBITMQ_URL       a RabbitMQ, such as amqp://guest:guest@127.0.0.1:5672; with a path, a virtual host of it, such as .../mine,
                     made by: rabbitmqctl add_vhost mine && rabbitmqctl set_permissions -p mine guest '.*' '.*' '.*'
                     (or npm run broker -- --vhost mine)
  DYNAMODB_ENDPOINT  a DynamoDB, such as http://127.0.0.1:8000; missing tables are created
  PAYMENTS_URL       a payment gateway, or stripe: with STRIPE_API_KEY and STRIPE_PAYMENT_METHOD, such as pm_card_visa
  PAYMENT_TIMEOUT_MS how long it may be silent before an order is given up (60000)
  SHIPPING_URL       a carrier
  SES_ENDPOINT       an Amazon SES, such as http://127.0.0.1:8005
  JWT_ISSUER         who issues callers' tokens (OIDC), such as https://issuer.example
  JWT_AUDIENCE       whom they are for (waybill)
  MAIL_FROM          who customers get mail from (orders@waybill.example)
  PERSONAL_MASTER_KEY  wraps the customers' keys: 32 bytes in base64url (made by itself, and kept in --data or .local)
  TABLE_PREFIX       of the tables' names (waybill-local)
  BATCH_WINDOW_MS    caps how long a batch of messages waits for more (5)
  HOSTILE_SEED       doubles, reorders and delays messages and kills consumers: a number, the same each time, or random
  LOG_LEVEL          DEBUG, INFO, WARN or ERROR (INFO; the relay's own is DEBUG, a line an event)

  --data DIR         keeps what the local servers hold in this folder, made where it is missing: the next start with it
                     goes on where this one ended, however it ended. Without it all is in memory
  --port N           the same as PORT=N
  --verbose          what the functions log, here too; it always goes to .local/waybill.log, of another port than 3000
                     to .local/waybill-<port>.log (--port 0: waybill-process-<pid>.log); the one before is kept as .local/waybill.1.log
`;

export type CommandLine =
  | { readonly kind: 'help' }
  | {
      readonly kind: 'start';
      readonly data: string | undefined;
      readonly port: string | undefined;
      readonly isVerbose: boolean;
    };

/** @throws StackProblem naming what it does not know, or what lacks its value */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, tokens } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      port: { type: 'string' },
      verbose: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
    strict: false,
    tokens: true,
  });
  const known = ['data', 'port', 'verbose', 'help'];
  for (const token of tokens) {
    const isKnown = token.kind === 'option' && known.includes(token.name);
    if (!isKnown) throw new StackProblem(`unknown argument ${args[token.index]}; --help says what there is`);
  }
  if (values.help) return { kind: 'help' };
  const text = (name: 'data' | 'port', expected: string): string | undefined => {
    const value = values[name];
    if (value === undefined || (typeof value === 'string' && /^[^-]/.test(value))) return value;
    throw new StackProblem(`--${name} needs ${expected}, such as --${name} ${name === 'data' ? '.local/data' : 3001}`);
  };
  return {
    kind: 'start',
    data: text('data', 'a folder'),
    port: text('port', 'a port'),
    isVerbose: values.verbose !== undefined,
  };
}
