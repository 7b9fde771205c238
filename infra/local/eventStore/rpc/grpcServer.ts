import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { createServerFeatures } from './serverFeatures.ts';
import { addService, type OpenCalls, type Service } from './service.ts';

/** What speaks gRPC on the connections it is given. */
export interface GrpcServer {
  takeConnection(socket: Socket): void;
  /** Ends every call that answers with a stream; resolves once clients have been told, or `graceMs` is over. */
  endCalls(graceMs: number): Promise<void>;
  /** Says goodbye on every connection. */
  closeConnections(): void;
  stop(): void;
}

const LARGEST_REQUEST_BYTES = 16 * 1024 * 1024;
const KEEP_ALIVE_MS = 10_000;

/** Serves the services, and ServerFeatures, which lists them. */
export function createGrpcServer(services: readonly Service[]): GrpcServer {
  const server = new Server({
    'grpc.max_receive_message_length': LARGEST_REQUEST_BYTES,
    'grpc.max_send_message_length': -1,
    'grpc.keepalive_time_ms': KEEP_ALIVE_MS,
    'grpc.keepalive_timeout_ms': KEEP_ALIVE_MS,
  });
  const openCalls: OpenCalls = new Set();
  for (const service of [...services, createServerFeatures(services)]) addService(server, service, openCalls);
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  return {
    takeConnection: (socket) => injector.injectConnection(socket),
    async endCalls(graceMs) {
      await Promise.race([Promise.all([...openCalls].map((call) => call.stop())), delay(graceMs)]);
    },
    closeConnections: () => injector.destroy(),
    stop: () => server.forceShutdown(),
  };
}
