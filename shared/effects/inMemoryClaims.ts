import type { Clock } from '../kernel/clock.ts';
import type { Claims } from './claims.ts';

/** The port in memory: for tests of what stands on it. */
export function createInMemoryClaims(clock: Pick<Clock, 'now'>): Claims {
  const rows = new Map<string, 'done' | { readonly endsAtMs: number }>();
  return {
    async claim(id, leaseMs) {
      const row = rows.get(id);
      const nowMs = clock.now().getTime();
      if (row === 'done') return { status: 'done' };
      if (row && row.endsAtMs > nowMs) return { status: 'taken', endsAt: new Date(row.endsAtMs) };
      rows.set(id, { endsAtMs: nowMs + leaseMs });
      return { status: 'mine', endsAt: new Date(nowMs + leaseMs) };
    },
    complete: async (id) => void rows.set(id, 'done'),
    async giveBack(id, endsAt) {
      const row = rows.get(id);
      if (row !== 'done' && row?.endsAtMs === endsAt.getTime()) rows.delete(id);
    },
  };
}
