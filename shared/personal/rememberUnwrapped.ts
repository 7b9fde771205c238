import type { Clock } from '../kernel/clock.ts';
import type { KeyWrapper } from './keyWrapper.ts';

/** How long a process holds a key in the clear after it was unwrapped, in milliseconds. */
const maxAgeMs = 60_000;
const maxKeys = 1_000;

/**
 * The same wrapper, asked once a minute for the same key. What it remembers serves nobody who does not have the wrapped key
 * from its table: a key that was destroyed there is not found here.
 */
export function rememberUnwrapped(wrapper: KeyWrapper, { elapsedMs }: Pick<Clock, 'elapsedMs'>): KeyWrapper {
  const known = new Map<string, { readonly secret: Uint8Array; readonly untilMs: number }>();
  const remember = (id: string, wrapped: string, secret: Uint8Array): Uint8Array => {
    const nowMs = elapsedMs();
    // In the order in which they were made, which is that of their ends.
    for (const [name, { untilMs }] of known) {
      if (untilMs > nowMs && known.size < maxKeys) break;
      known.delete(name);
    }
    known.set(`${id}.${wrapped}`, { secret, untilMs: nowMs + maxAgeMs });
    return secret;
  };
  return {
    wrap: (id, secret) => wrapper.wrap(id, secret),
    async unwrap(id, wrapped) {
      const found = known.get(`${id}.${wrapped}`);
      if (found && found.untilMs > elapsedMs()) return found.secret;
      known.delete(`${id}.${wrapped}`);
      return remember(id, wrapped, await wrapper.unwrap(id, wrapped));
    },
  };
}
