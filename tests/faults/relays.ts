import { type Part, startPart } from '../../infra/local/stack/part.ts';
import { relay } from '../../infra/local/stack/programs.ts';
import { startTcpProxy, type TcpProxy } from './tcpProxy.ts';

/** A relay process with bad wires of its own to store and broker; killed, it is started again. */
export interface FaultyRelay {
  readonly store: TcpProxy;
  readonly broker: TcpProxy;
  readonly pid: () => number;
  /** SIGKILL, then the same relay as a new process. */
  crash(): Promise<void>;
  /** SIGTERM, then the same relay as a new process; gives what it said as the last. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

/** A line that says that a process took the lease. */
export interface Holding {
  readonly relay: number;
  readonly pid: number;
  readonly fencing: number;
}

export interface RelayWorld {
  readonly eventStoreUrl: string;
  readonly brokerUrl: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Told each time that a relay says it holds the lease, or lost it. */
  readonly onHolding: (holding: Holding) => void;
  readonly onLost: (pid: number) => void;
}

const throughProxy = (url: string, { port }: TcpProxy): string =>
  url.replace(/(\/\/[^/]*?)(localhost|127\.0\.0\.1|\[::1\]):\d+/, `$1127.0.0.1:${port}`);

export async function startFaultyRelay(world: RelayWorld, index: number): Promise<FaultyRelay> {
  const target = (url: string) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) });
  const store = await startTcpProxy(target(world.eventStoreUrl));
  const broker = await startTcpProxy(target(world.brokerUrl));
  const env = {
    ...world.env,
    EVENTSTORE_URL: throughProxy(world.eventStoreUrl, store),
    RABBITMQ_URL: throughProxy(world.brokerUrl, broker),
    LOG_LEVEL: 'INFO',
  };
  let part: Part | undefined;
  let pid = 0;
  const hear = (line: string): void => {
    const of = part?.pid ?? pid;
    if (line.includes('"relay has lost the lease"')) world.onLost(of);
    if (!line.includes('"relay holds the lease"')) return;
    const { fencing } = JSON.parse(line) as { fencing: number };
    world.onHolding({ relay: index, pid: of, fencing });
  };
  const start = async (): Promise<void> => {
    part = await startPart({ ...relay(env), onLine: hear }, world.signal);
    pid = part.pid;
  };
  await start();
  return {
    store,
    broker,
    pid: () => pid,
    async crash() {
      await part?.kill();
      await start();
    },
    async restart() {
      await part?.stop();
      await start();
    },
    async end() {
      await part?.stop();
      await Promise.all([store.stop(), broker.stop()]);
    },
  };
}
