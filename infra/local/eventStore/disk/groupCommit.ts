import { closeSync, fdatasync, write } from 'node:fs';
import { promisify } from 'node:util';
import type { Committer } from '../log/committer.ts';
import type { EventLog } from '../log/eventLog.ts';
import { openSegment } from './segments.ts';
import { encodeTransaction } from './transactionCodec.ts';

const writeAt = promisify(write);
const sync = promisify(fdatasync);

/** A new segment is begun when one has reached this size. */
const SEGMENT_BYTES = 64 * 1024 * 1024;

export interface GroupCommitOptions {
  readonly directory: string;
  readonly segmentCount: number;
  readonly lastSegmentBytes: number;
  readonly segmentBytes?: number;
  /** The disk refused. Nothing more is acknowledged. */
  onFailure(error: Error): void;
}

/**
 * Writes what appends bring to disk, everything that waits in one write and one sync, and only then makes it readable
 * and answers. While one group is being synced the next one gathers.
 */
export class GroupCommit implements Committer {
  readonly #log: EventLog;
  readonly #options: GroupCommitOptions;
  #handle: number;
  #segmentIndex: number;
  #segmentBytes: number;
  /** Records below this ordinal are encoded. */
  #encoded: number;
  #transactions: Buffer[] = [];
  #answers: (() => void)[] = [];
  #flushing: Promise<void> | undefined;
  #isClosed = false;

  constructor(log: EventLog, options: GroupCommitOptions) {
    this.#log = log;
    this.#options = options;
    this.#encoded = log.records.count;
    this.#segmentIndex = Math.max(0, options.segmentCount - 1);
    this.#segmentBytes = options.lastSegmentBytes;
    this.#handle = this.#open();
  }

  /** Once closed, nothing is written any more, and nothing answered. */
  commit(answer: () => void): void {
    if (this.#isClosed) return;
    const end = this.#log.records.count;
    if (end > this.#encoded) {
      this.#transactions.push(encodeTransaction(this.#log, this.#encoded, end));
      this.#encoded = end;
    }
    if (this.#flushing === undefined && this.#transactions.length === 0) {
      answer();
      return;
    }
    this.#answers.push(answer);
    this.#flushing ??= this.#flushAll();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#flushing;
    closeSync(this.#handle);
  }

  async #flushAll(): Promise<void> {
    try {
      // What else has arrived by now shares the first sync.
      await new Promise((resolve) => setImmediate(resolve));
      while (this.#answers.length > 0) await this.#flush();
      this.#flushing = undefined;
    } catch (error) {
      this.#options.onFailure(error as Error);
    }
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#transactions);
    const answers = this.#answers;
    const end = this.#encoded;
    this.#transactions = [];
    this.#answers = [];
    if (bytes.length > 0) {
      if (this.#segmentBytes >= (this.#options.segmentBytes ?? SEGMENT_BYTES)) this.#roll();
      for (let done = 0; done < bytes.length; ) {
        done += (await writeAt(this.#handle, bytes, done, bytes.length - done)).bytesWritten;
      }
      await sync(this.#handle);
      this.#segmentBytes += bytes.length;
    }
    this.#log.publish(end);
    for (const answer of answers) answer();
  }

  #roll(): void {
    closeSync(this.#handle);
    this.#segmentIndex++;
    this.#segmentBytes = 0;
    this.#handle = this.#open();
  }

  #open(): number {
    return openSegment(this.#options.directory, this.#segmentIndex);
  }
}
