import { type Clock, durationSince } from '../kernel/clock.ts';
import { isFault } from '../kernel/fault.ts';
import type { Logger } from '../observe/logger.ts';

/** An effect on the outside: its request says which event asks for it. */
type Effect = (request: never) => Promise<unknown>;

interface Deps {
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'elapsedMs'>;
}

/**
 * The same port, with one line for each effect: which, for which event, and how long it took. Failures that may pass are
 * told as such; the consumer tells what becomes of them. Never what was asked or answered.
 *
 * @param provider the port's name in the log
 */
export function createLoggedEffects<Port extends Readonly<Record<keyof Port, Effect>>>(
  port: Port,
  provider: string,
  { logger, clock }: Deps,
): Port {
  const logged = (operation: string, effect: Effect): Effect =>
    (async (request: { readonly key: string }) => {
      const startedMs = clock.elapsedMs();
      const toFields = () => ({
        provider,
        operation,
        eventId: request.key,
        durationMs: durationSince(clock, startedMs),
      });
      try {
        const answer = await effect(request as never);
        logger.info('effect done', toFields());
        return answer;
      } catch (error) {
        logger.warn('effect failed', { ...toFields(), code: isFault(error) ? error.code : 'defect' });
        throw error;
      }
    }) as Effect;
  const effects = Object.entries(port) as [string, Effect][];
  return Object.fromEntries(effects.map(([name, effect]) => [name, logged(name, effect)])) as unknown as Port;
}
