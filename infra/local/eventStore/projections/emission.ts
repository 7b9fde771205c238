import { ANY } from '../log/decideAppend.ts';
import type { EventLog } from '../log/eventLog.ts';
import { append, newEventId } from '../log/write.ts';
import { formatUuid } from '../wire/uuid.ts';

/** An event a projection writes because of another. */
export interface Emission {
  readonly stream: string;
  readonly type: string;
  readonly isJson: boolean;
  readonly data: string;
  /** Goes into the metadata beside what every emitted event carries. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** Who emits: the first three parts of `$v`. */
export interface Emitter {
  readonly id: number;
  readonly epoch: number;
  readonly version: number;
}

const PROTOCOL_VERSION = 4;

/** Writes the emission with metadata that names the projection, the source event and its position. */
export function emit(log: EventLog, emitter: Emitter, source: number, emission: Emission): void {
  const position = log.records.position(source);
  const { $v, $c, $p, $causedBy, ...extra } = emission.extra;
  const correlationId = metadataOf(log, source)['$correlationId'];
  const metadata = {
    $v: `${emitter.id}:${emitter.epoch}:${emitter.version}:${PROTOCOL_VERSION}`,
    $c: position,
    $p: position,
    ...extra,
    $causedBy: formatUuid(log.records.id(source)),
    ...(typeof correlationId === 'string' && { $correlationId: correlationId }),
  };
  const event = {
    id: newEventId(),
    type: emission.type,
    isJson: emission.isJson,
    metadata: Buffer.from(JSON.stringify(metadata)),
    data: Buffer.from(emission.data),
  };
  append(log, emission.stream, ANY, [event], { isEmitted: true });
}

/** An event's metadata as an object; empty when it isn't JSON. */
export function metadataOf(log: EventLog, ordinal: number): Readonly<Record<string, unknown>> {
  if (log.records.metadataLength(ordinal) === 0) return {};
  try {
    const value: unknown = JSON.parse(log.records.metadata(ordinal).toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The position of the last event each projection emitted for, by projection id: where it goes on after a restart. */
export function findEmitted(log: EventLog): ReadonlyMap<number, number> {
  const emitted = new Map<number, number>();
  for (let ordinal = 0; ordinal < log.visible; ordinal++) {
    // Applications copy metadata; what a projection wrote can be told by more than that.
    if (!log.records.isEmitted(ordinal)) continue;
    const { $v, $p } = metadataOf(log, ordinal);
    if (typeof $v !== 'string' || typeof $p !== 'number') continue;
    const id = Number($v.split(':')[0]);
    emitted.set(id, Math.max($p, emitted.get(id) ?? $p));
  }
  return emitted;
}
