import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A server in a process of its own, which can be killed. */
export interface ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Ends it as `kill -9` does; resolves once it is gone. */
  kill(): Promise<void>;
  /** Ends it in order; resolves with its exit code. */
  end(): Promise<number>;
}

export async function startProcess(...args: readonly string[]): Promise<ServerProcess> {
  const main = join(import.meta.dirname, '..', 'main.ts');
  const child = fork(main, ['--http-port', '0', ...args], { execArgv: [], silent: true });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  const endBy = async (signal: NodeJS.Signals): Promise<number> => {
    child.kill(signal);
    const [code] = (await once(child, 'exit')) as [number];
    return code;
  };
  return { url, child, kill: async () => void (await endBy('SIGKILL')), end: () => endBy('SIGTERM') };
}
