import type * as z from 'zod/mini';
import type { EventLog } from './eventLog.ts';
import { readableWindow, stateOf } from './readable.ts';

/**
 * What the server keeps in a stream of its own: the newest readable event of a type that has the form. Applications can
 * write to these streams too, so that anything may be found there: what is of another form is passed over with a line.
 */
export function loadNewest<T>(
  log: EventLog,
  name: string,
  isWanted: (type: string) => boolean,
  form: z.ZodMiniType<T>,
): T | undefined {
  const state = stateOf(log, name);
  if (state.status !== 'present') return undefined;
  const { min, last } = readableWindow(log, state.stream);
  for (let revision = last; revision >= min; revision--) {
    const ordinal = state.stream.ordinals[revision] as number;
    if (!isWanted(log.typeOf(ordinal).name)) continue;
    const result = form.safeParse(parseJson(log.records.data(ordinal)));
    if (result.success) return result.data;
    console.error(`event store: event ${revision} of ${name} is not what this server writes there, and is passed over`);
  }
  return undefined;
}

function parseJson(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString());
  } catch {
    return undefined;
  }
}
