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
    // Numbers keep their text, so that 2^63-1 can be told from 2^63.
    const root: unknown = JSON.parse(data.toString(), ((key: string, value: unknown, context?: { source?: string }) =>
      INTEGER_KEYS.has(key) && typeof value === 'number' ? toBigInt(context?.source) : value) as (
      key: string,
      value: unknown,
    ) => unknown);
    if (typeof root !== 'object' || root === null || Array.isArray(root)) return NO_METADATA;
    return fromObject(root as Record<string, unknown>);
  } catch {
    return NO_METADATA;
  }
}

function toBigInt(source: string | undefined): bigint {
  const value = BigInt(source ?? 'missing');
  if (value > LONG_MAX || value < -LONG_MAX - 1n) throw new RangeError('not a 64-bit integer');
  return value;
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
  if (typeof value !== 'bigint' || value > max) throw new TypeError('not an integer');
  return value;
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

/** The same metadata with `$tb` set, as a re-creation after a soft delete writes it. */
export function withTruncateBefore(isJson: boolean, data: Buffer, truncateBefore: number): Buffer {
  let root: unknown;
  try {
    root = isJson ? JSON.parse(data.toString()) : undefined;
  } catch {
    root = undefined;
  }
  const known = typeof root === 'object' && root !== null && !Array.isArray(root) ? root : {};
  return Buffer.from(JSON.stringify({ ...known, $tb: truncateBefore }));
}
