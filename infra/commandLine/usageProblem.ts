/** The command line can't be used as it is; the message says why in one line. */
export class UsageProblem extends Error {
  override readonly name = 'UsageProblem';
}

/** What went wrong, for a person; after what is wrong with the command line itself, where to read how it goes. */
export function toLine(error: unknown): string {
  const line = error instanceof Error ? error.message : String(error);
  if (!(error instanceof UsageProblem)) return line;
  return `${line}${/[?]$/.test(line) ? ' ' : '; '}--help says what there is`;
}
