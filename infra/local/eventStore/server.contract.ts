import { afterAll, beforeAll, describe } from '@jest/globals';
import { appendContract } from './contract/appends.ts';
import { deleteContract } from './contract/deletes.ts';
import { groupContract } from './contract/groups.ts';
import { metadataContract } from './contract/metadata.ts';
import { parkedContract } from './contract/parked.ts';
import { persistentContract } from './contract/persistent.ts';
import { projectionContract } from './contract/projections.ts';
import { readContract } from './contract/reads.ts';
import { subscriptionContract } from './contract/subscriptions.ts';
import { connect, type Subject } from './testing/subject.ts';

/**
 * What every EventStoreDB server does, as the official client sees it over a socket. `start` makes one ready to be tried, its
 * system projections running. */
export function describeEventStoreServer(
  name: string,
  start: () => Promise<{ url: string; stop(): Promise<void> }>,
): void {
  describe(name, () => {
    let server: Awaited<ReturnType<typeof start>>;
    let subject: Subject;
    beforeAll(async () => {
      server = await start();
      subject = { url: server.url, client: connect(server.url) };
    });
    afterAll(async () => {
      await subject.client.dispose();
      await server.stop();
    });
    const current = (): Subject => subject;
    appendContract(current);
    readContract(current);
    deleteContract(current);
    metadataContract(current);
    subscriptionContract(current);
    persistentContract(current);
    parkedContract(current);
    groupContract(current);
    projectionContract(current);
  });
}
