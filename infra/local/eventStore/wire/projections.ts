import { bool, double, float, int32, int64, late, map, message, nested, repeated, string, uint32 } from './message.ts';
import { Empty } from './shared.ts';

/** Messages of event_store.client.projections.Projections. */
export const CreateReq = message({
  options: nested(
    1,
    message({
      oneTime: nested(1, Empty),
      transient: nested(2, message({ name: string(1) })),
      continuous: nested(3, message({ name: string(1), emitEnabled: bool(2), trackEmittedStreams: bool(3) })),
      query: string(4),
    }),
  ),
});

export const UpdateReq = message({
  options: nested(
    1,
    message({ name: string(1), query: string(2), emitEnabled: bool(3), noEmitOptions: nested(4, Empty) }),
  ),
});

export const DeleteReq = message({
  options: nested(
    1,
    message({
      name: string(1),
      deleteEmittedStreams: bool(2),
      deleteStateStream: bool(3),
      deleteCheckpointStream: bool(4),
    }),
  ),
});

export const StatisticsReq = message({
  options: nested(
    1,
    message({
      name: string(1),
      all: nested(2, Empty),
      transient: nested(3, Empty),
      continuous: nested(4, Empty),
      oneTime: nested(5, Empty),
    }),
  ),
});

export const StatisticsResp = message({
  details: nested(
    1,
    message({
      coreProcessingTime: int64(1),
      version: int64(2),
      epoch: int64(3),
      effectiveName: string(4),
      writesInProgress: int32(5),
      readsInProgress: int32(6),
      partitionsCached: int32(7),
      status: string(8),
      stateReason: string(9),
      name: string(10),
      mode: string(11),
      position: string(12),
      progress: float(13),
      lastCheckpoint: string(14),
      eventsProcessedAfterRestart: int64(15),
      checkpointStatus: string(16),
      bufferedEvents: int64(17),
      writePendingEventsBeforeCheckpoint: int32(18),
      writePendingEventsAfterCheckpoint: int32(19),
    }),
  ),
});

/** Disable and Reset; Enable has only the name. */
export const NamedReq = message({ options: nested(1, message({ name: string(1), writeCheckpoint: bool(2) })) });

export const StateReq = message({ options: nested(1, message({ name: string(1), partition: string(2) })) });

/** google.protobuf.Value, which may hold itself. */
interface ProtoValue {
  readonly nullValue?: number | undefined;
  readonly numberValue?: number | undefined;
  readonly stringValue?: string | undefined;
  readonly boolValue?: boolean | undefined;
  readonly structValue?: { readonly fields?: ReadonlyMap<string, ProtoValue> | undefined } | undefined;
  readonly listValue?: { readonly values?: readonly ProtoValue[] | undefined } | undefined;
}

interface Codec<T> {
  decode(bytes: Buffer): T;
  encode(value: T): Buffer;
}

const valueField = (no: number) => late<ProtoValue>(no, () => Value);
const Struct = message({ fields: map(1, valueField) });
const List = message({ values: repeated(valueField(1)) });

const Value: Codec<ProtoValue> = message({
  nullValue: uint32(1),
  numberValue: double(2),
  stringValue: string(3),
  boolValue: bool(4),
  structValue: nested(5, Struct),
  listValue: nested(6, List),
});

/** State and Result answer the same. */
export const StateResp = message({ value: valueField(1) });

/** A value that came from JSON. */
export function toProtoValue(value: unknown): ProtoValue {
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(toProtoValue) } };
  if (typeof value !== 'object' || value === null) return { nullValue: 0 };
  return { structValue: { fields: new Map(Object.entries(value).map(([key, item]) => [key, toProtoValue(item)])) } };
}
