import type { QueryEvent } from '../projections/sandbox.ts';

/** An event of a stream as a query gets it. */
export const queryEvent = (eventType: string, body: unknown, streamId = 'thing-1'): QueryEvent => ({
  isJson: true,
  bodyRaw: JSON.stringify(body),
  metadataRaw: '',
  sequenceNumber: 4,
  streamId,
  eventType,
  eventId: '00112233-4455-6677-8899-aabbccddeeff',
  __origin: streamId,
  __projection: 'test',
});
