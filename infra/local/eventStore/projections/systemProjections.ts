import { categoryOf as categoryOfAny } from '../log/categoryIndex.ts';
import type { EventLog } from '../log/eventLog.ts';
import { LINK_TYPE, METADATA_TYPE } from '../log/eventType.ts';
import { addressOf } from '../log/links.ts';
import { parseStreamMetadata } from '../log/streamMetadata.ts';
import { type Emission, metadataOf } from './emission.ts';

/** What a system projection writes for one record. */
export type SystemProjection = (log: EventLog, ordinal: number) => Emission | undefined;

/** The projections that come with the server, by name. */
export const SYSTEM_PROJECTIONS: Readonly<Record<string, SystemProjection>> = {
  $by_category: byCategory,
  $by_event_type: byEventType,
  $by_correlation_id: byCorrelationId,
  $stream_by_category: streamByCategory,
  $streams: streams,
};

/** They see the events of ordinary streams, and of the metadata of ordinary streams. */
export function isSeen(name: string): boolean {
  return !name.startsWith('$') || (name.startsWith('$$') && name[2] !== '$');
}

function link(stream: string, data: string, extra: Emission['extra'] = {}): Emission {
  return { stream, type: LINK_TYPE, isJson: false, data, extra };
}

function categoryOf(name: string): string | undefined {
  return name.startsWith('$') ? undefined : categoryOfAny(name);
}

/** The stream a record deletes, softly or for good. */
function deletedBy(log: EventLog, ordinal: number): string | undefined {
  const { name, target } = log.streamOf(ordinal);
  if (log.records.isTombstone(ordinal)) return name;
  if (!target || log.typeOf(ordinal).name !== METADATA_TYPE) return undefined;
  const isDeleted = parseStreamMetadata(log.records.isJson(ordinal), log.records.data(ordinal)).isSoftDeleted;
  return isDeleted ? target.name : undefined;
}

function byCategory(log: EventLog, ordinal: number): Emission | undefined {
  const { name } = log.streamOf(ordinal);
  const deleted = deletedBy(log, ordinal);
  const category = categoryOf(deleted ?? name);
  if (category === undefined) return undefined;
  const origin = { $o: deleted ?? name };
  if (deleted !== undefined) return link(`$ce-${category}`, addressOf(log, ordinal), { ...origin, $deleted: -1 });
  // A link to a link would not be followed.
  const isLink = log.typeOf(ordinal).name === LINK_TYPE;
  const data = isLink ? log.records.data(ordinal).toString() : addressOf(log, ordinal);
  return link(`$ce-${category}`, data, origin);
}

function byEventType(log: EventLog, ordinal: number): Emission | undefined {
  const type = log.typeOf(ordinal).name;
  if (type === LINK_TYPE) return undefined;
  const deleted = deletedBy(log, ordinal);
  if (deleted !== undefined) return link('$et-$deleted', addressOf(log, ordinal), { $o: deleted, $deleted: -1 });
  return link(`$et-${type}`, addressOf(log, ordinal));
}

function byCorrelationId(log: EventLog, ordinal: number): Emission | undefined {
  const correlationId = metadataOf(log, ordinal)['$correlationId'];
  if (typeof correlationId !== 'string' || correlationId === '') return undefined;
  const isLink = log.typeOf(ordinal).name === LINK_TYPE;
  const data = isLink ? log.records.data(ordinal).toString() : addressOf(log, ordinal);
  const $eventTimestamp = new Date(log.records.createdMs(ordinal)).toISOString();
  return link(`$bc-${correlationId}`, data, { $eventTimestamp });
}

function streamByCategory(log: EventLog, ordinal: number): Emission | undefined {
  const { name } = log.streamOf(ordinal);
  const category = categoryOf(name);
  const isFirst = log.records.revision(ordinal) === 0 && !log.records.isTombstone(ordinal);
  if (category === undefined || !isFirst) return undefined;
  return { stream: `$category-${category}`, type: '$@', isJson: false, data: name, extra: {} };
}

function streams(log: EventLog, ordinal: number): Emission | undefined {
  const isFirst = log.records.revision(ordinal) === 0 && !log.records.isTombstone(ordinal);
  return isFirst ? link('$streams', addressOf(log, ordinal)) : undefined;
}
