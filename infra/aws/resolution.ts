/** As much of the framework's variable resolution as is used here. */
export interface Resolution {
  readonly resolveVariable: (address: string) => Promise<unknown>;
}
