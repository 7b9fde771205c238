import { expect, test } from '@jest/globals';
import { createRestarts } from './restarts.ts';
import type { UnexpectedEnd } from './supervisor.ts';

const restarted = async (): Promise<void> => {};
const ended = (part: string, restart = restarted, lost?: string): UnexpectedEnd => ({
  part,
  at: undefined,
  how: 'SIGKILL',
  lost,
  restart,
  pid: () => 7,
});

function record() {
  const said: string[] = [];
  let look = (): void => {};
  const say = (line: string): void => {
    said.push(line);
    look();
  };
  const restarts = createRestarts({ say, giveUp: (reason) => say(`gave up: ${reason}`) });
  const until = (line: string): Promise<void> =>
    new Promise((resolve) => {
      look = () => said.includes(line) && resolve();
      look();
    });
  return { restarts, said, until };
}

test('starts a part again, and says so', async () => {
  const { restarts, said, until } = record();

  restarts.onEnd(ended('relay'));
  await until('relay: running again (process 7)');

  expect(said).toEqual(['relay ended by itself (SIGKILL); starting it again', 'relay: running again (process 7)']);
});

test('gives up where something is lost, saying what', () => {
  const { restarts, said } = record();

  restarts.onEnd(ended('event store', restarted, 'every event, kept in memory'));

  expect(said).toEqual(['gave up: event store ended by itself (SIGKILL), and with it every event, kept in memory']);
});

test('gives up on a part that keeps ending; others have a count of their own', async () => {
  const { restarts, said, until } = record();
  for (let n = 0; n < 3; n += 1) {
    restarts.onEnd(ended('relay'));
    await until('relay: running again (process 7)');
    said.length = 0;
  }

  restarts.onEnd(ended('event source'));
  restarts.onEnd(ended('relay'));

  expect(said).toContain('gave up: relay ended by itself (SIGKILL), 4 times within 30 s');
  expect(said).toContain('event source ended by itself (SIGKILL); starting it again');
});

test('one that ends while it is being started again is started once more, by one hand', async () => {
  const { restarts, said, until } = record();
  let starts = 0;
  const restart = async (): Promise<void> => {
    starts += 1;
    if (starts === 1) restarts.onEnd(ended('broker', restart));
  };

  restarts.onEnd(ended('broker', restart));
  await until('broker: running again (process 7)');

  expect(starts).toBe(2);
  expect(said).toEqual(['broker ended by itself (SIGKILL); starting it again', 'broker: running again (process 7)']);
});

test('a start that fails is tried again, and given up when it goes on failing', async () => {
  const { restarts, said, until } = record();
  let starts = 0;
  const restart = async (): Promise<void> => {
    starts += 1;
    if (starts < 3) throw new Error('did not start');
  };
  restarts.onEnd(ended('functions', restart));
  await until('functions: running again (process 7)');
  expect(starts).toBe(3);

  restarts.onEnd(ended('relay', () => Promise.reject(new Error('did not start'))));
  await until("gave up: relay can't be started again");
  expect(said.filter((line) => line === 'relay: did not start')).toHaveLength(3);
});
