import { once } from 'node:events';
import { createServer } from 'node:net';
import ses from 'aws-ses-v2-local';
import type { RunningServer } from '../program.ts';

const host = '127.0.0.1';

/** A free port: the server is told one, and says nothing of the one it took. */
async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, host);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/**
 * Starts an Amazon SES (aws-ses-v2-local) on loopback, in memory: mails go nowhere, a browser shows them at its address,
 * and `GET /store` has them as JSON.
 *
 * @param port 0, the default, takes any free one
 */
export async function startMail({ port = 0 } = {}): Promise<RunningServer> {
  const actualPort = port || (await findFreePort());
  const server = await ses.default({ host, port: actualPort });
  return {
    url: `http://${host}:${actualPort}`,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}
