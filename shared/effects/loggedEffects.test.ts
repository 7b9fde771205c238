import { expect, test } from '@jest/globals';
import { Fault } from '../kernel/fault.ts';
import { createLogbook } from '../testing/consumerRig.ts';
import { createManualClock } from '../testing/manualClock.ts';
import { createLoggedEffects } from './loggedEffects.ts';

interface Greeter {
  greet(request: { readonly key: string; readonly name: string }): Promise<string>;
}

function makeGreeter(greet: Greeter['greet']) {
  const logger = createLogbook();
  const clock = createManualClock();
  return { logger, clock, greeter: createLoggedEffects<Greeter>({ greet }, 'greeter', { logger, clock }) };
}

test('an effect answers as before, and leaves one line: which, for which event, how long', async () => {
  const { greeter, logger, clock } = makeGreeter(async ({ name }) => {
    await clock.pass(12);
    return `hello ${name}`;
  });
  expect(await greeter.greet({ key: 'event-1', name: 'Ada' })).toBe('hello Ada');
  expect(logger.lines).toEqual([
    {
      level: 'info',
      message: 'effect done',
      provider: 'greeter',
      operation: 'greet',
      eventId: 'event-1',
      durationMs: 12,
    },
  ]);
});

test('one that fails leaves a line as well, and fails as before', async () => {
  const { greeter, logger } = makeGreeter(async () => {
    throw new Fault('payments/unavailable', 'no answer');
  });
  await expect(greeter.greet({ key: 'event-1', name: 'Ada' })).rejects.toThrow('no answer');
  expect(logger.lines).toMatchObject([{ level: 'warn', message: 'effect failed', code: 'payments/unavailable' }]);
});
