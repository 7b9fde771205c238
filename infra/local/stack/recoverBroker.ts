import { setTimeout as sleep } from 'node:timers/promises';
import { prepareBroker } from './prepareServers.ts';
import type { RestartablePart } from './restartable.ts';
import type { Addresses } from './startServers.ts';
import { tellAgain } from './tellAgain.ts';

/** What is needed may be on its way up again itself. */
const patienceMs = 20_000;
const pauseMs = 200;

interface World {
  readonly relay: RestartablePart;
  readonly addresses: Pick<Addresses, 'broker' | 'dynamo' | 'eventStore'>;
  readonly tablePrefix: string;
}

/**
 * Starts a broker again that keeps everything in memory. It comes back empty, so the topology is declared anew and the
 * relay tells everything again; until both are done no relay runs, lest it publish to where nobody listens yet.
 */
export async function recoverBroker(
  { relay, addresses, tablePrefix }: World,
  restart: () => Promise<void>,
): Promise<void> {
  await Promise.all([relay.stop(), restart()]);
  await patiently(() => prepareBroker(addresses.broker));
  await patiently(() => tellAgain(addresses, tablePrefix));
  await relay.restart();
}

/**
 * Declares queues again that have disappeared from a broker that runs, and has everything told that somebody has not
 * applied: as after a broker came back empty. The relay runs afterwards, also when that fails.
 */
export async function declareAgain(world: World): Promise<void> {
  try {
    await recoverBroker(world, async () => {});
  } catch (error) {
    await world.relay.restart();
    throw error;
  }
}

/** Tries again for a while what needs a server that may be on its way up. */
export async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
  const untilMs = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > untilMs) throw error;
      await sleep(pauseMs);
    }
  }
}
