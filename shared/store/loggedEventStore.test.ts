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
  const late = newEvent('order-1', { n: 2 });
  await store.append('order-1', [late], 'no-stream');
  const origin = {
    type: 'Happened',
    correlationId: 'correlation-1',
    causationId: 'cause-1',
    stream: 'order-1',
    durationMs: 0,
  };
  expect(lines).toEqual([
    { message: 'event appended', eventId: events[0]?.id, revision: 0n, ...origin },
    { message: 'event appended', eventId: events[1]?.id, revision: 1n, ...origin },
    { message: 'append lost a race', eventId: late.id, expected: 'no-stream', ...origin },
  ]);
});
