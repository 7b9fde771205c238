import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { RunningServer } from '../program.ts';
import { createMemoryCommitter } from './log/committer.ts';
import { EventLog } from './log/eventLog.ts';
import { createGossip } from './rpc/gossip.ts';
import { createServerFeatures } from './rpc/serverFeatures.ts';
import { addService, type OpenCalls } from './rpc/service.ts';
import { createStreamsService } from './rpc/streams/service.ts';

/** How an embedded event store differs from the default: memory only, on a free port of the loopback interface. */
export interface EventStoreOptions {
  readonly host?: string;
  /** 0 for any free one. */
  readonly port?: number;
  /** The address gossip gives to clients, when it isn't `host` and the port listened on. */
  readonly advertisedHost?: string;
  readonly advertisedPort?: number;
  /** The largest sum of data bytes of one append. 1 MiB unless given. */
  readonly maxAppendBytes?: number;
  /** Milliseconds since 1970, for `created` and maximum ages. */
  readonly now?: () => number;
}

/** A running event store. `url` is a connection string for the client. */
export interface RunningEventStore extends RunningServer {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_MAX_APPEND_BYTES = 1024 * 1024;
const LARGEST_REQUEST_BYTES = 16 * 1024 * 1024;

/** Afterwards an event store listens. Rejects when the port is taken. */
export async function startEventStore(options: EventStoreOptions = {}): Promise<RunningEventStore> {
  const host = options.host ?? '127.0.0.1';
  const log = new EventLog(options.now ?? Date.now);
  const committer = createMemoryCommitter(log);
  const context = { log, committer, maxAppendBytes: options.maxAppendBytes ?? DEFAULT_MAX_APPEND_BYTES };

  const grpc = new Server({
    'grpc.max_receive_message_length': LARGEST_REQUEST_BYTES,
    'grpc.max_send_message_length': -1,
  });
  const listener = net.createServer();
  const endPoint = { address: options.advertisedHost ?? host, port: 0 };
  const services = [createStreamsService(context), createGossip(() => endPoint)];
  const openCalls: OpenCalls = new Set();
  for (const service of [...services, createServerFeatures(services)]) addService(grpc, service, openCalls);

  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<net.Socket>();
  listener.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.setNoDelay(true);
    injector.injectConnection(socket);
  });
  listener.listen(options.port ?? 0, host);
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  endPoint.port = options.advertisedPort ?? port;

  return {
    url: `esdb://${host}:${port}?tls=false`,
    host,
    port,
    async stop() {
      const closed = once(listener, 'close');
      listener.close();
      for (const call of openCalls) call.stop();
      // The ends of the calls are written before the connections go.
      await new Promise((resolve) => setTimeout(resolve, 20));
      await committer.close();
      for (const socket of sockets) socket.destroy();
      grpc.forceShutdown();
      await closed;
    },
  };
}
