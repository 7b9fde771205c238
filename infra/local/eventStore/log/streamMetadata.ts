/** Whoever a stream's access list names: user or group names. */
export interface AccessList {
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  readonly delete?: readonly string[];
  readonly readMetadata?: readonly string[];
  readonly writeMetadata?: readonly string[];
}

/** What the server understands of a stream's metadata; other keys are the application's own. */
export interface StreamMetadata {
  readonly maxCount?: number;
  readonly maxAgeSeconds?: number;
  readonly truncateBefore?: number;
  readonly isSoftDeleted?: boolean;
  readonly acl?: AccessList;
}

/** The metadata a soft delete writes. As text, because JavaScript has no number 2^63-1. */
export const SOFT_DELETE_JSON = '{"$tb":9223372036854775807}';

const NO_METADATA: StreamMetadata = {};
const INTEGER_KEYS: ReadonlySet<string> = new Set(['$maxCount', '$maxAge', '$tb', '$cacheControl']);
const LONG_MAX = 9_223_372_036_854_775_807n;
const INT_MAX = 2_147_483_647n;

/**
 * Reads the metadata in the last event of a metadata stream. If it is not a JSON object, or one known key is of a wrong
 * type, the whole counts as empty; values that are not positive count as absent.
 */
export function parseStreamMetadata(isJson: boolean, data: Buffer): StreamMetadata {
  if (!isJson || data.length === 0) return NO_METADATA;
  try {
    // 2^63-1 has to be told from 2^63.
    const root = parseWithSource(data, (key, value, source) =>
      INTEGER_KEYS.has(key) && typeof value === 'number' ? new WrittenNumber(source ?? '') : value,
    );
    if (typeof root !== 'object' || root === null || Array.isArray(root)) return NO_METADATA;
    return fromObject(root as Record<string, unknown>);
  } catch {
    return NO_METADATA;
  }
}

/** A number as the text it was written as. */
class WrittenNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function fromObject(root: Record<string, unknown>): StreamMetadata {
  const maxCount = integer(root['$maxCount'], LONG_MAX);
  const maxAge = integer(root['$maxAge'], LONG_MAX);
  const truncateBefore = integer(root['$tb'], LONG_MAX);
  integer(root['$cacheControl'], INT_MAX);
  if (root['$tmp'] !== undefined && typeof root['$tmp'] !== 'boolean') throw new TypeError('$tmp');
  const acl = parseAccessList(root['$acl']);
  return {
    ...(maxCount !== undefined && maxCount > 0n && { maxCount: Number(maxCount) }),
    ...(maxAge !== undefined && maxAge > 0n && { maxAgeSeconds: Number(maxAge) }),
    ...(truncateBefore !== undefined && truncateBefore >= 0n && { truncateBefore: Number(truncateBefore) }),
    ...(truncateBefore === LONG_MAX && { isSoftDeleted: true }),
    ...(acl && { acl }),
  };
}

function integer(value: unknown, max: bigint): bigint | undefined {
  if (value === undefined) return undefined;
  if (!(value instanceof WrittenNumber)) throw new TypeError('not a number');
  const whole = BigInt(value.text);
  if (whole > max || whole < -max - 1n) throw new RangeError('too large an integer');
  return whole;
}

/** Roles by what they may do. Throws when the value is no access list. */
export function parseAccessList(value: unknown): AccessList | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw new TypeError('$acl');
  const acl = value as Record<string, unknown>;
  const read = names(acl['$r']);
  const write = names(acl['$w']);
  const remove = names(acl['$d']);
  const readMetadata = names(acl['$mr']);
  const writeMetadata = names(acl['$mw']);
  return {
    ...(read && { read }),
    ...(write && { write }),
    ...(remove && { delete: remove }),
    ...(readMetadata && { readMetadata }),
    ...(writeMetadata && { writeMetadata }),
  };
}

function names(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return [value];
  if (Array.isArray(value) && value.every((name): name is string => typeof name === 'string')) return value;
  throw new TypeError('$acl');
}

/** The same metadata with `$tb` set, as a re-creation after a soft delete writes it. Numbers stay as they are written. */
export function withTruncateBefore(isJson: boolean, data: Buffer, truncateBefore: number): Buffer {
  let root: unknown;
  try {
    root = isJson ? parseWithSource(data, (_, value, source) => rawNumber(value, source)) : undefined;
  } catch {
    root = undefined;
  }
  const known = typeof root === 'object' && root !== null && !Array.isArray(root) ? root : {};
  return Buffer.from(JSON.stringify({ ...known, $tb: truncateBefore }));
}

type Reviver = (key: string, value: unknown, source: string | undefined) => unknown;

/** Parses JSON and gives the reviver the text a value was written as, which says more than a number can. */
function parseWithSource(data: Buffer, revive: Reviver): unknown {
  const reviver = (key: string, value: unknown, context?: { source?: string }): unknown =>
    revive(key, value, context?.source);
  return JSON.parse(data.toString(), reviver as (key: string, value: unknown) => unknown);
}

/** A number that `JSON.stringify` writes as it was read. */
function rawNumber(value: unknown, source: string | undefined): unknown {
  if (typeof value !== 'number' || source === undefined) return value;
  return (JSON as unknown as { rawJSON(text: string): object }).rawJSON(source);
}
