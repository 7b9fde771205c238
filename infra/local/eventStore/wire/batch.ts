import { bool, bytes, int32, int64, message, nested, repeated, string, uint32, uint64 } from './message.ts';
import { AppendSuccess, Empty, StreamIdentifier } from './shared.ts';
import { ProposedMessage } from './streams.ts';

/** Messages of Streams.BatchAppend. */
const Seconds = message({ seconds: int64(1), nanos: int32(2) });

export const BatchAppendOptions = message({
  streamIdentifier: nested(1, StreamIdentifier),
  streamPosition: uint64(2),
  noStream: nested(3, Empty),
  any: nested(4, Empty),
  streamExists: nested(5, Empty),
  /** The instant of the deadline (clients up to 6.2.1 of Node's). */
  deadlineInstant: nested(6, Seconds),
  /** The time left to it (clients of 21.10.1 and later elsewhere). */
  deadlineDuration: nested(7, Seconds),
});

/** `correlationId` stays as it came, to be sent back the same. */
export const BatchAppendReq = message({
  correlationId: bytes(1),
  options: nested(2, BatchAppendOptions),
  proposedMessages: repeated(nested(3, ProposedMessage)),
  isFinal: bool(4),
});

const Any = message({ typeUrl: string(1), value: bytes(2) });

export const BatchAppendResp = message({
  correlationId: bytes(1),
  error: nested(2, message({ code: uint32(1), message: string(2), details: nested(3, Any) })),
  success: nested(3, AppendSuccess),
  streamIdentifier: nested(4, StreamIdentifier),
});

export const WrongExpectedVersion = message({
  currentStreamRevision: uint64(1),
  currentNoStream: nested(2, Empty),
  expectedStreamPosition: uint64(3),
  expectedAny: nested(4, Empty),
  expectedStreamExists: nested(5, Empty),
  expectedNoStream: nested(6, Empty),
});

export const StreamDeleted = message({ streamIdentifier: nested(1, StreamIdentifier) });
export const MaximumAppendSizeExceeded = message({ maxAppendSize: uint32(1) });
export const BadRequest = message({ message: string(1) });
