/** The command line can't be used as it is; the message says why, and the usage follows. */
export class UsageProblem extends Error {
  override readonly name = 'UsageProblem';
}
