import { LONGEST_NAME_BYTES, tooLong } from '../log/streamName.ts';
import { InvalidRequest } from '../wire/shared.ts';

/** Throws `InvalidRequest` when a group, a projection or the like can't have this name. */
export function checkLength(what: string, name: string): void {
  const bytes = Buffer.byteLength(name);
  if (bytes > LONGEST_NAME_BYTES) throw new InvalidRequest(tooLong(what, bytes));
}
