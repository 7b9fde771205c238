import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import type { RunningServer } from '../program.ts';
import { Alarm, MemoryWatch } from './alarm.ts';
import { type Clock, systemClock } from './clock.ts';
import type { BrokerOptions } from './connection/brokerOptions.ts';
import { Connection } from './connection/connection.ts';
import { VirtualHost } from './vhost/virtualHost.ts';

export interface StartBrokerOptions {
  readonly host?: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** The virtual hosts there are; `/` alone by default. */
  readonly vhosts?: readonly string[];
  /** Passwords by user; guest/guest alone by default. */
  readonly users?: Readonly<Record<string, string>>;
  readonly heartbeatSeconds?: number;
  readonly frameMaxBytes?: number;
  readonly channelMax?: number;
  readonly maxMessageBytes?: number;
  /** While more than this waits in queues, publishers are blocked; 2 GiB by default. */
  readonly memoryLimitBytes?: number;
  readonly clock?: Clock;
}

export interface RunningBroker extends RunningServer {
  readonly port: number;
  /** Blocks every connection that publishes from now on, as RabbitMQ does when it runs out of memory or disk. */
  blockPublishers(reason: string): void;
  unblockPublishers(): void;
}

/** How long clients get to answer the close before their sockets are cut. */
const farewellMs = 1000;

/**
 * Starts an AMQP 0-9-1 broker that clients take for RabbitMQ. Everything is in memory and gone after `stop`, which says
 * goodbye to each client (320 CONNECTION_FORCED) and resolves once the port is free. Fails if the port is taken.
 */
export async function startBroker(options: StartBrokerOptions = {}): Promise<RunningBroker> {
  const { host = '127.0.0.1', port = 0, vhosts: names = ['/'], clock = systemClock } = options;
  const alarm = new Alarm();
  const memory = new MemoryWatch(options.memoryLimitBytes ?? 2 ** 31, alarm);
  const users = new Map(Object.entries(options.users ?? { guest: 'guest' }));
  const vhosts = new Map(names.map((name) => [name, new VirtualHost(name, clock, memory)]));
  const brokerOptions: BrokerOptions = {
    users,
    heartbeatSeconds: options.heartbeatSeconds ?? 60,
    frameMaxBytes: options.frameMaxBytes ?? 131_072,
    channelMax: options.channelMax ?? 2047,
    maxMessageBytes: options.maxMessageBytes ?? 134_217_728,
    alarm,
  };
  const connections = new Set<Connection>();
  const server = createServer((socket) => {
    const connection = new Connection(socket, brokerOptions, vhosts);
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
  });
  await listen(server, port, host);
  const { port: actualPort } = server.address() as AddressInfo;
  const [[user, password] = ['guest', 'guest']] = users;

  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const connection of connections) connection.shutDown();
    const farewell = setTimeout(() => {
      for (const connection of connections) connection.destroy();
    }, farewellMs);
    await closed;
    clearTimeout(farewell);
    for (const vhost of vhosts.values()) vhost.close();
  };

  return {
    url: `amqp://${user}:${password}@${host}:${actualPort}`,
    port: actualPort,
    stop,
    blockPublishers: (reason) => alarm.raise(reason),
    unblockPublishers: () => alarm.clear(),
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const isTaken = typeof error === 'object' && error && 'code' in error && error.code === 'EADDRINUSE';
    if (!isTaken) throw error;
    throw new Error(`port ${port} on ${host} is taken; choose another, or stop what listens there`, { cause: error });
  }
}
