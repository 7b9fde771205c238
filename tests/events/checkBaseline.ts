import * as z from 'zod/mini';
import type { EventDefinition, EventDefinitions } from '../../shared/kernel/event.ts';
import { findBreaks, type Schema } from './compareSchemas.ts';

/** Schemas of every version that was ever written, by event type and version. */
export type Baseline = Readonly<Record<string, Readonly<Record<string, Schema>>>>;

export interface Finding {
  /** `breaking`: stored events or their readers would suffer. `new`: fine, and to be taken into the baseline. */
  readonly kind: 'breaking' | 'new';
  readonly message: string;
}

const toSchema = ({ schema }: EventDefinition): Schema => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest as Schema;
};

const raise = (type: string, { version }: EventDefinition): string =>
  `events of this version are stored for ever: leave it as it is, raise ${type}'s version to ${version + 1} and write upcast[${version}]`;

/** What has changed since the baseline, and what to do about it. */
export function checkBaseline(definitions: EventDefinitions, baseline: Baseline): readonly Finding[] {
  const findings: Finding[] = [];
  const add = (kind: Finding['kind'], message: string): void => void findings.push({ kind, message });
  for (const type of Object.keys(baseline)) {
    if (definitions[type]) continue;
    add(
      'breaking',
      `${type} was removed: it is stored for ever; keep its definition, also when it is not written any more`,
    );
  }
  for (const [type, definition] of Object.entries(definitions)) {
    const { version, upcast } = definition;
    const known = baseline[type] ?? {};
    const newest = Math.max(0, ...Object.keys(known).map(Number));
    if (version < newest) {
      add('breaking', `${type} went back to version ${version} from ${newest}: a version only goes up`);
      continue;
    }
    for (let older = 1; older < version; older += 1) {
      if (!upcast?.[older]) {
        add(
          'breaking',
          `${type} has no upcast[${older}]: version ${older} is stored and has to be read as ${older + 1}`,
        );
      }
    }
    const schema = toSchema(definition);
    const before = known[version];
    if (!before) add('new', `${type}, version ${version}`);
    else if (JSON.stringify(before) !== JSON.stringify(schema)) {
      const breaks = findBreaks(before, schema);
      for (const change of breaks) add('breaking', `${type} v${version}: ${change}; ${raise(type, definition)}`);
      if (breaks.length === 0) add('new', `${type} v${version} takes more than it did`);
    }
  }
  return findings;
}

/** The baseline with today's schemas in it; older versions stay as they are. */
export const extendBaseline = (definitions: EventDefinitions, baseline: Baseline): Baseline =>
  Object.fromEntries(
    Object.entries(definitions)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([type, definition]) => [type, { ...baseline[type], [definition.version]: toSchema(definition) }]),
  );
