import { z } from 'zod';
import { problemOf } from '../log/streamName.ts';

/** What comes out of a sandbox: text that a query may have had its hands in, and nothing of which is taken on trust. */
const streamName = z.string().refine((name) => name.isWellFormed() && problemOf(name) === undefined);

/** What a query reads. */
export const querySource = z.object({
  all: z.boolean(),
  streams: z.array(z.string()),
  categories: z.array(z.string()),
  includesLinks: z.boolean(),
});
export type QuerySource = Readonly<z.infer<typeof querySource>>;

const emission = z.object({
  stream: streamName,
  type: z.string().min(1),
  isJson: z.boolean(),
  data: z.string(),
  extra: z.record(z.string(), z.unknown()),
});

/** What came of a batch: the emissions of each event handled, and why it stopped before the end, if it did. */
export const handledBatch = z.object({ results: z.array(z.array(emission)), error: z.string().optional() });
export type HandledBatch = Readonly<z.infer<typeof handledBatch>>;

/** The value of a text. Throws when it is none of the kind. */
export function parseAnswer<T>(schema: z.ZodType<T>, text: string): T {
  const result = schema.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`what the query gives back can't be used: ${issue?.path.join('.')}: ${issue?.message}`);
}
