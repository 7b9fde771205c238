import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { InvocationOutcome, InvokeFunction } from '../../../infra/local/eventSource/invokeFunction.ts';
import type { FunctionSettings } from './setting.ts';

/** Functions as Lambda runs them: a process for each queue that feeds one, made on first use and again after it has died. */
export interface Functions {
  /** By its queue: one concurrent execution each. */
  readonly invoke: InvokeFunction;
  /** Processes that were killed in the midst of an invocation. */
  readonly killed: () => number;
  /** Deploys another version: every process of it is new. */
  deploy(settings: FunctionSettings): Promise<void>;
  stop(): Promise<void>;
}

const compileCache = fileURLToPath(new URL('../../../.local/compile-cache', import.meta.url));
const program = fileURLToPath(new URL('./functionHost.ts', import.meta.url));

/** One process, and what it answers: one invocation at a time. */
interface Host {
  readonly child: ChildProcess;
  readonly died: Promise<InvocationOutcome>;
  ask(payload: string): Promise<InvocationOutcome>;
  kill(): Promise<void>;
}

async function startHost(settings: FunctionSettings): Promise<Host> {
  const child = fork(program, {
    // Processes die often here: what one of them has compiled the next need not.
    env: { ...process.env, FUNCTION_SETTINGS: JSON.stringify(settings), NODE_COMPILE_CACHE: compileCache },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const died = once(child, 'exit').then((): InvocationOutcome => ({ outcome: 'failed', reason: 'its process died' }));
  await Promise.race([once(child, 'message'), died]);
  let answer: (outcome: InvocationOutcome) => void = () => undefined;
  child.on('message', (outcome: InvocationOutcome) => answer(outcome));
  return {
    child,
    died,
    ask: (payload) =>
      new Promise((resolve) => {
        answer = resolve;
        void died.then(resolve);
        child.send(payload, () => undefined);
      }),
    async kill() {
      child.kill('SIGKILL');
      await died;
    },
  };
}

/** @param settingsOf what the function of this name is told */
export function createFunctions(settingsOf: (functionName: string) => FunctionSettings): Functions {
  const hosts = new Map<string, Promise<Host>>();
  const deployed = new Map<string, FunctionSettings>();
  let killed = 0;

  const start = async (functionName: string): Promise<Host> => {
    const settings = settingsOf(functionName);
    const host = await startHost(deployed.get(settings.role) ?? settings);
    void host.died.then(() => hosts.delete(functionName));
    return host;
  };
  const hostOf = (functionName: string): Promise<Host> => {
    const host = hosts.get(functionName) ?? start(functionName);
    hosts.set(functionName, host);
    return host;
  };

  return {
    killed: () => killed,
    async invoke(functionName, payload, signal) {
      const host = await hostOf(functionName);
      const kill = (): void => {
        killed += 1;
        void host.kill();
      };
      signal?.addEventListener('abort', kill, { once: true });
      try {
        return await host.ask(payload);
      } finally {
        signal?.removeEventListener('abort', kill);
      }
    },
    async deploy(settings) {
      deployed.set(settings.role, settings);
      const old = [...hosts].filter(([functionName]) => settingsOf(functionName).role === settings.role);
      await Promise.all(old.map(async ([, host]) => (await host).kill()));
    },
    async stop() {
      await Promise.all([...hosts.values()].map(async (host) => (await host).kill()));
    },
  };
}
