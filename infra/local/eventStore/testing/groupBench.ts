import { setImmediate } from 'node:timers/promises';
import { createMemoryCommitter } from '../log/committer.ts';
import { ANY } from '../log/decideAppend.ts';
import { EventLog } from '../log/eventLog.ts';
import { append, newEventId } from '../log/write.ts';
import { Consumer } from '../persistent/consumer.ts';
import { Group } from '../persistent/group.ts';
import type { Message } from '../persistent/message.ts';
import type { GroupConfig, GroupSettings } from '../persistent/settings.ts';

const NO_BYTES = Buffer.alloc(0);
export const SOURCE = 'orders';
const SETTINGS: GroupSettings = {
  start: 'start',
  resolvesLinks: false,
  extraStatistics: false,
  messageTimeoutMs: 30_000,
  maxRetryCount: 10,
  checkpointAfterMs: 0,
  minCheckpointCount: 1,
  maxCheckpointCount: 1000,
  maxSubscriberCount: 0,
  liveBufferSize: 500,
  readBatchSize: 20,
  historyBufferSize: 500,
  strategy: 'RoundRobin',
};

/** A group without a server, and consumers that keep what they get. */
export class GroupBench {
  readonly log = new EventLog(() => 1_700_000_000_000);
  readonly committer = createMemoryCommitter(this.log);
  group: Group;
  readonly #config: GroupConfig;

  constructor(settings: Partial<GroupSettings> = {}, source = SOURCE) {
    this.#config = { source, name: 'group', settings: { ...SETTINGS, ...settings } };
    this.group = new Group(this.log, this.committer, this.#config);
  }

  /** Writes events of a type whose data is `data` of their number. */
  write(count: number, stream = SOURCE, type = 'T', data = (_: number) => ''): void {
    for (let from = 0; from < count; from += 1000) {
      const events = Array.from({ length: Math.min(1000, count - from) }, (_, index) => {
        return { id: newEventId(), type, isJson: false, metadata: NO_BYTES, data: Buffer.from(data(from + index)) };
      });
      append(this.log, stream, ANY, events);
    }
    this.committer.commit(() => undefined);
  }

  /** The process died and another begins with the same log. */
  restart(): void {
    this.group = new Group(this.log, this.committer, this.#config);
  }

  join(slots: number, isReady = () => true, onDelivery = () => {}): { consumer: Consumer; got: Message[] } {
    const got: Message[] = [];
    const consumer = new Consumer({
      slots,
      from: 'test',
      userName: 'test',
      connectionName: 'test',
      deliver(message) {
        got.push({ ...message });
        onDelivery();
      },
      isReady,
      drop: () => undefined,
    });
    this.group.add(consumer);
    return { consumer, got };
  }

  parkedData(): string[] {
    const stream = this.log.stream(`$persistentsubscription-${this.#config.source}::group-parked`);
    return (stream?.ordinals ?? []).map((ordinal) => this.log.records.data(ordinal).toString());
  }
}

/** Lets others run until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setImmediate();
}

export const ids = (messages: readonly Message[]): string[] => messages.map(({ id }) => id);
export const revisions = (messages: readonly Message[]): number[] => messages.map(({ place }) => place);
