import type { EventId } from '../kernel/ids.ts';

/** A state as it was kept. Never the truth: whoever uses it makes sure that its event still stands in the stream. */
export interface Snapshot {
  /** Of the last event that is in it. */
  readonly revision: bigint;
  readonly eventId: EventId;
  /** Of its definition: what another version has kept is of no use. */
  readonly version: number;
  readonly state: unknown;
}

/** States by the stream they follow from and what they are of. Contract: snapshots.contract.ts. */
export interface Snapshots {
  /** @throws Fault table/unavailable, as every operation here */
  load(stream: string, name: string): Promise<Snapshot | undefined>;
  /**
   * Keeps this one in place of an older one, or of another version's. One that is too large to be kept is not; then the
   * older one stays.
   */
  save(stream: string, name: string, snapshot: Snapshot): Promise<void>;
}
