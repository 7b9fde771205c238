import type { RemedyEvent } from './events.ts';

/** What was done last about a dead letter. */
export type Remedy =
  | { readonly status: 'none' }
  | { readonly status: 'redriven' | 'discarded'; readonly failedAt: string; readonly by: string };

export const initialState: Remedy = { status: 'none' };

export function evolve(_: Remedy, event: RemedyEvent): Remedy {
  const { failedAt, by } = event.data;
  switch (event.type) {
    case 'DeadLetterRedriven':
      return { status: 'redriven', failedAt, by };
    case 'DeadLetterDiscarded':
      return { status: 'discarded', failedAt, by };
  }
}
