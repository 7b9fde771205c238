import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';

const root = new URL('../..', import.meta.url).pathname;

/** Resolves once nobody takes connections on the port any more. */
async function untilClosed(port: number): Promise<void> {
  for (const endMs = Date.now() + 25_000; Date.now() < endMs; ) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (!isOpen) return;
  }
  throw new Error(`port ${port} is open still`);
}

test.each([
  ['event-store', '--http-port', 'SIGTERM'],
  ['event-store', '--http-port', 'SIGKILL'],
  ['broker', '--port', 'SIGTERM'],
] as const)('npm run %s ends with the npm that runs it: %s, %s', async (script, portFlag, signal) => {
  const args = ['run', '-s', script, '--', portFlag, '0'];
  const npm = spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  try {
    const [line] = (await once(createInterface(npm.stdout), 'line')) as [string];
    const port = Number(/:(\d+)/.exec(line)?.[1]);
    expect(port).toBeGreaterThan(0);
    npm.kill(signal);
    await untilClosed(port);
  } finally {
    endGroup(npm.pid ?? 0);
  }
});

/** Whatever is left of a failed attempt. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing is.
  }
}
