import { type Part, type PartOptions, startPart } from './part.ts';
import { createRestartable, type RestartablePart } from './restartable.ts';

export type Program = Omit<PartOptions, 'onLine'>;

export interface UnexpectedEnd {
  readonly part: string;
  /** Its address, where it has one. */
  readonly at: string | undefined;
  readonly how: string;
  /** There for a part that holds no state, and is served by nobody's port. */
  readonly restart: (() => Promise<void>) | undefined;
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

/** Starts processes, tells of those that end by themselves, and ends them all. */
export interface Supervisor {
  track<Value>(name: string, work: Promise<Value>): Promise<Value>;
  /** Starts one whose end is everybody's; all of them are ended last, together. */
  startServer(program: Program): Promise<Part>;
  startRestartable(program: Program, onStart?: (part: Part) => void): Promise<RestartablePart>;
  /** Runs on `stop`, in the reverse order of the calls. */
  onStop(cleanUp: () => void | Promise<void>): void;
  /** Ends everything, last started first. May be called again. */
  stop(): Promise<void>;
}

export function createSupervisor({ signal, onLine, onProgress, onUnexpectedEnd }: SupervisorOptions): Supervisor {
  const servers: Part[] = [];
  const cleanUps: (() => void | Promise<void>)[] = [
    async () => {
      await Promise.all(servers.map((server) => server.stop()));
    },
  ];
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
  const start = (program: Program): Promise<Part> =>
    track(program.name, startPart({ ...program, onLine: (line) => onLine?.(program.name, line) }, signal));
  const reportEnd = (part: Part, how: string, restart?: () => Promise<void>): void => {
    if (stopping === undefined && !signal.aborted) onUnexpectedEnd?.({ part: part.name, at: part.url, how, restart });
  };

  return {
    track,
    startServer: async (program) => {
      const server = await start(program);
      servers.push(server);
      void server.ended.then((how) => reportEnd(server, how));
      return server;
    },
    startRestartable: async (program, onStart) => {
      const part: RestartablePart = await createRestartable(
        async () => {
          const started = await start(program);
          onStart?.(started);
          return started;
        },
        (ended, how) => reportEnd(ended, how, () => part.restart()),
      );
      cleanUps.push(() => part.stop());
      return part;
    },
    onStop: (cleanUp) => cleanUps.push(cleanUp),
    stop: () => {
      stopping ??= (async () => {
        for (const cleanUp of cleanUps.reverse()) await cleanUp();
      })();
      return stopping;
    },
  };
}
