import { createServer } from 'node:net';
import { hasCode, StackProblem, toReason } from './stackProblem.ts';

const host = '127.0.0.1';

/** A port that was free a moment ago, for programs that cannot choose one themselves. */
export const findFreePort = (): Promise<number> => tryPort(0);

/** @throws StackProblem when something listens there already, or this user may not */
export async function requireFreePort(port: number): Promise<void> {
  try {
    await tryPort(port);
  } catch (error) {
    const reason = hasCode(error, 'EADDRINUSE') ? 'is in use' : `cannot be listened on (${toReason(error)})`;
    const advice = `choose another, such as npm start -- --port ${port < 1024 || port === 65_535 ? 3000 : port + 1}`;
    throw new StackProblem(`the HTTP API: port ${port} on ${host} ${reason}: end what listens there, or ${advice}`);
  }
}

function tryPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}
