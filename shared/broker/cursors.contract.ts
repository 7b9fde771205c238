import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Claim, Cursors, FailedAttempt, Failure } from './cursors.ts';

export interface TotalView {
  readonly total: number;
}

export const failure: Failure = {
  code: 'payments/unavailable',
  message: 'no answer',
  firstAt: '2026-11-23T10:00:00.000Z',
  lastAt: '2026-11-23T10:00:05.000Z',
  event: { id: '5f2d1a9e-7b0c-5c3e-8a41-1d2e3f4a5b6c', type: 'Happened', correlationId: 'correlation-1' },
};
export const dueAt = '2026-11-23T10:00:10.000Z';

/** A first failure of the first event, that waits until `dueAt`, but for what is said otherwise. */
export const firstFailure = (otherwise: Partial<FailedAttempt<TotalView>> = {}): FailedAttempt<TotalView> => ({
  revision: -1n,
  head: 0n,
  attempts: 1,
  failure,
  dueAt,
  ...otherwise,
});

const claimOf = (owner: string, begun = 1): Claim => ({ owner, until: '2026-11-23T10:01:00.000Z', begun });

/** What every cursor table promises. */
export function describeCursors(name: string, makeCursors: () => Cursors<TotalView>): void {
  describe(`cursors: ${name}`, () => {
    /** A stream of its own, with its row as it stands. */
    const makeStream = () => {
      const cursors = makeCursors();
      const stream = `thing-${randomUUID()}`;
      const load = async () => (await cursors.load([stream])).get(stream);
      return { cursors, stream, load };
    };
    const makeReady = async (to: bigint, view?: TotalView) => {
      const made = makeStream();
      await made.cursors.advance(made.stream, undefined, { to, ...(view && { view }) });
      return { ...made, seen: await made.load() };
    };
    const makeWaiting = async (otherwise: Partial<FailedAttempt<TotalView>> = {}) => {
      const made = makeStream();
      await made.cursors.fail(made.stream, undefined, firstFailure(otherwise));
      return { ...made, seen: await made.load() };
    };
    const makeClaimed = async (owner: string, begun = 1) => {
      const made = makeStream();
      await made.cursors.claim(made.stream, undefined, claimOf(owner, begun));
      return { ...made, seen: await made.load() };
    };
    const ready = (stream: string, revision: bigint) => ({ stream, revision, head: -1n, status: 'ready', attempts: 0 });

    test('nothing is known of a new stream', async () => {
      expect(await makeStream().load()).toBeUndefined();
    });

    test('loads many rows at once, each under its stream', async () => {
      const cursors = makeCursors();
      const streams = Array.from({ length: 150 }, () => `thing-${randomUUID()}`);
      await Promise.all(streams.map((stream, n) => cursors.advance(stream, undefined, { to: BigInt(n) })));
      const rows = await cursors.load([...streams, `thing-${randomUUID()}`]);
      expect(rows.size).toBe(150);
      expect(streams.map((stream) => rows.get(stream)?.revision)).toEqual(streams.map((_, n) => BigInt(n)));
      expect((await cursors.load([])).size).toBe(0);
    });

    describe('a run that ends well', () => {
      test('advances from where it has seen the row and from nowhere else', async () => {
        const { cursors, stream, load } = makeStream();
        expect(await cursors.advance(stream, undefined, { to: 2n })).toBe(true);
        const seen = await load();
        expect(seen).toEqual(ready(stream, 2n));
        expect(await cursors.advance(stream, undefined, { to: 5n })).toBe(false);
        expect(await cursors.advance(stream, seen && { ...seen, revision: 1n }, { to: 5n })).toBe(false);
        expect(await cursors.advance(stream, seen, { to: 3n })).toBe(true);
        expect(await cursors.advance(stream, seen, { to: 3n })).toBe(false);
        expect(await load()).toEqual(ready(stream, 3n));
      });

      test('does not make a row of one that it has seen and that is gone', async () => {
        const { cursors, load } = await makeReady(2n);
        const seen = await load();
        expect(await cursors.advance(`thing-${randomUUID()}`, seen, { to: 3n })).toBe(false);
      });

      test('of many that advance from one place exactly one does', async () => {
        const { cursors, stream } = makeStream();
        const done = await Promise.all(Array.from({ length: 8 }, () => cursors.advance(stream, undefined, { to: 0n })));
        expect(done.filter(Boolean)).toHaveLength(1);
      });

      test('writes a view and its revision as one', async () => {
        const { cursors, stream, load } = await makeReady(0n, { total: 1 });
        expect(await cursors.advance(stream, undefined, { to: 0n, view: { total: 99 } })).toBe(false);
        expect(await load()).toMatchObject({ revision: 0n, view: { total: 1 } });
      });

      test('does not end below what was set aside while it ran', async () => {
        const { cursors, stream, load, seen } = await makeWaiting();
        await cursors.setAside(stream, 2n);
        expect(await cursors.advance(stream, seen, { to: 1n })).toBe(false);
        expect(await cursors.advance(stream, seen, { to: 2n })).toBe(true);
        expect(await load()).toEqual(ready(stream, 2n));
      });

      test('is not held up by a head beyond the end of the stream that it saw before it read to that end', async () => {
        const { cursors, stream, load, seen } = await makeWaiting({ head: 9n });
        expect(await cursors.advance(stream, seen && { ...seen, head: 8n }, { to: 2n })).toBe(false);
        expect(await cursors.advance(stream, seen, { to: 2n })).toBe(true);
        expect(await load()).toEqual(ready(stream, 2n));
      });

      test('does not hide that the stream has failed since', async () => {
        const { cursors, stream, load, seen } = await makeReady(0n);
        await cursors.fail(stream, seen, firstFailure({ revision: 0n, head: 1n }));
        expect(await cursors.advance(stream, seen, { to: 1n })).toBe(false);
        expect(await load()).toMatchObject({ status: 'waiting', revision: 0n });
      });
    });

    describe('a run that goes on for long', () => {
      test('keeps how far it has come, also in a row that was not there', async () => {
        const { cursors, stream, load } = makeStream();
        expect(await cursors.progress(stream, undefined, { to: 99n, view: { total: 100 } })).toBe(true);
        expect(await cursors.progress(stream, undefined, { to: 50n })).toBe(false);
        expect(await load()).toEqual({ ...ready(stream, 99n), view: { total: 100 } });
      });

      test('keeps what was set aside while it ran, and that the stream waits', async () => {
        const { cursors, stream, load, seen } = await makeWaiting({ view: { total: 1 } });
        await cursors.setAside(stream, 120n);
        expect(await cursors.progress(stream, seen, { to: 110n, view: { total: 111 } })).toBe(true);
        expect(await load()).toMatchObject({
          revision: 110n,
          status: 'waiting',
          dueAt,
          head: 120n,
          attempts: 0,
          view: { total: 111 },
        });
      });
    });

    describe('a run that fails', () => {
      test('leaves the stream waiting with everything that is known of it; the next that ends well leaves no trace', async () => {
        const { cursors, stream, load, seen } = await makeWaiting({ revision: 1n, head: 4n, view: { total: 2 } });
        expect(seen).toEqual({
          stream,
          revision: 1n,
          head: 4n,
          status: 'waiting',
          attempts: 1,
          dueAt,
          failure,
          view: { total: 2 },
        });
        expect(await cursors.advance(stream, seen, { to: 4n, view: { total: 5 } })).toBe(true);
        expect(await load()).toEqual({ ...ready(stream, 4n), view: { total: 5 } });
      });

      test('that came too early waits without a failure, and an earlier failure is forgotten', async () => {
        const { cursors, stream, load, seen } = await makeWaiting();
        const { failure: _, ...early } = firstFailure({ attempts: 0 });
        expect(await cursors.fail(stream, seen, early)).toBe(true);
        expect(await load()).toEqual({ stream, revision: -1n, head: 0n, status: 'waiting', attempts: 0, dueAt });
      });

      test('leaves it blocked when it names no time to try again', async () => {
        const { cursors, stream, load, seen } = await makeWaiting();
        const { dueAt: _, ...last } = firstFailure({ attempts: 2 });
        expect(await cursors.fail(stream, seen, last)).toBe(true);
        const row = await load();
        expect(row).toMatchObject({ status: 'blocked', attempts: 2, revision: -1n });
        expect(row).not.toHaveProperty('dueAt');
      });

      test.each([
        ['of a new stream', () => ({ ...makeStream(), seen: undefined })],
        ['of one that waits', makeWaiting],
      ])('%s is counted once', async (_, make) => {
        const { cursors, stream, seen } = await make();
        const attempt = firstFailure({ attempts: (seen?.attempts ?? 0) + 1 });
        const counted = await Promise.all(Array.from({ length: 4 }, () => cursors.fail(stream, seen, attempt)));
        expect(counted.filter(Boolean)).toHaveLength(1);
      });

      test('is not written where the stream has gone on', async () => {
        const { cursors, stream, load, seen } = await makeWaiting();
        await cursors.advance(stream, seen, { to: 3n });
        expect(await cursors.fail(stream, seen, firstFailure({ attempts: 2 }))).toBe(false);
        expect(await load()).toEqual(ready(stream, 3n));
      });

      test('keeps the view that it says nothing of', async () => {
        const { cursors, stream, load, seen } = await makeWaiting({ view: { total: 1 } });
        await cursors.fail(stream, seen, firstFailure({ attempts: 2 }));
        expect(await load()).toMatchObject({ attempts: 2, view: { total: 1 } });
      });

      test.each([
        ['a higher one', 5n],
        ['the one it saw', 3n],
      ])('sets the head it names: %s', async (_, head) => {
        const { cursors, stream, load, seen } = await makeWaiting({ head: 3n });
        expect(await cursors.fail(stream, seen, firstFailure({ head, attempts: 2 }))).toBe(true);
        expect(await load()).toMatchObject({ head, attempts: 2 });
      });

      test('is not written when a head was set aside since: no news is forgotten', async () => {
        const { cursors, stream, load, seen } = await makeWaiting();
        await cursors.setAside(stream, 7n);
        expect(await cursors.fail(stream, seen, firstFailure({ attempts: 2 }))).toBe(false);
        expect(await load()).toMatchObject({ head: 7n, attempts: 1 });
      });
    });

    describe('setting aside', () => {
      test('happens only where nothing can be applied, and never lowers what was heard of', async () => {
        const { cursors, stream, load } = makeStream();
        expect(await cursors.setAside(stream, 3n)).toBe(false);
        expect(await load()).toBeUndefined();
        await cursors.fail(stream, undefined, firstFailure());
        expect(await cursors.setAside(stream, 7n)).toBe(true);
        expect(await cursors.setAside(stream, 5n)).toBe(true);
        expect(await load()).toMatchObject({ head: 7n, status: 'waiting', attempts: 1 });
      });

      test('does not happen where the stream is ready', async () => {
        const { cursors, stream, load } = await makeReady(0n);
        expect(await cursors.setAside(stream, 3n)).toBe(false);
        expect(await load()).toEqual(ready(stream, 0n));
      });
    });

    describe('a claim', () => {
      test('is one of many that claim at once, and is seen by everybody', async () => {
        const { cursors, stream, load } = makeStream();
        const owners = ['a', 'b', 'c', 'd'];
        const claimed = await Promise.all(owners.map((owner) => cursors.claim(stream, undefined, claimOf(owner))));
        expect(claimed.filter(Boolean)).toHaveLength(1);
        const owner = owners[claimed.indexOf(true)] ?? '';
        expect(await load()).toEqual({ ...ready(stream, -1n), claim: claimOf(owner) });
      });

      test('is taken over only by who saw it', async () => {
        const { cursors, stream, load, seen } = await makeClaimed('a');
        expect(await cursors.claim(stream, undefined, claimOf('b'))).toBe(false);
        expect(await cursors.claim(stream, seen && { ...seen, claim: claimOf('c') }, claimOf('b'))).toBe(false);
        expect(await cursors.claim(stream, seen, claimOf('b', 2))).toBe(true);
        expect(await cursors.claim(stream, seen, claimOf('d', 2))).toBe(false);
        expect(await load()).toMatchObject({ claim: claimOf('b', 2) });
      });

      test('keeps everybody else from writing: a slow first holder can not overwrite the second', async () => {
        const { cursors, stream, load, seen: first } = await makeClaimed('a');
        await cursors.claim(stream, first, claimOf('b', 2));
        const second = await load();
        for (const seen of [first, undefined, second && { ...ready(stream, -1n), status: 'ready' as const }]) {
          expect(await cursors.advance(stream, seen, { to: 0n })).toBe(false);
          expect(await cursors.progress(stream, seen, { to: 0n })).toBe(false);
          expect(await cursors.fail(stream, seen, firstFailure())).toBe(false);
        }
        expect(await cursors.advance(stream, second, { to: 0n })).toBe(true);
        expect(await load()).toEqual(ready(stream, 0n));
      });

      test('that was made longer since it was seen is not taken over: neither the row nor its view goes back', async () => {
        const { cursors, stream, load, seen } = await makeClaimed('a');
        const longer = { ...claimOf('a'), until: '2026-11-23T10:02:00.000Z' };
        const written = { to: 5n, view: { total: 6 }, claim: longer };
        expect(await cursors.progress(stream, seen, written)).toBe(true);
        expect(await cursors.claim(stream, seen, claimOf('b', 2))).toBe(false);
        expect(await cursors.advance(stream, seen, { to: 0n, view: { total: 1 } })).toBe(false);
        expect(await load()).toEqual({ ...ready(stream, 5n), view: { total: 6 }, claim: longer });
        // Made longer, and nothing else.
        const again = await load();
        const longest = { ...longer, until: '2026-11-23T10:03:00.000Z' };
        expect(await cursors.progress(stream, again, { ...written, claim: longest })).toBe(true);
        expect(await cursors.claim(stream, again, claimOf('b', 2))).toBe(false);
      });

      test('ends with a failure, and is kept and made longer by progress', async () => {
        const { cursors, stream, load, seen } = await makeClaimed('a', 2);
        const longer = { ...claimOf('a'), until: '2026-11-23T10:02:00.000Z' };
        expect(await cursors.progress(stream, seen, { to: 3n, claim: longer })).toBe(true);
        expect(await load()).toEqual({ ...ready(stream, 3n), claim: longer });
        expect(await cursors.fail(stream, await load(), firstFailure({ revision: 3n, head: 4n }))).toBe(true);
        expect(await load()).not.toHaveProperty('claim');
      });

      test('is left by an attempt that came too early as that says, and ends with the next that does not', async () => {
        const { cursors, stream, load, seen } = await makeClaimed('a', 2);
        const { failure: _, ...early } = firstFailure({ attempts: 0, claim: claimOf('over/a') });
        expect(await cursors.fail(stream, seen, early)).toBe(true);
        const row = await load();
        expect(row).toMatchObject({ status: 'waiting', claim: claimOf('over/a') });
        expect(await cursors.fail(stream, seen, early)).toBe(false);
        expect(await cursors.fail(stream, row, firstFailure())).toBe(true);
        expect(await load()).not.toHaveProperty('claim');
      });

      test('on a stream that waits leaves what is known of its failure, and what comes is set aside', async () => {
        const { cursors, stream, load, seen } = await makeWaiting();
        expect(await cursors.claim(stream, seen, claimOf('a'))).toBe(true);
        const claimed = await load();
        expect(await cursors.setAside(stream, 4n)).toBe(true);
        const row = { status: 'waiting', attempts: 1, failure, dueAt, head: 4n, claim: claimOf('a') };
        expect(await load()).toMatchObject(row);
        expect(await cursors.advance(stream, claimed, { to: 3n })).toBe(false);
        expect(await cursors.fail(stream, claimed, firstFailure({ attempts: 2 }))).toBe(false);
        expect(await cursors.advance(stream, claimed, { to: 4n })).toBe(true);
      });
    });
  });
}
