import { expect, test } from '@jest/globals';
import { parseSettings } from './settings.ts';
import { toWarnings } from './warnings.ts';

const RABBITMQ_URL = 'amqp://guest:guest@127.0.0.1:5672';
const EVENTSTORE_URL = 'esdb://127.0.0.1:2113?tls=false';

test('a broker that stays beside a store that does not is warned of', () => {
  expect(toWarnings(parseSettings({ RABBITMQ_URL }))).toEqual([
    expect.stringMatching(
      /^the event store is in memory .* the queues at RABBITMQ_URL stays, .* --data DIR keeps the store$/,
    ),
  ]);
});

test('where both stay, or neither, there is nothing to say', () => {
  const settings = [
    parseSettings({}),
    parseSettings({ EVENTSTORE_URL }),
    parseSettings({ RABBITMQ_URL, EVENTSTORE_URL }),
    parseSettings({ RABBITMQ_URL }, '/data'),
  ];
  expect(settings.flatMap(toWarnings)).toEqual([]);
});
