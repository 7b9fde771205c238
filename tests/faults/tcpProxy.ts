import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A wire that can be made bad: clients connect to it, it connects on to the server. */
export interface TcpProxy {
  readonly port: number;
  /** Ends every connection at once, as a reset. */
  cut(): void;
  /** Carries nothing in either direction until `release`; connections stay open, and new ones are taken. */
  hold(): void;
  release(): void;
  /** Connections that there are carry nothing any more and stay open, as after a long freeze; new ones are sound. */
  strand(): void;
  /** Tells each server that its client has ended, while the client is told nothing and goes on sending. */
  halfClose(): void;
  /** Refuses connections from now on, and ends those that there are; `open` takes them again. */
  refuse(): void;
  open(): void;
  stop(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

export async function startTcpProxy(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const pairs = new Set<Pair>();
  let isHeld = false;
  let isRefusing = false;

  const destroy = ({ client, server }: Pair): void => {
    client.destroy();
    server.destroy();
  };
  const each = (act: (pair: Pair) => void): void => {
    for (const pair of pairs) act(pair);
  };
  const listener = createServer({ allowHalfOpen: true }, (client) => {
    if (isRefusing) {
      client.destroy();
      return;
    }
    const server = connect({ ...target, allowHalfOpen: true, noDelay: true });
    const pair = { client, server };
    pairs.add(pair);
    client.setNoDelay(true);
    for (const socket of [client, server]) {
      socket.on('error', () => destroy(pair));
      socket.on('close', () => {
        destroy(pair);
        pairs.delete(pair);
      });
    }
    client.pipe(server);
    server.pipe(client);
    if (isHeld) {
      client.pause();
      server.pause();
    }
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', resolve);
  });

  return {
    port: (listener.address() as AddressInfo).port,
    cut: () =>
      each(({ client, server }) => {
        client.resetAndDestroy();
        server.resetAndDestroy();
      }),
    hold() {
      isHeld = true;
      each(({ client, server }) => {
        client.unpipe(server).pause();
        server.unpipe(client).pause();
      });
    },
    release() {
      isHeld = false;
      each(({ client, server }) => {
        client.pipe(server);
        server.pipe(client);
      });
    },
    strand: () =>
      each(({ client, server }) => {
        client.unpipe(server).pause();
        server.unpipe(client).pause();
      }),
    halfClose: () =>
      each(({ client, server }) => {
        client.unpipe(server).resume();
        server.end();
      }),
    refuse() {
      isRefusing = true;
      each(destroy);
    },
    open() {
      isRefusing = false;
    },
    async stop() {
      isRefusing = true;
      each(destroy);
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
