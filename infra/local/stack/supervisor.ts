import { type Part, type PartOptions, startPart } from './part.ts';
import { createRestartable, type RestartablePart } from './restartable.ts';
import { StackProblem } from './stackProblem.ts';

export type Program = Omit<PartOptions, 'onLine' | 'onMessage'>;

export interface UnexpectedEnd {
  readonly part: string;
  /** Its address, where it has one. */
  readonly at: string | undefined;
  /** Such as "SIGKILL", or "exit code 1" with its last words. */
  readonly how: string;
  /** What is gone with it; then it can't be started again. */
  readonly lost: string | undefined;
  /** Starts it again, and mends what its end has left behind. */
  restart(): Promise<void>;
  /** Of the process that runs now, or ran last. */
  pid(): number;
}

export interface SupervisorOptions {
  /** Aborting kills what has been started and what is being started. */
  readonly signal: AbortSignal;
  /** Every line that a part writes. */
  readonly onLine: ((part: string, line: string) => void) | undefined;
  /** What is being waited for has changed. */
  readonly onProgress: ((waitingFor: readonly string[]) => void) | undefined;
  /** A part ended, and nobody here had asked it to. */
  readonly onUnexpectedEnd: ((end: UnexpectedEnd) => void) | undefined;
}

export interface PartPolicy {
  readonly onStart?: (part: Part) => void;
  /** What it tells after it is ready. */
  readonly onMessage?: (message: unknown) => void;
  /** What is gone for good when it ends. */
  readonly lost?: string | undefined;
  /** In the place of a mere restart after an unexpected end. */
  readonly recover?: ((restart: () => Promise<void>) => Promise<void>) | undefined;
}

/** Starts processes, tells of those that end by themselves, and ends them all. */
export interface Supervisor {
  track<Value>(name: string, work: Promise<Value>): Promise<Value>;
  /** Starts one that others depend on: all of these are ended last, together. */
  startServer(program: () => Program, policy?: PartPolicy): Promise<RestartablePart>;
  start(program: () => Program, policy?: PartPolicy): Promise<RestartablePart>;
  /** Runs on `stop`, in the reverse order of the calls. */
  onStop(cleanUp: () => void | Promise<void>): void;
  /** Ends everything, last started first. May be called again. */
  stop(): Promise<void>;
}

export function createSupervisor({ signal, onLine, onProgress, onUnexpectedEnd }: SupervisorOptions): Supervisor {
  let servers: RestartablePart[] | undefined;
  const cleanUps: (() => void | Promise<void>)[] = [];
  const waitingFor = new Set<string>();
  let stopping: Promise<void> | undefined;

  const track = async <Value>(name: string, work: Promise<Value>): Promise<Value> => {
    waitingFor.add(name);
    onProgress?.([...waitingFor]);
    const value = await work;
    waitingFor.delete(name);
    onProgress?.([...waitingFor]);
    return value;
  };

  const launch = async (program: () => Program, policy: PartPolicy): Promise<RestartablePart> => {
    const part: RestartablePart = await createRestartable(
      async (givenUp) => {
        if (stopping !== undefined) throw new StackProblem('everything is being ended');
        const options = program();
        const either = AbortSignal.any([signal, givenUp]);
        const starting = startPart(
          { ...options, onLine: (line) => onLine?.(options.name, line), onMessage: policy.onMessage },
          either,
        );
        const started = await track(options.name, starting);
        policy.onStart?.(started);
        return started;
      },
      async ({ name, url, lastWords }, end) => {
        const words = await lastWords();
        if (stopping !== undefined || signal.aborted) return;
        const { lost, recover } = policy;
        const restart = (): Promise<void> => (recover ? recover(part.restart) : part.restart());
        const how = words === '' ? end : `${end}: ${words}`;
        onUnexpectedEnd?.({ part: name, at: url, how, lost, restart, pid: () => part.pid });
      },
    );
    return part;
  };

  return {
    track,
    startServer: async (program, policy = {}) => {
      if (servers === undefined) {
        const started: RestartablePart[] = [];
        servers = started;
        cleanUps.push(async () => void (await Promise.all(started.map((server) => server.stop()))));
      }
      const server = await launch(program, policy);
      servers.push(server);
      return server;
    },
    start: async (program, policy = {}) => {
      const part = await launch(program, policy);
      cleanUps.push(() => part.stop());
      return part;
    },
    onStop: (cleanUp) => cleanUps.push(cleanUp),
    stop: () => {
      stopping ??= (async () => {
        for (const cleanUp of cleanUps.toReversed()) await cleanUp();
      })();
      return stopping;
    },
  };
}
