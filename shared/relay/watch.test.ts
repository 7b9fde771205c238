import { expect, test } from '@jest/globals';
import { Fault } from '../kernel/fault.ts';
import { createLogbook } from '../testing/consumerRig.ts';
import { makeRelay } from '../testing/makeRelay.ts';
import { createManualClock } from '../testing/manualClock.ts';
import { createRelayStatus } from './status.ts';
import { watchRelay } from './watch.ts';

/** What is looked at fails like this; undefined: it holds two messages. */
function makeWatch(refusal: Fault | undefined) {
  const deps = makeRelay().newDeps();
  const logger = createLogbook();
  const clock = createManualClock();
  const figures: string[] = [];
  const done = new AbortController();
  let looks = 0;
  const readDepth = async (): Promise<number> => {
    looks += 1;
    if (refusal) throw refusal;
    return 2;
  };
  const status = createRelayStatus();
  status.state = 'relaying';
  const publisher = { ...deps.publisher, readDepth };
  const metrics = { add: (name: string) => void figures.push(name), flush: () => undefined };
  return {
    status,
    logger,
    figures,
    looks: () => looks,
    /** One run, in which it looks so often. */
    async run(times: number): Promise<void> {
      const running = watchRelay({ ...deps, clock, logger, metrics, publisher }, status, done.signal);
      for (let n = 1; n < times; n += 1) await clock.pass(5_000);
      done.abort();
      await running;
    },
  };
}

test.each([
  ['may not be looked at', new Fault('broker/forbidden', "access to queue 'unrouted' refused")],
  ['is not there', new Fault('broker/unroutable', "no queue 'unrouted'")],
])('a queue that %s is told once in a run, by its name', async (_, refusal) => {
  const watch = makeWatch(refusal);
  await watch.run(3);
  expect(watch.looks()).toBe(3);
  expect(watch.logger.lines).toEqual([
    { level: 'warn', message: expect.any(String), queue: 'unrouted', code: refusal.code, reason: refusal.message },
  ]);
  expect(watch.status.unrouted).toBeUndefined();
});

test('a broker that is away is told by whoever pumps, and not here', async () => {
  const watch = makeWatch(new Fault('broker/unavailable', 'gone'));
  await watch.run(3);
  expect([watch.looks(), watch.logger.lines]).toEqual([3, []]);
});

test('what nobody is bound for is in the report, and counted by who measures queues', async () => {
  const watch = makeWatch(undefined);
  await watch.run(2);
  expect([watch.status.unrouted, watch.logger.lines]).toEqual([2, []]);
  expect(watch.figures).toContain('RelayWindowFill');
  expect(watch.figures.filter((name) => /unrouted/i.test(name))).toEqual([]);
});
