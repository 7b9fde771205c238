import type { BrokerAdmin, BrokerChange } from './brokerAdmin.ts';
import { describeChange } from './describeChange.ts';

/** One after the other; a line for each. */
export async function applyAll(admin: BrokerAdmin, changes: readonly BrokerChange[]): Promise<readonly string[]> {
  for (const change of changes) await admin.apply(change);
  return changes.map(describeChange);
}
