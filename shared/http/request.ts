/** The only trust in what a caller sends: everything else works on what this room has parsed. */
import * as z from 'zod/mini';
import { english } from '../kernel/english.ts';
import { type HttpEvent, headerOf } from './incoming.ts';
import { BadRequest, type FieldError } from './problem.ts';

/** Largest body in bytes of UTF-8. */
export const maxBodyBytes = 64 * 1024;

const toPointer = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Every wrong field, each once for each thing that is wrong with it. */
const toFieldErrors = (
  error: z.core.$ZodError,
  toField: (path: readonly PropertyKey[]) => string,
  noun: 'field' | 'parameter',
): readonly FieldError[] =>
  error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ field: toField([...issue.path, key]), message: `unknown ${noun}` }))
      : [{ field: toField(issue.path), message: issue.message }],
  );

const missingBody: FieldError = { field: '', message: 'missing: expected a body' };

/**
 * The JSON body, as `schema` has it.
 *
 * @throws BadRequest 413 over 64 KiB, 415 for another content type, 400 for what is not JSON or does not fit, naming
 * every wrong field
 */
export function parseJsonBody<Schema extends z.ZodMiniType>(event: HttpEvent, schema: Schema): z.infer<Schema> {
  const contentType = headerOf(event, 'content-type');
  if (contentType !== undefined && !/^application\/(json|[\w.+-]+\+json)\s*(;|$)/i.test(contentType)) {
    throw new BadRequest('http/not-json', `the body is to be application/json, not ${contentType.slice(0, 100)}`);
  }
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > maxBodyBytes) {
    throw new BadRequest('http/too-large', `the body has ${bytes.length} bytes, at most ${maxBodyBytes} are taken`);
  }
  if (bytes.length === 0) throw new BadRequest('http/invalid', 'the request does not fit', [missingBody]);
  let content: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // A gateway that hands over text has decoded it before us, and put this in the place of what is not UTF-8.
    if (text.includes('\ufffd')) throw new Error('damaged text');
    content = JSON.parse(text);
  } catch {
    throw new BadRequest('http/malformed-json', 'the body is not JSON in UTF-8');
  }
  const parsed = schema.safeParse(content, english);
  if (parsed.success) return parsed.data;
  throw new BadRequest('http/invalid', 'the request does not fit', toFieldErrors(parsed.error, toPointer, 'field'));
}

/**
 * Path, query or header values, as `schema` has them.
 *
 * @throws BadRequest 400 naming every wrong one
 */
export function parseParameters<Schema extends z.ZodMiniType>(
  values: Readonly<Record<string, string | undefined>>,
  schema: Schema,
): z.infer<Schema> {
  const parsed = schema.safeParse(values, english);
  if (parsed.success) return parsed.data;
  throw new BadRequest(
    'http/invalid',
    'the request does not fit',
    toFieldErrors(parsed.error, (path) => path.join('.'), 'parameter'),
  );
}

/**
 * The query, as `schema` has it.
 *
 * @param schema strict: a parameter that is misspelt would not be missed otherwise
 * @throws BadRequest 400 naming every wrong parameter, and every one that there is not
 */
export const parseQuery = <Schema extends z.ZodMiniObject<z.core.$ZodLooseShape, z.core.$strict>>(
  event: HttpEvent,
  schema: Schema,
): z.infer<Schema> => parseParameters(event.queryStringParameters ?? {}, schema);

const noQuery = z.strictObject({});

/** For a request that has no query. @throws BadRequest 400 naming every parameter that is there */
export const parseNoQuery = (event: HttpEvent): void => void parseQuery(event, noQuery);

/**
 * Parses several parts of a request, so that a caller learns of everything that is wrong at once.
 *
 * @throws BadRequest as the parts do; those that merely do not fit are put together
 */
export function parseAll<Parts extends readonly unknown[]>(
  ...parts: { [Index in keyof Parts]: () => Parts[Index] }
): Parts {
  const misfits: BadRequest[] = [];
  const parsed = parts.map((parse) => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof BadRequest) || error.code !== 'http/invalid') throw error;
      misfits.push(error);
      return undefined;
    }
  });
  const errors = misfits.flatMap((misfit) => misfit.errors);
  if (errors.length > 0) throw new BadRequest('http/invalid', 'the request does not fit', errors);
  return parsed as unknown as Parts;
}

/** A revision in a query: digits, as every command answers it. */
export const revisionParameter = z.pipe(
  z.string().check(z.regex(/^\d{1,18}$/, 'expected a revision: digits')),
  z.transform((digits) => BigInt(digits)),
);

/** What a caller makes two requests the same request with. */
export const idempotencyKey = z
  .string({ error: 'missing' })
  .check(z.regex(/^[\x21-\x7e]{1,200}$/, 'expected 1 to 200 visible ASCII characters'));
