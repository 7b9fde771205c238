import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { dueAt, failure, firstFailure, type TotalView } from './cursors.contract.ts';
import type { Cursors, StreamRemedies, UnsettledStreams } from './cursors.ts';

const now = new Date('2026-11-23T12:00:00.000Z');
const block = { revision: -1n, failedAt: failure.lastAt };

/** What every table promises to operators and to the sweep. */
export function describeUnsettled(
  name: string,
  makeTable: () => Cursors<TotalView> & UnsettledStreams & StreamRemedies,
): void {
  describe(`unsettled streams: ${name}`, () => {
    const newStream = (): string => `thing-${randomUUID()}`;
    const makeBlocked = async (otherwise: Parameters<typeof firstFailure>[0] = {}) => {
      const table = makeTable();
      const stream = newStream();
      const { dueAt: _, ...attempt } = firstFailure({ view: { total: 1 }, ...otherwise });
      await table.fail(stream, undefined, attempt);
      const load = async () => (await table.load([stream])).get(stream);
      const isListed = async () => (await table.readBlocked(10_000)).some((row) => row.stream === stream);
      return { table, stream, load, isListed };
    };

    test('those that wait are found once they are due, the longest due first', async () => {
      const table = makeTable();
      const [early, late, blocked] = [newStream(), newStream(), newStream()];
      await table.fail(late, undefined, firstFailure({ dueAt: '2026-11-23T10:00:20.000Z' }));
      await table.fail(early, undefined, firstFailure());
      const { dueAt: _, ...last } = firstFailure();
      await table.fail(blocked, undefined, last);
      const mine = async (before: string) =>
        (await table.readDue(new Date(before), 10_000))
          .map(({ stream }) => stream)
          .filter((stream) => [early, late, blocked].includes(stream));
      expect(await mine(dueAt)).toEqual([]);
      expect(await mine('2026-11-23T10:00:10.001Z')).toEqual([early]);
      expect(await mine('2026-11-23T10:00:21.000Z')).toEqual([early, late]);
      await table.advance(early, (await table.load([early])).get(early), { to: 0n });
      expect(await mine('2026-11-23T10:00:21.000Z')).toEqual([late]);
    });

    test('no more are answered than are asked for', async () => {
      const table = makeTable();
      for (let n = 0; n < 6; n += 1) await table.fail(newStream(), undefined, firstFailure());
      expect(await table.readDue(now, 3)).toHaveLength(3);
    });

    test('those that are blocked are found with everything that is known of them, until they are not', async () => {
      const { table, stream, isListed } = await makeBlocked();
      const listed = (await table.readBlocked(10_000)).find((row) => row.stream === stream);
      expect(listed).toEqual({
        stream,
        revision: -1n,
        head: 0n,
        status: 'blocked',
        attempts: 1,
        failure,
        view: { total: 1 },
      });
      await table.redrive(stream, block, now);
      expect(await isListed()).toBe(false);
    });

    test('a redrive makes it wait from now on with no attempts behind it, once', async () => {
      const { table, stream, load } = await makeBlocked();
      const both = await Promise.all([table.redrive(stream, block, now), table.redrive(stream, block, now)]);
      expect(both.toSorted()).toEqual([false, true]);
      expect(await load()).toEqual({
        stream,
        revision: -1n,
        head: 0n,
        status: 'waiting',
        attempts: 0,
        dueAt: now.toISOString(),
        failure,
        view: { total: 1 },
      });
      expect((await table.readDue(new Date(now.getTime() + 1), 10_000)).map((row) => row.stream)).toContain(stream);
    });

    test('a discard passes over the event that failed, and nothing came of it', async () => {
      const { table, stream, load, isListed } = await makeBlocked();
      expect(await table.discard(stream, block, now)).toBe(true);
      expect(await table.discard(stream, block, now)).toBe(false);
      expect(await load()).toEqual({
        stream,
        revision: 0n,
        head: 0n,
        status: 'waiting',
        attempts: 0,
        dueAt: now.toISOString(),
        view: { total: 1 },
      });
      expect(await isListed()).toBe(false);
    });

    test.each([
      ['of another event', { ...block, revision: 0n }],
      ['of another time', { ...block, failedAt: '2026-11-23T11:00:00.000Z' }],
    ])('a block %s is not lifted', async (_, other) => {
      const { table, stream, load } = await makeBlocked();
      expect([await table.redrive(stream, other, now), await table.discard(stream, other, now)]).toEqual([
        false,
        false,
      ]);
      expect(await load()).toMatchObject({ status: 'blocked' });
    });

    test('a stream that is not blocked is not redriven', async () => {
      const table = makeTable();
      const stream = newStream();
      await table.fail(stream, undefined, firstFailure());
      expect(await table.redrive(stream, block, now)).toBe(false);
      expect(await table.redrive(newStream(), block, now)).toBe(false);
    });
  });
}
