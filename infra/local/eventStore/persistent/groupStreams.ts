import * as z from 'zod/mini';
import type { EventLog } from '../log/eventLog.ts';
import { METADATA_TYPE } from '../log/eventType.ts';
import { loadNewest } from '../log/stored.ts';
import { appendOwn } from '../log/write.ts';
import { checkpointStream, type GroupConfig } from './settings.ts';

/** Where a group keeps how far it is. */
const NO_BYTES = Buffer.alloc(0);
const CHECKPOINT_TYPE = 'SubscriptionCheckpoint';
const checkpointForm = z.union([z.string(), z.pipe(z.number(), z.transform(String))]);

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/** The last checkpoint written, as text. */
export function loadCheckpoint(log: EventLog, config: GroupConfig): string | undefined {
  const isCheckpoint = (type: string): boolean => type.endsWith(CHECKPOINT_TYPE);
  return loadNewest(log, checkpointStream(config), isCheckpoint, checkpointForm);
}

export function saveCheckpoint(log: EventLog, config: GroupConfig, checkpoint: string): void {
  const name = checkpointStream(config);
  if (!log.stream(name)?.metastream) {
    const data = json({ $maxCount: 2 });
    appendOwn(log, `$$${name}`, { type: METADATA_TYPE, isJson: true, metadata: NO_BYTES, data });
  }
  appendOwn(log, name, { type: CHECKPOINT_TYPE, isJson: true, metadata: NO_BYTES, data: json(checkpoint) });
}
