import type { EventLog } from '../log/eventLog.ts';
import { LINK_TYPE } from '../log/eventType.ts';
import { resolveLink } from '../log/links.ts';
import { problemOf } from '../log/streamName.ts';
import { formatUuid } from '../wire/uuid.ts';
import { type Definition, loadTracked, saveTracked } from './definitions.ts';
import { type Emission, type Emitter, emit, metadataOf } from './emission.ts';
import { messageOf, type QueryEvent, Sandbox } from './sandbox.ts';
import { isSeen, SYSTEM_PROJECTIONS } from './systemProjections.ts';

export type ProjectionStatus = 'Running' | 'Stopped' | 'Aborted' | 'Faulted' | 'Completed';

/** How many records one turn looks at. */
const TURN = 1000;
/** What a query is given at once, within one time limit. */
const BATCH_EVENTS = 100;
const BATCH_BYTES = 4 * 1024 * 1024;

/** Follows the log and writes what its definition says. Everything one event leads to is written together. */
export class Projection {
  definition: Definition;
  status: ProjectionStatus;
  reason = '';
  handledCount = 0;
  /** The ordinal of the next record to look at. */
  next = 0;
  readonly #log: EventLog;
  #sandbox: Sandbox | undefined;
  /** Nothing is emitted for records up to this position: it was, before. */
  #emittedUpTo: number;
  readonly #tracked: Set<string>;

  constructor(log: EventLog, definition: Definition, emittedUpTo: number) {
    this.#log = log;
    this.definition = definition;
    this.#emittedUpTo = emittedUpTo;
    this.#tracked = loadTracked(log, definition.name);
    this.status = definition.isEnabled ? 'Running' : 'Stopped';
    this.#prepare();
  }

  get isSystem(): boolean {
    return Object.hasOwn(SYSTEM_PROJECTIONS, this.definition.name);
  }

  /** Begins again from the start of the log, with the definition as it is now. What was emitted is not emitted again. */
  restart(): void {
    if (this.next > 0) this.#emittedUpTo = Math.max(this.#emittedUpTo, this.#log.records.position(this.next - 1));
    this.next = 0;
    this.handledCount = 0;
    this.reason = '';
    if (this.status === 'Faulted' || this.status === 'Completed') this.status = 'Running';
    if (!this.definition.isEnabled && this.status === 'Running') this.status = 'Stopped';
    this.#prepare();
  }

  state(partition: string): unknown {
    return this.#sandbox?.state(partition) ?? {};
  }

  result(partition: string): unknown {
    return this.#sandbox?.result(partition) ?? {};
  }

  /** Looks at some records below ordinal `bound`. Returns whether there are more. Whatever goes wrong is its fault. */
  advance(bound: number): boolean {
    if (this.status !== 'Running') return false;
    const end = Math.min(bound, this.next + TURN);
    try {
      if (this.isSystem) this.#runSystem(end);
      else this.#runQuery(end);
    } catch (error) {
      this.#fault(messageOf(error));
    }
    if (this.definition.mode === 'OneTime' && this.next >= bound) this.status = 'Completed';
    return this.status === 'Running' && this.next < bound;
  }

  #prepare(): void {
    if (this.isSystem) return;
    this.#sandbox = undefined;
    try {
      this.#sandbox = new Sandbox(this.definition.query);
    } catch (error) {
      this.#fault(messageOf(error));
    }
  }

  #fault(reason: string): void {
    this.status = 'Faulted';
    this.reason = reason;
  }

  #runSystem(end: number): void {
    const project = SYSTEM_PROJECTIONS[this.definition.name];
    for (; project && this.next < end; this.next++) {
      if (!isSeen(this.#log.streamOf(this.next).name)) continue;
      const emission = project(this.#log, this.next);
      if (emission) this.#emit(this.next, emission);
      this.handledCount++;
    }
  }

  #runQuery(end: number): void {
    const sandbox = this.#sandbox;
    if (!sandbox) return;
    const ordinals: number[] = [];
    const events: QueryEvent[] = [];
    let bytes = 0;
    let after = this.next;
    for (; after < end && events.length < BATCH_EVENTS && bytes < BATCH_BYTES; after++) {
      const ordinal = after;
      const event = this.#toEvent(sandbox, ordinal);
      if (!event) continue;
      bytes += event.bodyRaw.length + event.metadataRaw.length;
      ordinals.push(ordinal);
      events.push(event);
    }
    if (events.length === 0) {
      this.next = after;
      return;
    }
    const { results, error } = sandbox.handle(events);
    for (const [index, emissions] of results.entries()) {
      for (const emission of emissions) this.#emitChecked(ordinals[index] ?? 0, emission);
      if (this.status === 'Faulted') return;
      this.handledCount++;
    }
    this.next = ordinals[results.length] ?? after;
    if (error !== undefined) this.#fault(error);
  }

  /** The event a record is to this query; undefined when it doesn't read it. */
  #toEvent({ source }: Sandbox, ordinal: number): QueryEvent | undefined {
    const log = this.#log;
    const { name } = log.streamOf(ordinal);
    const isLink = log.typeOf(ordinal).name === LINK_TYPE;
    const isRead = source.all
      ? isSeen(name) && (!isLink || source.includesLinks)
      : source.streams.has(name) || (name.startsWith('$ce-') && source.categories.has(name.slice(4)));
    if (!isRead) return undefined;
    const resolved = source.all ? { event: ordinal } : resolveLink(log, ordinal);
    if (resolved.event === undefined) return undefined;
    const target = resolved.event;
    const { $o } = target === ordinal ? {} : metadataOf(log, ordinal);
    const streamId = log.streamOf(target).name;
    return {
      isJson: log.records.isJson(target),
      bodyRaw: log.records.data(target).toString(),
      metadataRaw: log.records.metadata(target).toString(),
      sequenceNumber: log.records.revision(target),
      streamId,
      eventType: log.typeOf(target).name,
      eventId: formatUuid(log.records.id(target)),
      __origin: typeof $o === 'string' ? $o : streamId,
      __projection: this.definition.name,
    };
  }

  #emitChecked(source: number, emission: Emission): void {
    const isResult = emission.type === 'Result';
    if (this.definition.emits || isResult) this.#emit(source, emission);
    else this.#fault("'emit' is not allowed by the projection/configuration/mode");
  }

  #emit(source: number, emission: Emission): void {
    if (this.#log.records.position(source) <= this.#emittedUpTo) return;
    // A type or a correlation id may be longer than a stream's name can be.
    if (problemOf(emission.stream) !== undefined) return;
    const emitter: Emitter = this.definition;
    emit(this.#log, emitter, source, emission);
    if (!this.definition.tracksEmitted || this.#tracked.has(emission.stream)) return;
    this.#tracked.add(emission.stream);
    saveTracked(this.#log, this.definition.name, emission.stream);
  }
}
