import { readFileSync } from 'node:fs';
import type { RunningServer } from '../program.ts';
import { openAccess } from './access/access.ts';
import { createAclAccess } from './access/aclAccess.ts';
import { openDirectory } from './disk/openDirectory.ts';
import { createPlainHttp } from './http/plainHttp.ts';
import { createMemoryCommitter } from './log/committer.ts';
import { EventLog } from './log/eventLog.ts';
import { listen } from './net/listen.ts';
import { Groups } from './persistent/groups.ts';
import { Projections } from './projections/projections.ts';
import type { Context } from './rpc/context.ts';
import { createGossip } from './rpc/gossip.ts';
import { createGrpcServer } from './rpc/grpcServer.ts';
import { createMonitoringService } from './rpc/monitoring.ts';
import { createOperationsService } from './rpc/operations.ts';
import { createPersistentSubscriptionsService } from './rpc/persistent/service.ts';
import { createProjectionsService } from './rpc/projections/service.ts';
import { createStreamsService } from './rpc/streams/service.ts';

/** How an embedded event store differs from the default: memory only, on a free port of the loopback interface. */
export interface EventStoreOptions {
  readonly host?: string;
  /** 0 for any free one. */
  readonly port?: number;
  /** The address gossip gives to clients, when it isn't `host` and the port listened on. */
  readonly advertisedHost?: string;
  readonly advertisedPort?: number;
  /** TLS, users and access lists; needs both files. */
  readonly isSecure?: boolean;
  readonly certificateFile?: string;
  readonly privateKeyFile?: string;
  /** Where to keep the log. Without it, everything is in memory. */
  readonly directory?: string;
  /** The largest sum of data bytes of one append. 1 MiB unless given. */
  readonly maxAppendBytes?: number;
  /** Which projections there are; `all` unless given. */
  readonly projections?: 'none' | 'system' | 'all';
  /** Whether the system projections run from the start. */
  readonly startsStandardProjections?: boolean;
  /** How long after an event its projections follow. 200 unless given: applications rely on there being some. */
  readonly projectionLagMs?: number;
  /** What to do when a client tells the server to shut down. Stops the server unless given. */
  readonly onShutdown?: () => void;
  /** Milliseconds since 1970, for `created` and maximum ages. */
  readonly now?: () => number;
}

/** A running event store. `url` is a connection string for the client. */
export interface RunningEventStore extends RunningServer {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_MAX_APPEND_BYTES = 1024 * 1024;
/** Listening on every address is no address to connect to. */
const EVERYWHERE: readonly string[] = ['0.0.0.0', '::'];
const DEFAULT_PROJECTION_LAG_MS = 200;
/** How long a stopping server waits for clients to take the end of their calls. */
const GRACE_MS = 250;

/** Afterwards an event store listens. Rejects when the port is taken. */
export async function startEventStore(options: EventStoreOptions = {}): Promise<RunningEventStore> {
  const host = options.host ?? '127.0.0.1';
  const certificate = readCertificate(options);
  const log = new EventLog(options.now ?? Date.now);
  const { committer, notes } = options.directory
    ? openDirectory(options.directory, log)
    : { committer: createMemoryCommitter(log), notes: [] };
  for (const note of notes) console.error(`event store: ${note}`);
  const context: Context = {
    log,
    committer,
    maxAppendBytes: options.maxAppendBytes ?? DEFAULT_MAX_APPEND_BYTES,
    access: options.isSecure ? createAclAccess(log) : openAccess,
  };
  const groups = new Groups(log, committer);
  const projections =
    options.projections === 'none'
      ? undefined
      : new Projections(log, committer, {
          lagMs: options.projectionLagMs ?? DEFAULT_PROJECTION_LAG_MS,
          startsStandard: options.startsStandardProjections ?? false,
        });

  const ownHost = EVERYWHERE.includes(host) ? '127.0.0.1' : host;
  const endPoint = { address: options.advertisedHost ?? ownHost, port: options.advertisedPort ?? 0 };
  const grpc = createGrpcServer([
    createStreamsService(context),
    createPersistentSubscriptionsService(context, groups),
    ...(projections ? [createProjectionsService(context, projections, options.projections !== 'system')] : []),
    createOperationsService(context, groups, options.onShutdown ?? (() => void stop())),
    createMonitoringService(context),
    createGossip(() => endPoint),
  ]);
  const close = async (): Promise<void> => {
    groups.close();
    projections?.close();
    await committer.close();
  };
  const listener = await listen({
    host,
    port: options.port ?? 0,
    certificate,
    takeHttp2: (socket) => grpc.takeConnection(socket),
    http1: createPlainHttp(context, () => endPoint),
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  endPoint.port ||= listener.port;

  const end = async (): Promise<void> => {
    await grpc.endCalls(GRACE_MS);
    await close();
    grpc.closeConnections();
    await listener.close(GRACE_MS);
    grpc.stop();
  };
  let ended: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    ended ??= end();
    return ended;
  };
  const url = `esdb://${ownHost}:${listener.port}?tls=${options.isSecure ?? false}`;
  return { url, host: ownHost, port: listener.port, stop };
}

/** Throws when security is asked for and one of the files isn't given or can't be read. */
function readCertificate({ isSecure, certificateFile, privateKeyFile }: EventStoreOptions) {
  if (!isSecure) return undefined;
  if (!certificateFile || !privateKeyFile)
    throw new Error('security needs a certificate file and its private key file');
  return { cert: readFileSync(certificateFile), key: readFileSync(privateKeyFile) };
}
