import { readFileSync, truncateSync } from 'node:fs';
import type { EventLog } from '../log/eventLog.ts';
import { listSegments } from './segments.ts';
import { decodeRecords, findTransaction } from './transactionCodec.ts';

/** What recovery found: where writing goes on, and what a person should know. */
export interface Recovery {
  readonly segmentCount: number;
  /** Bytes in the newest segment. */
  readonly lastSegmentBytes: number;
  readonly notes: readonly string[];
}

const remedy = 'put the whole directory back from a copy, or take it away to begin anew';

/**
 * Afterwards the log holds every transaction on disk. A torn last one is cut off, with a note; nobody was told that it
 * was written. Throws, naming file and offset, when anything before the end is damaged or missing: nothing is ever
 * skipped.
 */
export function recover(directory: string, log: EventLog): Recovery {
  const segments = listSegments(directory);
  const notes: string[] = [];
  let lastSegmentBytes = 0;
  for (const [index, path] of segments.entries()) {
    const bytes = readFileSync(path);
    let offset = 0;
    for (;;) {
      const found = findTransaction(bytes, offset);
      if (found.found === 'transaction') {
        for (const record of decodeRecords(found.payload)) {
          if (record.position !== log.nextPosition) {
            throw new Error(
              `${path} holds position ${record.position} at offset ${offset}, where ${log.nextPosition} should be: what was between is missing, or files have changed places; nothing was changed: ${remedy}`,
            );
          }
          log.add(log.ensureStream(record.stream), record.event, record);
        }
        offset = found.next;
        continue;
      }
      if (found.found === 'end') break;
      if (found.found === 'damage' || index < segments.length - 1) {
        throw new Error(`${path} is damaged at offset ${offset}; nothing was changed: ${remedy}`);
      }
      truncateSync(path, offset);
      notes.push(`${path}: cut a torn transaction of ${bytes.length - offset} bytes at offset ${offset}`);
      break;
    }
    lastSegmentBytes = offset;
  }
  log.publish(log.records.count);
  return { segmentCount: segments.length, lastSegmentBytes, notes };
}
