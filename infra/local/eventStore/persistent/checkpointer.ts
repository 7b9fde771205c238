import type { Committer } from '../log/committer.ts';
import type { EventLog } from '../log/eventLog.ts';
import { loadCheckpoint, saveCheckpoint } from './groupStreams.ts';
import type { GroupConfig } from './settings.ts';

/** Writes how far a group is, when enough messages were completed, or some and enough time has passed. */
export class Checkpointer {
  /** As text; undefined before the first. */
  checkpoint: string | undefined;
  readonly #log: EventLog;
  readonly #committer: Committer;
  readonly #config: GroupConfig;
  #completed = 0;
  #writtenAtMs = Date.now();

  constructor(log: EventLog, committer: Committer, config: GroupConfig) {
    this.#log = log;
    this.#committer = committer;
    this.#config = config;
    this.checkpoint = loadCheckpoint(log, config);
  }

  completed(): void {
    this.#completed++;
  }

  get hasEnough(): boolean {
    return this.#completed >= Math.max(1, this.#config.settings.maxCheckpointCount);
  }

  isDue(nowMs: number): boolean {
    const { checkpointAfterMs, minCheckpointCount } = this.#config.settings;
    return nowMs - this.#writtenAtMs >= checkpointAfterMs && this.#completed >= Math.max(1, minCheckpointCount);
  }

  /** `text` is the place just below the first message that isn't settled; undefined when that is the very first. */
  write(text: string | undefined): void {
    this.#completed = 0;
    this.#writtenAtMs = Date.now();
    if (text === undefined || text === this.checkpoint) return;
    this.checkpoint = text;
    saveCheckpoint(this.#log, this.#config, text);
    this.#committer.commit(() => undefined);
  }
}
