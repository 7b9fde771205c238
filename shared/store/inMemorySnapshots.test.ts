import { createInMemorySnapshots } from './inMemorySnapshots.ts';
import { snapshotsContract } from './snapshots.contract.ts';

snapshotsContract('in memory', createInMemorySnapshots);
