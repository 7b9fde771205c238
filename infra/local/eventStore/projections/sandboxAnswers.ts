import * as z from 'zod/mini';
import { english } from '../../../../shared/kernel/english.ts';
import { problemOf } from '../log/streamName.ts';

/** What comes out of a sandbox: text that a query may have had its hands in, and nothing of which is taken on trust. */
const streamName = z.string().check(z.refine((name) => name.isWellFormed() && problemOf(name) === undefined));

/** As a set: each record is looked up, outside the query's time limit. */
const names = z.pipe(
  z.array(z.string()),
  z.transform((list): ReadonlySet<string> => new Set(list)),
);

/** What a query reads. */
export const querySource = z.object({
  all: z.boolean(),
  streams: names,
  categories: names,
  includesLinks: z.boolean(),
});
export type QuerySource = Readonly<z.infer<typeof querySource>>;

const emission = z.object({
  stream: streamName,
  type: z.string().check(z.minLength(1)),
  isJson: z.boolean(),
  data: z.string(),
  extra: z.record(z.string(), z.unknown()),
});

/**
 * What came of a batch: the emissions of each event handled. Fewer than were given when something went wrong, which
 * `error` tells, or when they have led to so many emissions already that the rest has to wait.
 */
export const handledBatch = z.object({ results: z.array(z.array(emission)), error: z.optional(z.string()) });
export type HandledBatch = Readonly<z.infer<typeof handledBatch>>;

/** The value of a text. Throws when it is none of the kind. */
export function parseAnswer<T>(schema: z.ZodMiniType<T>, text: string): T {
  const result = schema.safeParse(JSON.parse(text), english);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`what the query gives back can't be used: ${issue?.path.join('.')}: ${issue?.message}`);
}
