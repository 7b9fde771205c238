import { Fault } from '../../../shared/kernel/fault.ts';

/**
 * A container's image may be of another commit than the rest of the system: one that does not know a category would pass over
 * its events.
 *
 * @param wanted what the deployment counts on, between commas; undefined: it does not say
 * @throws Fault config/invalid naming what is not published
 */
export function requireCategories(published: readonly string[], wanted: string | undefined): void {
  const missing = wanted?.split(',').filter((category) => !published.includes(category)) ?? [];
  if (missing.length === 0) return;
  throw new Fault(
    'config/invalid',
    `RELAY_CATEGORIES names ${missing.join(', ')}, which this image does not publish: build and push the image of the commit that is deployed, and name it in relayImage`,
  );
}
