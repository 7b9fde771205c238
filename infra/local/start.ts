/**
 * `npm start`: the whole system on this machine, until Ctrl-C or SIGTERM. What starts and ends it is here; what it is
 * made of is in stack/.
 */
import type { Stack } from './stack/startStack.ts';
import type { UnexpectedEnd } from './stack/supervisor.ts';

const help = `npm start [-- --verbose] [-- --help]

Runs the whole of Waybill on this machine. Nothing else is needed; what is there already is used instead, by address:

  PORT               of the HTTP API, 0 for any free one (3000)
  EVENTSTORE_URL     an EventStoreDB, such as esdb://127.0.0.1:2113?tls=false
  RABBITMQ_URL       a RabbitMQ, such as amqp://guest:guest@127.0.0.1:5672
  DYNAMODB_ENDPOINT  a DynamoDB, such as http://127.0.0.1:8000; missing tables are created
  PAYMENTS_URL       a payment gateway, or stripe: with STRIPE_API_KEY and STRIPE_PAYMENT_METHOD (pm_card_visa)
  PAYMENT_TIMEOUT_MS how long it may be silent before an order is given up (60000)
  SHIPPING_URL       a carrier
  SES_ENDPOINT       an Amazon SES, such as http://127.0.0.1:8005
  JWT_ISSUER         who issues callers' tokens (OIDC), such as https://issuer.example
  JWT_AUDIENCE       whom they are for (waybill)
  MAIL_FROM          who customers get mail from (orders@waybill.example)
  MAIL_TO            where it goes ({customerId}@customers.example)
  TABLE_PREFIX       of the tables' names (waybill-local)
  BATCH_WINDOW_MS    caps how long a batch of messages waits for more (5)
  LOG_LEVEL          DEBUG, INFO, WARN or ERROR (INFO)

  --verbose          what the functions log, here too; it always goes to .local/waybill.log,
                     of another port than 3000 to .local/waybill-<port>.log
`;

const args = process.argv.slice(2);
const unknown = args.filter((arg) => arg !== '--verbose' && arg !== '--help' && arg !== '-h');
if (unknown.length > 0) {
  console.error(`npm start: unknown argument ${unknown.join(' ')}; --help says what there is`);
  process.exit(1);
}
if (args.includes('--help') || args.includes('-h')) {
  console.log(help);
  process.exit(0);
}

// A reader that has gone (npm start | head) is no reason to fall over.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

const aborting = new AbortController();
let stack: Stack | undefined;
let exitCode = 0;
let ending = false;

/** The first call decides; Ctrl-C under npm arrives twice by nature. */
function end(code: number): void {
  if (ending) return;
  ending = true;
  exitCode = code;
  setTimeout(() => console.error('npm start: ending: a part takes its time, at most a few seconds'), 2_000).unref();
  if (stack) void stack.stop().then(() => process.exit(code));
  else aborting.abort();
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(0));
const { endWithNpm } = await import('./stack/endWithNpm.ts');
endWithNpm(() => end(1));

const startedAtMs = performance.now();
const { createRestarts } = await import('./stack/restarts.ts');
const { showProgress } = await import('./stack/progress.ts');
const restarts = createRestarts(
  (line) => console.error(line),
  () => end(1),
);
const progress = showProgress((line) => console.log(line));

function onUnexpectedEnd(ended: UnexpectedEnd): void {
  if (ending || (stack && restarts.tryRestart(ended))) return;
  const { part, at, how } = ended;
  console.error(
    `npm start: ${part}${at ? ` at ${at}` : ''} ended by itself (${how}): everything else is ended too; its last words may be in the log; npm start begins afresh`,
  );
  end(1);
}

try {
  const [{ parseSettings }, { startStack }, { openLogFile }, { toWelcome }] = await Promise.all([
    import('./stack/settings.ts'),
    import('./stack/startStack.ts'),
    import('./stack/logFile.ts'),
    import('./stack/welcome.ts'),
  ]);
  const settings = parseSettings(process.env);
  const log = openLogFile(settings.httpPort, args.includes('--verbose') ? (line) => console.log(line) : undefined);
  stack = await startStack({
    settings,
    signal: aborting.signal,
    onLine: log.write,
    onProgress: progress.update,
    onUnexpectedEnd,
  });
  progress.stop();
  if (ending) await stack.stop().then(() => process.exit(exitCode));
  else console.log(toWelcome(stack, log.path, performance.now() - startedAtMs));
} catch (error) {
  progress.stop();
  const { StackProblem } = await import('./stack/stackProblem.ts');
  if (!ending) console.error(error instanceof StackProblem ? `npm start: ${error.message}` : error);
  process.exit(ending ? exitCode : 1);
}
