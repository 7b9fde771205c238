import type { PartOptions } from './part.ts';

type Program = Pick<PartOptions, 'name' | 'program' | 'args' | 'env' | 'nodeFlags' | 'readyWith' | 'url'>;

const local = (path: string): URL => new URL(`../${path}`, import.meta.url);
const server = (name: string, path: string, ...args: readonly string[]): Program => ({
  name,
  program: local(path),
  args,
  env: { PORT: '' },
  readyWith: 'message',
});

/** Servers, each on a free port of its own. */
export const servers = {
  eventStore: server('event store', 'eventStore/main.ts', '--http-port', '0', '--node-ip', '127.0.0.1'),
  broker: server('broker', 'broker/main.ts', '--port', '0'),
  dynamo: server('DynamoDB', 'dynamo/main.ts'),
  payments: server('payment gateway', 'payments/main.ts'),
  shipping: server('carrier', 'carrier/main.ts'),
  mail: server('mail', 'mail/main.ts'),
  issuer: server('issuer', 'issuer/main.ts'),
} as const;

export const relay = (env: Readonly<Record<string, string>>): Program => ({
  name: 'relay',
  program: new URL('../../../functions/relay/relayEvents/main.ts', import.meta.url),
  // On a laptop an order's whole way is to be found in the log; a line an event is too dear only where it is fast.
  env: { LOG_LEVEL: process.env['LOG_LEVEL'] || 'DEBUG', ...env },
  readyWith: 'start',
});

export const eventSource = (env: Readonly<Record<string, string>>): Program => ({
  name: 'event source',
  program: local('eventSource/main.ts'),
  env,
  readyWith: 'message',
});

export interface FunctionPorts {
  readonly http: number;
  readonly lambda: number;
}

/** serverless-offline with every function, run under this Node itself: no wrapper that could leave it behind. */
export const functions = (
  ports: FunctionPorts,
  tablePrefix: string,
  env: Readonly<Record<string, string>>,
): Program => ({
  name: 'functions',
  program: new URL('../../../node_modules/serverless/bin/serverless.js', import.meta.url),
  args: [
    ...['offline', 'start', '--stage', 'local', '--host', '127.0.0.1', '--noSponsor'],
    ...['--httpPort', `${ports.http}`, '--lambdaPort', `${ports.lambda}`, '--param', `tablePrefix=${tablePrefix}`],
    ...['--param', `jwtIssuer=${env['JWT_ISSUER']}`, '--param', `jwtAudience=${env['JWT_AUDIENCE']}`],
    ...(env['AWS_REGION'] ? ['--region', env['AWS_REGION']] : []),
  ],
  env: { ...env, SLS_NOTIFICATIONS_MODE: 'off' },
  url: `http://127.0.0.1:${ports.http}`,
  nodeFlags: ['--enable-source-maps'],
  readyWith: 'message',
});
