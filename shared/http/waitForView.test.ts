import { expect, test } from '@jest/globals';
import { Fault } from '../kernel/fault.ts';
import { operator } from '../testing/callers.ts';
import { toHttpEvent } from '../testing/lambdaEvents.ts';
import { reply } from './reply.ts';
import { parseWait, waitForView, withWait } from './waitForView.ts';

const answer = reply(202, { orderId: 'o-1', revision: 3n });

/** A command whose view reaches revision `n` after `n` looks; time passes with every sleep. */
function makeCommand(read: (look: number) => Promise<{ revision: bigint } | undefined>) {
  let nowMs = 0;
  let looks = 0;
  const handle = waitForView(
    {
      table: {
        read: async (stream) => {
          expect(stream).toBe('order-o-1');
          looks += 1;
          const row = await read(looks);
          return row && { ...row, view: {} };
        },
      },
      clock: {
        elapsedMs: () => nowMs,
        sleep: async (ms) => {
          nowMs += ms;
        },
      },
      toStream: ({ orderId }) => `order-${orderId}`,
    },
    async () => answer,
  );
  const ask = (prefer?: string) => {
    const event = toHttpEvent(prefer === undefined ? {} : { headers: { prefer } });
    return handle(withWait(() => undefined)(event, operator), { correlationId: 'c' });
  };
  return { ask, looks: () => looks, nowMs: () => nowMs };
}

const applied = (waitS: number) => ({ ...answer, headers: { 'preference-applied': `wait=${waitS}` } });

test('the answer is given when the view has the revision, and not before', async () => {
  const command = makeCommand(async (look) => ({ revision: BigInt(look) }));
  expect(await command.ask('wait=2')).toEqual(applied(2));
  expect(command.looks()).toBe(3);
});

test('after the time that the caller would wait it is given all the same, without saying that it was waited for', async () => {
  const command = makeCommand(async () => undefined);
  expect(await command.ask('wait=1')).toEqual(answer);
  expect(command.nowMs()).toBe(1_000);
});

test('nobody is kept longer than five seconds', async () => {
  const command = makeCommand(async () => ({ revision: 2n }));
  expect(await command.ask('wait=600')).toEqual(answer);
  expect(command.nowMs()).toBe(5_000);
});

test('who does not ask for it does not wait', async () => {
  const command = makeCommand(async () => undefined);
  expect(await command.ask()).toEqual(answer);
  expect(command.looks()).toBe(0);
});

test('a view that can not be read takes nothing back: the command is in', async () => {
  const command = makeCommand(async (look) => {
    if (look < 3) throw new Fault('table/unavailable', 'down');
    return { revision: 3n };
  });
  expect(await command.ask('wait=1')).toEqual(applied(1));
});

test.each([
  ['wait=3', 3],
  ['respond-async, WAIT="2"', 2],
  ['wait=3, wait=1', 3],
  ['wait=2; foo=bar', 2],
  ['wait=4;foo, respond-async', 4],
  ['foo=bar; wait=2', 0],
  ['wait', 0],
  ['wait=-1', 0],
  ['wait=soon', 0],
  ['return=minimal', 0],
])('%p is %d seconds', (prefer, seconds) => {
  expect(parseWait(toHttpEvent({ headers: { Prefer: prefer } }))).toBe(seconds);
});
