import { expect, test } from '@jest/globals';
import { toEventId } from '../kernel/ids.ts';
import { type LogFields, silentLogger } from '../observe/logger.ts';
import { createInMemoryEventStore } from './inMemoryEventStore.ts';
import { createLoggedEventStore } from './loggedEventStore.ts';

test('says of each event where it went and what it came from, and of a lost race that it was lost', async () => {
  const lines: (LogFields & { message: string })[] = [];
  const logger = {
    ...silentLogger,
    info: (message: string, fields: LogFields = {}) => void lines.push({ message, ...fields }),
  };
  const store = createLoggedEventStore(createInMemoryEventStore(), { logger, clock: { elapsedMs: () => 0 } });
  const events = [0, 1].map((n) => ({
    id: toEventId('cause-1', 'test', 'order-1', n),
    type: 'Happened',
    data: {},
    metadata: {
      correlationId: 'correlation-1',
      causationId: 'cause-1',
      schemaVersion: 1,
      occurredAt: '2026-11-23T10:00:00.000Z',
      actor: 'test',
    },
  }));
  await store.append('order-1', events, 'no-stream');
  await store.append('order-1', [{ ...events[0], id: toEventId('x', 'x', 'x', 0) } as (typeof events)[0]], 'no-stream');
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
