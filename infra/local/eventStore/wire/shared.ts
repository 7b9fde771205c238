import { bytes, int64, type MessageValue, message, nested, string, uint64 } from './message.ts';
import { fromHalves, parseUuid } from './uuid.ts';

/** Messages that several services use. Source: event_store.client shared.proto. */
export const Empty = message({});

export const Uuid = message({
  structured: nested(1, message({ mostSignificant: int64(1), leastSignificant: int64(2) })),
  string: bytes(2),
});

export const StreamIdentifier = message({ streamName: string(3) });

export const Position = message({ commit: uint64(1), prepare: uint64(2) });

/** How both kinds of append say that the events are written. */
export const AppendSuccess = message({
  currentRevision: uint64(1),
  noStream: nested(2, Empty),
  position: nested(3, Position),
  noPosition: nested(4, Empty),
});

/** A request whose meaning is wrong although its bytes are right. The text is for the caller. */
export class InvalidRequest extends Error {}

/** The 16 bytes of a UUID in either form. Throws {@link InvalidRequest} when it is neither. */
export function toUuidBytes(uuid: MessageValue<typeof Uuid> | undefined): Buffer {
  if (uuid?.structured)
    return fromHalves(uuid.structured.mostSignificant ?? 0n, uuid.structured.leastSignificant ?? 0n);
  const id = uuid?.string && parseUuid(uuid.string);
  if (!id) throw new InvalidRequest(`'${uuid?.string?.toString() ?? ''}' is not a valid UUID.`);
  return id;
}
