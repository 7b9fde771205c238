import * as z from 'zod/mini';
import type { EventLog } from '../log/eventLog.ts';
import { readableWindow, stateOf } from '../log/readable.ts';
import { loadNewest } from '../log/stored.ts';
import { appendOwn } from '../log/write.ts';

/** Where the node keeps which projections there are. */
const LIST_STREAM = '$projections-$all';
const CREATED_TYPE = '$ProjectionCreated';
const TRACKED_TYPE = '$StreamTracked';
const UPDATED_TYPE = '$ProjectionUpdated';
const NO_BYTES = Buffer.alloc(0);

const count = z.int().check(z.nonnegative());
const definitionForm = z.object({
  id: count,
  name: z.string().check(z.minLength(1)),
  mode: z.enum(['Continuous', 'OneTime', 'Transient']),
  /** JavaScript; for a system projection its name says it all. */
  query: z.string(),
  isEnabled: z.boolean(),
  emits: z.boolean(),
  tracksEmitted: z.boolean(),
  epoch: count,
  version: count,
});

/** A projection as it is kept in the store. */
export type Definition = Readonly<z.infer<typeof definitionForm>>;

const streamOf = (name: string): string => `$projections-${name}`;

/** The first event of a new database's list. */
export function saveInitialized(log: EventLog): void {
  if (stateOf(log, LIST_STREAM).status === 'present') return;
  appendOwn(log, LIST_STREAM, { type: '$ProjectionsInitialized', isJson: false, metadata: NO_BYTES, data: NO_BYTES });
}

/** Puts a new projection on the list. */
export function announce(log: EventLog, name: string): void {
  const data = Buffer.from(name);
  appendOwn(log, LIST_STREAM, { type: CREATED_TYPE, isJson: false, metadata: NO_BYTES, data });
}

export function saveDefinition(log: EventLog, definition: Definition): void {
  const data = Buffer.from(JSON.stringify(definition));
  appendOwn(log, streamOf(definition.name), { type: UPDATED_TYPE, isJson: true, metadata: NO_BYTES, data });
}

/** The newest definition of every projection that wasn't deleted. */
export function loadDefinitions(log: EventLog): Definition[] {
  const names = new Set<string>();
  for (const ordinal of log.stream(LIST_STREAM)?.ordinals ?? []) {
    if (log.typeOf(ordinal).name === CREATED_TYPE) names.add(log.records.data(ordinal).toString());
  }
  const definitions: Definition[] = [];
  for (const name of names) {
    const definition = loadNewest(log, streamOf(name), (type) => type === UPDATED_TYPE, definitionForm);
    if (definition?.name === name) definitions.push(definition);
  }
  return definitions;
}

/** Where a projection that is to keep note of it says which streams it wrote to. */
export const trackingStream = (name: string): string => `${streamOf(name)}-emittedstreams`;

export function saveTracked(log: EventLog, name: string, stream: string): void {
  const data = Buffer.from(stream);
  appendOwn(log, trackingStream(name), { type: TRACKED_TYPE, isJson: false, metadata: NO_BYTES, data });
}

export function loadTracked(log: EventLog, name: string): Set<string> {
  const state = stateOf(log, trackingStream(name));
  if (state.status !== 'present') return new Set();
  const { min, last } = readableWindow(log, state.stream);
  return new Set(state.stream.ordinals.slice(min, last + 1).map((ordinal) => log.records.data(ordinal).toString()));
}
