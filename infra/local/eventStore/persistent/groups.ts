import * as z from 'zod/mini';
import type { Committer } from '../log/committer.ts';
import { ANY } from '../log/decideAppend.ts';
import type { EventLog } from '../log/eventLog.ts';
import { METADATA_TYPE } from '../log/eventType.ts';
import { guarded } from '../log/guarded.ts';
import { loadNewest } from '../log/stored.ts';
import { appendOwn, softDelete } from '../log/write.ts';
import { Group } from './group.ts';
import { checkpointStream, type GroupConfig, groupConfig, keyOf, parkedStream } from './settings.ts';

const CONFIG_STREAM = '$persistentSubscriptionConfig';
const CONFIG_TYPE = '$PersistentConfig';
const NO_BYTES = Buffer.alloc(0);
const TICK_MS = 1000;
const storedGroups = z.object({ entries: z.array(groupConfig) });

/** All groups of the node. Their configuration is an event in the store, so that they come back after a restart. */
export class Groups {
  readonly #log: EventLog;
  readonly #committer: Committer;
  readonly #groups = new Map<string, Group>();
  /** Sources that had a group since the start; asking for the groups of another is an error. */
  readonly #sources = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  constructor(log: EventLog, committer: Committer) {
    this.#log = log;
    this.#committer = committer;
    this.#load();
    this.#timer = setInterval(() => {
      const nowMs = Date.now();
      for (const group of this.#groups.values()) guarded(`the group ${keyOf(group.config)}`, () => group.tick(nowMs));
    }, TICK_MS);
    this.#timer.unref();
  }

  find(source: string, name: string): Group | undefined {
    return this.#groups.get(keyOf({ source, name }));
  }

  /** All groups, or those of one source; undefined when it never had one. */
  list(source?: string): Group[] | undefined {
    const groups = [...this.#groups.values()];
    if (source === undefined) return groups;
    return this.#sources.has(source) ? groups.filter(({ config }) => config.source === source) : undefined;
  }

  /** Adds a group, or replaces one: its consumers are dropped, its checkpoint stays. */
  put(config: GroupConfig): void {
    this.#groups.get(keyOf(config))?.stop();
    this.#start(config);
    this.#save();
  }

  remove(group: Group): void {
    group.stop();
    this.#groups.delete(keyOf(group.config));
    for (const name of [checkpointStream(group.config), parkedStream(group.config)]) softDelete(this.#log, name, ANY);
    this.#save();
  }

  /** Drops every consumer and begins again from what is stored. */
  restart(): void {
    this.#stopAll();
    this.#load();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#stopAll();
  }

  #stopAll(): void {
    for (const group of this.#groups.values()) group.stop();
    this.#groups.clear();
  }

  #start(config: GroupConfig): void {
    this.#groups.set(keyOf(config), new Group(this.#log, this.#committer, config));
    this.#sources.add(config.source);
  }

  #load(): void {
    const stored = loadNewest(this.#log, CONFIG_STREAM, (type) => type === CONFIG_TYPE, storedGroups);
    for (const config of stored?.entries ?? []) {
      guarded(`the start of the group ${keyOf(config)}`, () => this.#start(config));
    }
  }

  #save(): void {
    if (!this.#log.stream(CONFIG_STREAM)?.metastream) {
      const data = Buffer.from(JSON.stringify({ $maxCount: 2 }));
      appendOwn(this.#log, `$$${CONFIG_STREAM}`, { type: METADATA_TYPE, isJson: true, metadata: NO_BYTES, data });
    }
    const entries = [...this.#groups.values()].map(({ config }) => config);
    const updated = new Date(this.#log.now()).toISOString();
    const data = Buffer.from(JSON.stringify({ version: '2', updated, updatedBy: 'system', entries }));
    appendOwn(this.#log, CONFIG_STREAM, { type: CONFIG_TYPE, isJson: true, metadata: NO_BYTES, data });
    this.#committer.commit(() => undefined);
  }
}
