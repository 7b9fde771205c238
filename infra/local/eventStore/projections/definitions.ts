import type { EventLog } from '../log/eventLog.ts';
import { readableWindow, stateOf } from '../log/readable.ts';
import { appendOwn } from '../log/write.ts';
import type { Definition } from './projection.ts';

/** Where the node keeps which projections there are. */
const LIST_STREAM = '$projections-$all';
const NO_BYTES = Buffer.alloc(0);

const streamOf = (name: string): string => `$projections-${name}`;

/** The first event of a new database's list. */
export function saveInitialized(log: EventLog): void {
  if (stateOf(log, LIST_STREAM).status === 'present') return;
  appendOwn(log, LIST_STREAM, { type: '$ProjectionsInitialized', isJson: false, metadata: NO_BYTES, data: NO_BYTES });
}

export function saveDefinition(log: EventLog, definition: Definition): void {
  const data = Buffer.from(JSON.stringify(definition));
  appendOwn(log, streamOf(definition.name), { type: '$ProjectionUpdated', isJson: true, metadata: NO_BYTES, data });
}

/** The newest definition of every projection that wasn't deleted. */
export function loadDefinitions(log: EventLog): Definition[] {
  const list = log.stream(LIST_STREAM);
  const names = new Set((list?.ordinals ?? []).map((ordinal) => log.records.data(ordinal).toString()));
  const definitions: Definition[] = [];
  for (const name of names) {
    const state = stateOf(log, streamOf(name));
    if (state.status !== 'present') continue;
    const newest = state.stream.ordinals[readableWindow(log, state.stream).last];
    if (newest !== undefined) definitions.push(JSON.parse(log.records.data(newest).toString()) as Definition);
  }
  return definitions;
}
