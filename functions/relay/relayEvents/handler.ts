import { runRelay } from '../../../shared/relay/relay.ts';
import type { RelayDeps } from '../../../shared/relay/relayDeps.ts';

/** Time kept at the end of an invocation to wait for confirms and write the checkpoint. */
const reserveMs = 15_000;

/** Relays until shortly before the function's deadline, then hands over: the next invocation goes on from the checkpoint. */
export const createHandler =
  (deps: RelayDeps) =>
  async (_: unknown, context: { getRemainingTimeInMillis(): number }): Promise<void> => {
    const leftMs = context.getRemainingTimeInMillis() - reserveMs;
    if (leftMs > 0) await runRelay(deps, AbortSignal.timeout(leftMs));
  };
