import { END, jsonEvent, type ResolvedEvent } from '@eventstore/db-client';
import { describe, expect, test } from '@jest/globals';
import { collect, freshName, numbered, type Subject, take } from '../testing/subject.ts';

/** Of a server whose system projections run. */
export function projectionContract(subject: () => Subject): void {
  const thrown = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);
  const follow = (name: string, count: number): Promise<ResolvedEvent[]> =>
    take(subject().client.subscribeToStream(name, { resolveLinkTos: true }), count);
  const metadataOf = (one: ResolvedEvent | undefined) => one?.link?.metadata as Record<string, unknown> | undefined;
  const unique = (): string => freshName('x').replaceAll('-', '');

  describe('system projections', () => {
    test('gather events by category, by type and by correlation', async () => {
      const { client } = subject();
      const [category, type, $correlationId] = [unique(), unique(), unique()];
      const event = (n: number) => jsonEvent({ type, data: { n }, metadata: { $correlationId } });
      await client.appendToStream(`${category}-1`, event(0));
      await client.appendToStream(`${category}-2-3`, event(1));
      for (const name of [`$ce-${category}`, `$et-${type}`, `$bc-${$correlationId}`]) {
        const read = await follow(name, 2);
        expect(read.map(({ event: one }) => [one?.streamId, (one?.data as { n: number } | undefined)?.n])).toEqual([
          [`${category}-1`, 0],
          [`${category}-2-3`, 1],
        ]);
        expect(metadataOf(read[0])).toMatchObject({ $causedBy: read[0]?.event?.id, $correlationId });
      }
      const [first] = await follow(`$ce-${category}`, 1);
      expect(metadataOf(first)).toMatchObject({ $o: `${category}-1` });
      const [listed] = await follow(`$category-${category}`, 1);
      expect(listed?.event).toMatchObject({ type: '$@' });
    });

    test('list the streams', async () => {
      const { client } = subject();
      const name = freshName();
      const subscription = client.subscribeToStream('$streams', { resolveLinkTos: true, fromRevision: END });
      subscription.on('caughtUp', () => void client.appendToStream(name, numbered(2)));
      const [first] = await take(subscription, 1);
      expect(first?.event).toMatchObject({ streamId: name, revision: 0n });
    });

    test('flatten links, and tell of deletions', async () => {
      const { client } = subject();
      const [category, target] = [unique(), freshName()];
      await client.appendToStream(target, numbered(1));
      const data = Buffer.from(`0@${target}`);
      const link = { ...numbered(1)[0], type: '$>', contentType: 'application/octet-stream', data };
      await client.appendToStream(`${category}-1`, link as never);
      await client.deleteStream(`${category}-1`);
      const [flat, deleted] = await follow(`$ce-${category}`, 2);
      expect(flat?.event?.streamId).toBe(target);
      expect(deleted?.event).toMatchObject({ streamId: `$$${category}-1`, type: '$metadata' });
      expect(metadataOf(deleted)).toMatchObject({ $deleted: -1, $o: `${category}-1` });
    });

    test('are there from the start, and can be stopped and started', async () => {
      const { client } = subject();
      await client.disableProjection('$streams');
      expect(await client.getProjectionStatus('$streams')).toMatchObject({ projectionStatus: 'Stopped' });
      await client.enableProjection('$streams');
      expect(await client.getProjectionStatus('$streams')).toMatchObject({ projectionStatus: 'Running' });
      const names = (await client.listProjections()).map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining([
          '$by_category',
          '$by_event_type',
          '$by_correlation_id',
          '$stream_by_category',
          '$streams',
        ]),
      );
    });
  });

  describe('a projection of the application', () => {
    const COUNT = (name: string) => `fromStream('${name}').when({
      $init() { return { count: 0 }; },
      Counted(state, event) { state.count += 1; if (event.data.n === 2) emit('${name}-out', 'Three', state); }
    })`;

    test('keeps a state and emits events', async () => {
      const { client } = subject();
      const [name, projection] = [freshName(), unique()];
      await client.createProjection(projection, COUNT(name), { emitEnabled: true, trackEmittedStreams: true });
      await client.appendToStream(name, numbered(4));
      const [out] = await take(client.subscribeToStream(`${name}-out`), 1);
      expect(out?.event).toMatchObject({ type: 'Three', data: { count: 3 } });
      const [source] = await collect(client.readStream(name, { fromRevision: 2n, maxCount: 1 }));
      expect(out?.event?.metadata).toMatchObject({ $causedBy: source?.event?.id });
      const [tracked] = await take(client.subscribeToStream(`$projections-${projection}-emittedstreams`), 1);
      expect(Buffer.from(tracked?.event?.data as Uint8Array).toString()).toBe(`${name}-out`);
      expect(await client.getProjectionState(projection)).toEqual({ count: 4 });
      expect(await client.getProjectionResult(projection)).toEqual({ count: 4 });
    });

    test('whose query throws is faulted with the reason, and runs once it is mended', async () => {
      const { client } = subject();
      const projection = unique();
      await client.createProjection(projection, 'this is no JavaScript');
      const status = await client.getProjectionStatus(projection);
      expect(status).toMatchObject({ projectionStatus: 'Faulted' });
      expect(status.stateReason).toMatch('Unexpected');
      await client.updateProjection(projection, COUNT(freshName()));
      expect(await client.getProjectionStatus(projection)).toMatchObject({ projectionStatus: 'Running' });
    });

    test('can be changed, reset, and deleted when it is stopped', async () => {
      const { client } = subject();
      const [name, projection] = [freshName(), unique()];
      await client.createProjection(projection, COUNT(name));
      expect(await thrown(client.createProjection(projection, COUNT(name)))).toMatchObject({ type: 'unknown' });
      await client.updateProjection(projection, COUNT(name), { emitEnabled: true });
      await client.resetProjection(projection);
      expect(await thrown(client.deleteProjection(projection))).toBeInstanceOf(Error);
      await client.disableProjection(projection);
      await client.deleteProjection(projection);
      for (const attempt of [
        () => client.getProjectionStatus(projection),
        () => client.enableProjection(projection),
        () => client.getProjectionState(projection),
      ]) {
        expect(await thrown(attempt())).toMatchObject({ type: 'unknown' });
      }
    });
  });

  test('an empty database has system events', async () => {
    const all = await collect(subject().client.readAll({ maxCount: 20 }));
    expect(all.some(({ event }) => event?.type === '$ProjectionsInitialized')).toBe(true);
  });
}
