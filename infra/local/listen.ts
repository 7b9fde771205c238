import type { Server } from 'node:http';
import type { RunningServer } from './program.ts';

/**
 * Listens on loopback and answers where. `stop` cuts connections that are still open, then resolves once the port is free.
 *
 * @param port 0 takes any free one
 * @throws one line naming the address when it cannot listen there
 */
export function listen(server: Server, port: number): Promise<RunningServer> {
  const host = '127.0.0.1';
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`cannot listen on ${host}:${port}: ${error.message}`)));
    server.listen(port, host, () => {
      const address = server.address();
      const actualPort = typeof address === 'object' && address !== null ? address.port : port;
      resolve({
        url: `http://${host}:${actualPort}`,
        stop: () =>
          new Promise((stopped) => {
            server.close(() => stopped());
            server.closeAllConnections();
          }),
      });
    });
  });
}
