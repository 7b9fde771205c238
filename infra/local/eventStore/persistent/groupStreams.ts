import type { EventLog } from '../log/eventLog.ts';
import { LINK_TYPE, METADATA_TYPE } from '../log/eventType.ts';
import { resolveLink } from '../log/links.ts';
import { metadataOf, readableWindow, stateOf } from '../log/readable.ts';
import { appendOwn } from '../log/write.ts';
import type { Message } from './message.ts';
import { checkpointStream, type GroupConfig, parkedStream } from './settings.ts';

/** What a group keeps in the store beside its configuration: its checkpoint and its parked messages. */
const NO_BYTES = Buffer.alloc(0);
const CHECKPOINT_TYPE = 'SubscriptionCheckpoint';

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** The last checkpoint written, as text. */
export function loadCheckpoint(log: EventLog, config: GroupConfig): string | undefined {
  const state = stateOf(log, checkpointStream(config));
  if (state.status !== 'present') return undefined;
  const newest = state.stream.ordinals[readableWindow(log, state.stream).last];
  if (newest === undefined || !log.typeOf(newest).name.endsWith(CHECKPOINT_TYPE)) return undefined;
  const value: unknown = JSON.parse(log.records.data(newest).toString());
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

export function saveCheckpoint(log: EventLog, config: GroupConfig, checkpoint: string): void {
  const name = checkpointStream(config);
  if (!log.stream(name)?.metastream) {
    const data = json({ $maxCount: 2 });
    appendOwn(log, `$$${name}`, { type: METADATA_TYPE, isJson: true, metadata: NO_BYTES, data });
  }
  appendOwn(log, name, { type: CHECKPOINT_TYPE, isJson: true, metadata: NO_BYTES, data: json(checkpoint) });
}

/** Keeps a link to the message's event in the group's parked stream. */
export function park(log: EventLog, config: GroupConfig, message: Message, reason: string): void {
  const ordinal = message.event.event ?? message.event.link;
  if (ordinal === undefined) return;
  const added = new Date(log.now()).toISOString();
  const metadata = json({ added, reason, subscriptionEventNumber: message.place });
  const data = Buffer.from(`${log.records.revision(ordinal)}@${log.streamOf(ordinal).name}`);
  appendOwn(log, parkedStream(config), { type: LINK_TYPE, isJson: false, metadata, data });
}

export function parkedCount(log: EventLog, config: GroupConfig): number {
  const stream = log.stream(parkedStream(config));
  if (!stream) return 0;
  return Math.max(0, stream.lastRevision - (metadataOf(log, stream).truncateBefore ?? 0) + 1);
}

/**
 * Takes the parked messages before revision `stopAt` of the parked stream out of it, and returns them to be delivered
 * again: the parked link is what consumers settle.
 */
export function unpark(log: EventLog, config: GroupConfig, stopAt: number): Message[] {
  const state = stateOf(log, parkedStream(config));
  if (state.status !== 'present') return [];
  const { min, last } = readableWindow(log, state.stream);
  const bound = Math.min(stopAt, last + 1);
  const messages: Message[] = [];
  for (let revision = min; revision < bound; revision++) {
    const ordinal = state.stream.ordinals[revision] as number;
    const event = resolveLink(log, ordinal);
    const id = log.records.id(ordinal).toString('hex');
    messages.push({ id, event, place: Number.POSITIVE_INFINITY, isReplayed: true, retryCount: 0, sentAtMs: 0 });
  }
  if (messages.length > 0) {
    const data = json({ $tb: bound });
    appendOwn(log, `$$${parkedStream(config)}`, { type: METADATA_TYPE, isJson: true, metadata: NO_BYTES, data });
  }
  return messages;
}
