import { expect, test } from '@jest/globals';
import type { Part } from './part.ts';
import { createRestartable } from './restartable.ts';

/** Processes that never were, and how many of them ran at a time. */
function makeProcesses() {
  const running: { pid: number; crash(): void }[] = [];
  const unexpected: string[] = [];
  let pids = 0;
  let most = 0;
  let gate: Promise<void> = Promise.resolve();
  const start = async (signal: AbortSignal): Promise<Part> => {
    await gate;
    signal.throwIfAborted();
    pids += 1;
    const pid = pids;
    const { promise: ended, resolve } = Promise.withResolvers<string>();
    const end = async (how: string): Promise<void> => {
      const index = running.findIndex((one) => one.pid === pid);
      if (index >= 0) running.splice(index, 1);
      resolve(how);
    };
    running.push({ pid, crash: () => void end('SIGKILL') });
    most = Math.max(most, running.length);
    return {
      name: 'relay',
      pid,
      message: undefined,
      url: undefined,
      lastWords: async () => '',
      ended,
      stop: () => end('exit code 0'),
      kill: () => end('SIGKILL'),
    };
  };
  return {
    running,
    unexpected,
    most: () => most,
    /** Holds starts back until the answer is called. */
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    create: () => createRestartable(start, ({ pid }, how) => unexpected.push(`${pid} ${how}`)),
  };
}

test('tells of an end that nobody asked for, and of no other', async () => {
  const { create, running, unexpected } = makeProcesses();
  const part = await create();

  await part.kill();
  await part.restart();
  await part.stop();
  await part.restart();
  running[0]?.crash();
  await Promise.resolve();

  expect(unexpected).toEqual(['3 SIGKILL']);
});

test('asked for twice at once, it is started again one after the other, never two at a time', async () => {
  const { create, most, running } = makeProcesses();
  const part = await create();

  await Promise.all([part.restart(), part.restart()]);

  expect(most()).toBe(1);
  expect(running.map(({ pid }) => pid)).toEqual([3]);
});

test('stopped while it is being started again, it gives that up', async () => {
  const { create, hold, running } = makeProcesses();
  const part = await create();
  const open = hold();
  const restarting = part.restart();
  restarting.catch(() => {});

  const stopping = part.stop();
  open();

  await expect(restarting).rejects.toThrow('aborted');
  await stopping;
  expect(running).toEqual([]);
});

test('one that did not come up again can be started once more', async () => {
  const { create, hold, running } = makeProcesses();
  const part = await create();
  const open = hold();
  const failing = part.restart();
  const stopping = part.stop();
  open();
  await failing.catch(() => {});
  await stopping;

  await part.restart();

  expect(running).toHaveLength(1);
});
