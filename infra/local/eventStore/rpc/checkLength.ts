import { InvalidRequest } from '../wire/shared.ts';

/** Longer names could not be told back: errors name what they are about in headers, whose size clients limit. */
const LONGEST_NAME_BYTES = 4096;

/** Throws `InvalidRequest` when a stream, a group or the like can't have this name. */
export function checkLength(what: string, name: string): void {
  const bytes = Buffer.byteLength(name);
  if (bytes <= LONGEST_NAME_BYTES) return;
  throw new InvalidRequest(`${what} must not be longer than ${LONGEST_NAME_BYTES} bytes, but is ${bytes}.`);
}
