import type { Admit } from '../http/admit.ts';
import type { Caller } from '../http/caller.ts';

export const customer = (customerId: string): Caller => ({ customerId, scopes: new Set(['orders']) });

/** May do everything, in the name of any customer. */
export const operator: Caller = { customerId: 'op-1', scopes: new Set(['orders', 'stock', 'ops']) };

/** Takes every request for this caller's. */
export const admitting =
  (caller: Caller): Admit =>
  async () =>
    caller;
