import type { PartOptions } from './part.ts';
import type { GivenAddresses } from './settings.ts';

type Program = Pick<
  PartOptions,
  'name' | 'program' | 'args' | 'env' | 'nodeFlags' | 'readyWith' | 'readyWithinMs' | 'url'
>;

const local = (path: string): URL => new URL(`../${path}`, import.meta.url);

/** Where a server listens (0: on any free port), and the folder that keeps what it holds. */
export interface Place {
  readonly port: number;
  readonly directory: string | undefined;
}

export const inMemory: Place = { port: 0, directory: undefined };

/** A server that is started where none is given. */
export interface LocalServer {
  readonly name: string;
  /** What is gone with it for good where no folder keeps it; undefined: nothing that others can't tell it again. */
  readonly holds: string | undefined;
  /** In the folder that `--data` names; undefined: it has none. */
  readonly folder: string | undefined;
  program(place: Place): Program;
}

const memoryOnly = { holds: undefined, folder: undefined } as const;

/** One that takes its place from the environment, as `placeOf` reads it. */
const server = (name: string, path: string, { holds, folder }: Pick<LocalServer, 'holds' | 'folder'>): LocalServer => ({
  name,
  holds,
  folder,
  program: ({ port, directory = '' }) => ({
    name,
    program: local(path),
    env: { PORT: `${port}`, DATA: directory },
    readyWith: 'message',
  }),
});

export const servers = {
  eventStore: {
    name: 'event store',
    holds: 'every event',
    folder: 'event-store',
    program: ({ port, directory }) => ({
      name: 'event store',
      program: local('eventStore/main.ts'),
      args: ['--http-port', `${port}`, '--node-ip', '127.0.0.1', ...(directory ? ['--db', directory] : ['--mem-db'])],
      env: {},
      readyWith: 'message',
    }),
  },
  // Its messages are hints: the relay tells them again.
  broker: {
    name: 'broker',
    ...memoryOnly,
    program: ({ port }) => ({
      name: 'broker',
      program: local('broker/main.ts'),
      args: ['--port', `${port}`],
      env: {},
      readyWith: 'message',
    }),
  },
  dynamo: server('DynamoDB', 'dynamo/main.ts', { holds: 'every table', folder: 'dynamodb' }),
  payments: server('payment gateway', 'payments/main.ts', { holds: 'its books', folder: 'payments' }),
  shipping: server('carrier', 'carrier/main.ts', { holds: 'its books', folder: 'carrier' }),
  // A mailbox to look at: nobody asks it what it holds.
  mail: server('mail', 'mail/main.ts', memoryOnly),
  // Without its key a token is no good any more; another is asked for.
  issuer: server('issuer', 'issuer/main.ts', { holds: undefined, folder: 'issuer' }),
} as const satisfies Record<keyof GivenAddresses, LocalServer>;

export const relay = (env: Readonly<Record<string, string>>): Program => ({
  name: 'relay',
  program: new URL('../../../functions/relay/relayEvents/main.ts', import.meta.url),
  // On a laptop an order's whole way is to be found in the log; a line an event is too dear only where it is fast.
  env: { LOG_LEVEL: process.env['LOG_LEVEL'] || 'DEBUG', ...env },
  // As in its container: infra/relay/Dockerfile says why.
  nodeFlags: ['--max-semi-space-size=16'],
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

/** They take some 5 s; on a machine with much else to do, several times that. */
const functionsReadyWithinMs = 60_000;

/** serverless-offline with every function, run under this Node itself: no wrapper that could leave it behind. */
export const functions = (ports: FunctionPorts, env: Readonly<Record<string, string>>): Program => ({
  name: 'functions',
  program: new URL('../../../node_modules/serverless/bin/serverless.js', import.meta.url),
  args: [
    ...['offline', 'start', '--stage', 'local', '--host', '127.0.0.1', '--noSponsor'],
    ...['--httpPort', `${ports.http}`, '--lambdaPort', `${ports.lambda}`],
    ...['--param', `jwtIssuer=${env['JWT_ISSUER']}`, '--param', `jwtAudience=${env['JWT_AUDIENCE']}`],
    ...(env['AWS_REGION'] ? ['--region', env['AWS_REGION']] : []),
  ],
  // serverless-offline would take AUTHORIZER for what every caller's token says.
  env: { ...env, SLS_NOTIFICATIONS_MODE: 'off', AUTHORIZER: '' },
  url: `http://127.0.0.1:${ports.http}`,
  nodeFlags: ['--enable-source-maps'],
  readyWith: 'message',
  readyWithinMs: functionsReadyWithinMs,
});
