import { expect, test } from '@jest/globals';
import { type LogFields, silentLogger } from '../observe/logger.ts';
import { newEvent } from '../testing/builders.ts';
import { createInMemoryEventStore } from './inMemoryEventStore.ts';
import { createLoggedEventStore } from './loggedEventStore.ts';

test('says of each event where it went and what it came from, and of a lost race that it was lost', async () => {
  const lines: (LogFields & { message: string })[] = [];
  const logger = {
    ...silentLogger,
    info: (message: string, fields: LogFields = {}) => void lines.push({ message, ...fields }),
  };
  const store = createLoggedEventStore(createInMemoryEventStore(), { logger, clock: { elapsedMs: () => 0 } });
  const events = [newEvent('order-1', { n: 0 }), newEvent('order-1', { n: 1 })];
  await store.append('order-1', events, 'no-stream');
  await store.append('order-1', [newEvent('order-1', { n: 2 })], 'no-stream');
  const origin = { correlationId: 'correlation-1', stream: 'order-1', durationMs: 0 };
  expect(lines).toEqual([
    {
      message: 'event appended',
      type: 'Happened',
      eventId: events[0]?.id,
      causationId: 'cause-1',
      revision: 0n,
      ...origin,
    },
    {
      message: 'event appended',
      type: 'Happened',
      eventId: events[1]?.id,
      causationId: 'cause-1',
      revision: 1n,
      ...origin,
    },
    { message: 'append lost a race', ...origin },
  ]);
});
