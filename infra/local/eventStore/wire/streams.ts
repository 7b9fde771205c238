import { bool, bytes, map, message, nested, repeated, string, uint32, uint64 } from './message.ts';
import { AppendSuccess, Empty, Position, StreamIdentifier, Uuid } from './shared.ts';

/** Messages of event_store.client.streams.Streams, except the hot ones (eventFrame.ts, batch.ts). */
const Expression = message({ regex: string(1), prefix: repeated(string(2)) });

export const Filter = message({
  streamIdentifier: nested(1, Expression),
  eventType: nested(2, Expression),
  max: uint32(3),
  count: nested(4, Empty),
  checkpointIntervalMultiplier: uint32(5),
});

export const UuidOption = message({ structured: nested(1, Empty), string: nested(2, Empty) });

const StreamOptions = message({
  streamIdentifier: nested(1, StreamIdentifier),
  revision: uint64(2),
  start: nested(3, Empty),
  end: nested(4, Empty),
});

const AllOptions = message({ position: nested(1, Position), start: nested(2, Empty), end: nested(3, Empty) });

export const ReadOptions = message({
  stream: nested(1, StreamOptions),
  all: nested(2, AllOptions),
  readDirection: uint32(3),
  resolveLinks: bool(4),
  count: uint64(5),
  subscription: nested(6, Empty),
  filter: nested(7, Filter),
  noFilter: nested(8, Empty),
  uuidOption: nested(9, UuidOption),
  controlOption: nested(10, message({ compatibility: uint32(1) })),
});

export const ReadReq = message({ options: nested(1, ReadOptions) });

/** All answers of a read but the event itself. */
export const ReadResp = message({
  confirmation: nested(2, message({ subscriptionId: string(1) })),
  checkpoint: nested(3, Position),
  streamNotFound: nested(4, message({ streamIdentifier: nested(1, StreamIdentifier) })),
  firstStreamPosition: uint64(5),
  lastStreamPosition: uint64(6),
  caughtUp: nested(8, Empty),
});

/** Also the options of Delete and Tombstone. */
export const AppendOptions = message({
  streamIdentifier: nested(1, StreamIdentifier),
  revision: uint64(2),
  noStream: nested(3, Empty),
  any: nested(4, Empty),
  streamExists: nested(5, Empty),
});

export const ProposedMessage = message({
  id: nested(1, Uuid),
  metadata: map(2, string),
  customMetadata: bytes(3),
  data: bytes(4),
});

export const AppendReq = message({ options: nested(1, AppendOptions), proposedMessage: nested(2, ProposedMessage) });

export const AppendResp = message({
  success: nested(1, AppendSuccess),
  wrongExpectedVersion: nested(
    2,
    message({
      legacyCurrentRevision: uint64(1),
      legacyNoStream: nested(2, Empty),
      legacyExpectedRevision: uint64(3),
      legacyAny: nested(4, Empty),
      legacyStreamExists: nested(5, Empty),
      currentRevision: uint64(6),
      currentNoStream: nested(7, Empty),
      expectedRevision: uint64(8),
      expectedAny: nested(9, Empty),
      expectedStreamExists: nested(10, Empty),
      expectedNoStream: nested(11, Empty),
    }),
  ),
});

export const DeleteReq = message({ options: nested(1, AppendOptions) });

export const DeleteResp = message({ position: nested(1, Position), noPosition: nested(2, Empty) });
