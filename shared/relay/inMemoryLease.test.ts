import { createInMemoryLeaseRow } from './inMemoryLease.ts';
import { describeLease } from './lease.contract.ts';

describeLease('in memory', () => {
  let nowMs = 0;
  const row = createInMemoryLeaseRow({ elapsedMs: () => nowMs });
  return {
    newRelay: row.newLease,
    rewind: row.rewind,
    wait: (ms) => {
      nowMs += ms;
    },
  };
});
