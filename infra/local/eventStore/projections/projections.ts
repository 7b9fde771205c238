import type { Committer } from '../log/committer.ts';
import { ANY } from '../log/decideAppend.ts';
import type { EventLog } from '../log/eventLog.ts';
import { guarded } from '../log/guarded.ts';
import { softDelete } from '../log/write.ts';
import {
  announce,
  type Definition,
  loadDefinitions,
  loadTracked,
  saveDefinition,
  saveInitialized,
  trackingStream,
} from './definitions.ts';
import { DelayLine } from './delayLine.ts';
import { findEmitted } from './emission.ts';
import { Projection } from './projection.ts';
import { SYSTEM_PROJECTIONS } from './systemProjections.ts';

export interface ProjectionsOptions {
  readonly lagMs: number;
  readonly startsStandard: boolean;
}

/** All projections of the node, run a fixed time behind the log. Definitions are events and come back after a restart. */
export class Projections {
  readonly #log: EventLog;
  readonly #committer: Committer;
  readonly #projections = new Map<string, Projection>();
  readonly #delay: DelayLine;
  #nextId = 1;
  #isScheduled = false;

  constructor(log: EventLog, committer: Committer, { lagMs, startsStandard }: ProjectionsOptions) {
    this.#log = log;
    this.#committer = committer;
    const emitted = findEmitted(log);
    for (const definition of loadDefinitions(log)) {
      this.#projections.set(definition.name, new Projection(log, definition, emitted.get(definition.id) ?? -1));
      this.#nextId = Math.max(this.#nextId, definition.id + 1);
    }
    // The number of one that was deleted still stands in what it wrote.
    for (const id of emitted.keys()) this.#nextId = Math.max(this.#nextId, id + 1);
    if (this.#projections.size === 0) saveInitialized(log);
    for (const name of Object.keys(SYSTEM_PROJECTIONS)) {
      if (!this.#projections.has(name)) this.create({ name, mode: 'Continuous', query: '', isEnabled: startsStandard });
      else if (startsStandard) this.#change(name, { isEnabled: true });
    }
    this.#delay = new DelayLine(log, lagMs, () => this.#schedule());
    this.#committer.commit(() => undefined);
    // What was written before a restart is not projected yet, and states have to be built again.
    this.#schedule();
  }

  find(name: string): Projection | undefined {
    return this.#projections.get(name);
  }

  list(): Projection[] {
    return [...this.#projections.values()];
  }

  /** There must be none of this name. */
  create(wanted: Pick<Definition, 'name' | 'mode' | 'query' | 'isEnabled'> & Partial<Definition>): Projection {
    const defaults = { emits: true, tracksEmitted: false, epoch: 0, version: 0 };
    const definition: Definition = { ...defaults, ...wanted, id: this.#nextId++ };
    const projection = new Projection(this.#log, definition, -1);
    this.#projections.set(definition.name, projection);
    announce(this.#log, definition.name);
    this.#save(projection);
    return projection;
  }

  update(projection: Projection, change: Partial<Definition>): void {
    projection.definition = { ...projection.definition, ...change, version: projection.definition.version + 1 };
    projection.restart();
    if (projection.definition.isEnabled && projection.status !== 'Faulted') projection.status = 'Running';
    this.#save(projection);
  }

  enable(projection: Projection): void {
    this.#change(projection.definition.name, { isEnabled: true });
    if (projection.status === 'Faulted') projection.restart();
    projection.status = projection.reason === '' ? 'Running' : 'Faulted';
    this.#save(projection);
  }

  disable(projection: Projection, writesCheckpoint: boolean): void {
    this.#change(projection.definition.name, { isEnabled: false });
    projection.status = writesCheckpoint ? 'Stopped' : 'Aborted';
    this.#save(projection);
  }

  reset(projection: Projection): void {
    this.update(projection, { epoch: projection.definition.version + 1 });
  }

  remove(
    projection: Projection,
    deletes: { readonly state: boolean; readonly checkpoint: boolean; readonly emitted: boolean },
  ): void {
    const { name } = projection.definition;
    this.#projections.delete(name);
    softDelete(this.#log, `$projections-${name}`, ANY);
    if (deletes.state) softDelete(this.#log, `$projections-${name}-result`, ANY);
    if (deletes.checkpoint) softDelete(this.#log, `$projections-${name}-checkpoint`, ANY);
    if (deletes.emitted) this.#deleteEmitted(name);
    this.#committer.commit(() => undefined);
  }

  /** Stops all and begins again from what is stored. */
  restart(): void {
    for (const projection of this.#projections.values()) projection.restart();
    this.#schedule();
  }

  close(): void {
    this.#delay.close();
    this.#projections.clear();
  }

  #deleteEmitted(name: string): void {
    for (const stream of loadTracked(this.#log, name)) softDelete(this.#log, stream, ANY);
    softDelete(this.#log, trackingStream(name), ANY);
  }

  #change(name: string, change: Partial<Definition>): void {
    const projection = this.#projections.get(name);
    if (!projection) return;
    projection.definition = { ...projection.definition, ...change };
    if (change.isEnabled && projection.status === 'Stopped') projection.status = 'Running';
  }

  #save(projection: Projection): void {
    if (projection.definition.mode === 'Continuous') saveDefinition(this.#log, projection.definition);
    this.#committer.commit(() => undefined);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      guarded('the running of projections', () => this.#run());
    });
  }

  /** One turn for each; what is left to do follows after others had theirs. */
  #run(): void {
    let hasMore = false;
    for (const projection of this.#projections.values()) {
      if (projection.advance(this.#delay.bound)) hasMore = true;
      this.#committer.commit(() => undefined);
    }
    if (hasMore) this.#schedule();
  }
}
