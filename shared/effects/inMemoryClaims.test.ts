import { claimsContract } from './claims.contract.ts';
import { createInMemoryClaims } from './inMemoryClaims.ts';

claimsContract('in memory', createInMemoryClaims);
