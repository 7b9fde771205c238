/** Longer names could not be told back: errors name what they are about in headers, whose size clients limit. */
export const LONGEST_NAME_BYTES = 4096;

/** Why nothing can be written to a stream of this name; undefined when something can. */
export function problemOf(name: string): string | undefined {
  if (name === '' || name === '$$') return `'${name}' is not a valid stream name.`;
  if (name === '$all') return "'$all' can't be written to.";
  // Every stream that can be written can have metadata.
  const bytes = Buffer.byteLength(name.startsWith('$$') ? name.slice(2) : name);
  return bytes > LONGEST_NAME_BYTES ? tooLong('A stream name', bytes) : undefined;
}

/** The reason for refusing a name of so many bytes. */
export function tooLong(what: string, bytes: number): string {
  return `${what} must not be longer than ${LONGEST_NAME_BYTES} bytes, but is ${bytes}.`;
}
