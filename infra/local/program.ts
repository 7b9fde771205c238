import { endWithNpm } from './stack/endWithNpm.ts';

/** A local server that has started: where it answers, and how it ends. `stop` resolves once its port is free. */
export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Where a server that is run as a program listens (`PORT`, any free one unless given), and keeps what it holds (`DATA`). */
export const placeOf = (env: Readonly<Record<string, string | undefined>>) => ({
  port: Number(env['PORT'] ?? 0),
  directory: env['DATA'] || undefined,
});

/**
 * Runs a local server as a program of its own. Afterwards it listens, has said so on standard output, and ends with
 * everything it holds on SIGTERM, on Ctrl-C, or when the process that forked it, or the npm that runs it, is gone, however
 * that one ended.
 *
 * Under a parent (`fork`), the address goes to it as the message `{ url }`, and Ctrl-C is left to the parent, which
 * ends its children in order. A start that fails is one line on standard error and exit code 1.
 */
export async function runProgram(name: string, start: () => Promise<RunningServer>): Promise<void> {
  const hasParent = process.send !== undefined;
  let server: RunningServer;
  try {
    server = await start();
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }

  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    await server.stop();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => {
    if (!hasParent) void stop();
  });
  process.on('disconnect', () => void stop());
  // npm passes no SIGTERM on.
  if (!hasParent) endWithNpm(() => void stop());

  if (process.send) process.send({ url: server.url });
  else console.log(`${name} listening on ${server.url}`);
}
