import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import tls from 'node:tls';

/** Where a server listens, and what takes its connections. */
export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** With it, connections are TLS. */
  readonly certificate?: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  takeHttp2(socket: Socket): void;
  readonly http1: HttpServer;
}

/** An open port. */
export interface Listener {
  readonly port: number;
  /** No new connections; resolves once the port is free and what was still to be sent has been, or `graceMs` is over. */
  close(graceMs: number): Promise<void>;
}

const HTTP2_PREFACE = Buffer.from('PRI');

/** Serves HTTP/2 and HTTP/1.1 on one port. Rejects with a line that names the port when it is taken. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { certificate, host } = options;
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
  };
  const server = certificate
    ? tls.createServer({ ...certificate, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
        accept(socket);
        if (socket.alpnProtocol === 'h2') options.takeHttp2(socket);
        else options.http1.emit('connection', socket);
      })
    : net.createServer((socket) => {
        accept(socket);
        tellApart(socket, options);
      });
  server.listen(options.port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      ? new Error(`port ${options.port} on ${host} is taken`)
      : error;
  }
  // Such as too many open files: whoever wanted in has to try again, the others go on.
  server.on('error', (error) => console.error(`event store: a connection could not be taken: ${error.message}`));
  return {
    port: (server.address() as AddressInfo).port,
    async close(graceMs) {
      const closed = once(server, 'close');
      server.close();
      options.http1.closeIdleConnections();
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** The first three bytes decide, however they arrive. */
function tellApart(socket: Socket, { takeHttp2, http1 }: ListenOptions): void {
  let seen = Buffer.alloc(0);
  const look = (chunk: Buffer): void => {
    seen = Buffer.concat([seen, chunk]);
    const compared = Math.min(seen.length, HTTP2_PREFACE.length);
    const isHttp2 = seen.compare(HTTP2_PREFACE, 0, compared, 0, compared) === 0;
    if (isHttp2 && compared < HTTP2_PREFACE.length) return;
    socket.off('data', look);
    socket.pause();
    socket.unshift(seen);
    if (isHttp2) takeHttp2(socket);
    else {
      http1.emit('connection', socket);
      socket.resume();
    }
  };
  socket.on('data', look);
}
