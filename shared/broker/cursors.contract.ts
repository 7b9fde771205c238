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
  from: -1n,
  seenHead: -1n,
  attemptsBefore: 0,
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
    const newStream = (): string => `thing-${randomUUID()}`;
    const load = async (cursors: Cursors<TotalView>, stream: string) => (await cursors.load([stream])).get(stream);

    test('nothing is known of a new stream', async () => {
      expect(await load(makeCursors(), newStream())).toBeUndefined();
    });

    test('loads many rows at once, each under its stream', async () => {
      const cursors = makeCursors();
      const streams = Array.from({ length: 150 }, newStream);
      await Promise.all(
        streams.map((stream, n) => cursors.advance(stream, { from: -1n, to: BigInt(n), seenHead: -1n })),
      );
      const rows = await cursors.load([...streams, newStream()]);
      expect(rows.size).toBe(150);
      expect(streams.map((stream) => rows.get(stream)?.revision)).toEqual(streams.map((_, n) => BigInt(n)));
      expect((await cursors.load([])).size).toBe(0);
    });

    describe('a run that ends well', () => {
      test('advances from where the row stands and from nowhere else', async () => {
        const cursors = makeCursors();
        const stream = newStream();
        expect(await cursors.advance(stream, { from: 0n, to: 1n, seenHead: -1n })).toBe(false);
        expect(await cursors.advance(stream, { from: -1n, to: 2n, seenHead: -1n })).toBe(true);
        expect(await cursors.advance(stream, { from: -1n, to: 5n, seenHead: -1n })).toBe(false);
        expect(await load(cursors, stream)).toEqual({ stream, revision: 2n, head: -1n, status: 'ready', attempts: 0 });
      });

      test('of many that advance from one place exactly one does', async () => {
        const cursors = makeCursors();
        const stream = newStream();
        const done = await Promise.all(
          Array.from({ length: 8 }, () => cursors.advance(stream, { from: -1n, to: 0n, seenHead: -1n })),
        );
        expect(done.filter(Boolean)).toHaveLength(1);
      });

      test('writes a view and its revision as one; a view that it says nothing of stays', async () => {
        const cursors = makeCursors();
        const stream = newStream();
        await cursors.advance(stream, { from: -1n, to: 0n, view: { total: 1 }, seenHead: -1n });
        expect(await cursors.advance(stream, { from: -1n, to: 0n, view: { total: 99 }, seenHead: -1n })).toBe(false);
        expect(await cursors.advance(stream, { from: 0n, to: 1n, seenHead: -1n })).toBe(true);
        expect(await load(cursors, stream)).toMatchObject({ revision: 1n, view: { total: 1 } });
      });

      test('does not end below what was set aside while it ran', async () => {
        const cursors = makeCursors();
        const stream = newStream();
        await cursors.fail(stream, firstFailure());
        await cursors.setAside(stream, 2n);
        expect(await cursors.advance(stream, { from: -1n, to: 1n, seenHead: 0n })).toBe(false);
        expect(await cursors.advance(stream, { from: -1n, to: 2n, seenHead: 0n })).toBe(true);
        expect(await load(cursors, stream)).toEqual({ stream, revision: 2n, head: -1n, status: 'ready', attempts: 0 });
      });

      test('is not held up by a head beyond the end of the stream that it saw before it read to that end', async () => {
        const cursors = makeCursors();
        const stream = newStream();
        await cursors.fail(stream, firstFailure({ head: 9n }));
        expect(await cursors.advance(stream, { from: -1n, to: 2n, seenHead: 8n })).toBe(false);
        expect(await cursors.advance(stream, { from: -1n, to: 2n, seenHead: 9n })).toBe(true);
        expect(await load(cursors, stream)).toMatchObject({ revision: 2n, status: 'ready', head: -1n });
      });
    });

    describe('a run that goes on for long', () => {
      test('keeps how far it has come, and what was set aside', async () => {
        const cursors = makeCursors();
        const stream = newStream();
        expect(await cursors.progress(stream, { from: -1n, to: 99n, view: { total: 100 } })).toBe(true);
        expect(await cursors.progress(stream, { from: -1n, to: 50n })).toBe(false);
        expect(await load(cursors, stream)).toMatchObject({ revision: 99n, status: 'ready', view: { total: 100 } });
        await cursors.fail(stream, firstFailure({ from: 99n, revision: 99n, head: 120n }));
        expect(await cursors.progress(stream, { from: 99n, to: 110n })).toBe(true);
        expect(await load(cursors, stream)).toMatchObject({
          revision: 110n,
          status: 'waiting',
          dueAt,
          head: 120n,
          attempts: 0,
          view: { total: 100 },
        });
      });
    });

    describe('a run that fails', () => {
      test('leaves the stream waiting with everything that is known of it, and the next that ends well leaves no trace', async () => {
        const cursors = makeCursors();
        const stream = newStream();
        const attempt = firstFailure({ revision: 1n, head: 4n, view: { total: 2 } });
        expect(await cursors.fail(stream, attempt)).toBe(true);
        expect(await load(cursors, stream)).toEqual({
          stream,
          revision: 1n,
          head: 4n,
          status: 'waiting',
          attempts: 1,
          dueAt,
          failure,
          view: { total: 2 },
        });
        expect(await cursors.advance(stream, { from: 1n, to: 4n, view: { total: 5 }, seenHead: 4n })).toBe(true);
        expect(await load(cursors, stream)).toEqual({
          stream,
          revision: 4n,
          head: -1n,
          status: 'ready',
          attempts: 0,
          view: { total: 5 },
        });
      });

      test('leaves it blocked when it names no time to try again', async () => {
        const cursors = makeCursors();
        const stream = newStream();
        await cursors.fail(stream, firstFailure());
        const { dueAt: _, ...last } = firstFailure({ attemptsBefore: 1, seenHead: 0n, attempts: 2 });
        expect(await cursors.fail(stream, last)).toBe(true);
        const row = await load(cursors, stream);
        expect(row).toMatchObject({ status: 'blocked', attempts: 2, revision: -1n });
        expect(row).not.toHaveProperty('dueAt');
      });

      test('is counted once', async () => {
        const cursors = makeCursors();
        const stream = newStream();
        const counted = await Promise.all(Array.from({ length: 4 }, () => cursors.fail(stream, firstFailure())));
        expect(counted.filter(Boolean)).toHaveLength(1);
        await cursors.advance(stream, { from: -1n, to: 3n, seenHead: 0n });
        expect(await cursors.fail(stream, firstFailure())).toBe(false);
      });

      test('at another event than before is counted from one', async () => {
        const cursors = makeCursors();
        const stream = newStream();
        await cursors.fail(stream, firstFailure());
        const other = firstFailure({ revision: 0n, seenHead: 0n, head: 1n, attemptsBefore: 1, attempts: 1 });
        expect(await cursors.fail(stream, other)).toBe(true);
        expect(await load(cursors, stream)).toMatchObject({ revision: 0n, attempts: 1 });
      });

      test.each([
        ['the head it names, whatever stood there', 5n, 5n],
        ['one that is no higher, where it is the one it saw', 3n, 3n],
      ])('sets %s', async (_, head, expected) => {
        const cursors = makeCursors();
        const stream = newStream();
        await cursors.fail(stream, firstFailure({ head: 3n }));
        await cursors.fail(stream, firstFailure({ seenHead: 3n, head, attemptsBefore: 1, attempts: 2 }));
        expect(await load(cursors, stream)).toMatchObject({ head: expected, attempts: 2 });
      });

      test('is not written when the head was raised meanwhile: what was set aside is never forgotten', async () => {
        const cursors = makeCursors();
        const stream = newStream();
        await cursors.fail(stream, firstFailure());
        await cursors.setAside(stream, 7n);
        const second = firstFailure({ seenHead: 0n, attemptsBefore: 1, attempts: 2 });
        expect(await cursors.fail(stream, second)).toBe(false);
        expect(await load(cursors, stream)).toMatchObject({ head: 7n, attempts: 1 });
      });
    });

    describe('setting aside', () => {
      test('happens only where nothing can be applied, and never lowers what was heard of', async () => {
        const cursors = makeCursors();
        const stream = newStream();
        expect(await cursors.setAside(stream, 3n)).toBe(false);
        expect(await load(cursors, stream)).toBeUndefined();
        await cursors.fail(stream, firstFailure());
        expect(await cursors.setAside(stream, 7n)).toBe(true);
        expect(await cursors.setAside(stream, 5n)).toBe(true);
        expect(await load(cursors, stream)).toMatchObject({ head: 7n, status: 'waiting', attempts: 1 });
      });
    });

    describe('a claim', () => {
      test('is one of many that claim at once, and is seen by everybody', async () => {
        const cursors = makeCursors();
        const stream = newStream();
        const owners = ['a', 'b', 'c', 'd'];
        const claimed = await Promise.all(
          owners.map((owner) => cursors.claim(stream, { ...claimOf(owner), from: -1n, seenOwner: undefined })),
        );
        expect(claimed.filter(Boolean)).toHaveLength(1);
        const owner = owners[claimed.indexOf(true)] ?? '';
        expect(await load(cursors, stream)).toEqual({
          stream,
          revision: -1n,
          head: -1n,
          status: 'ready',
          attempts: 0,
          claim: claimOf(owner),
        });
      });

      test('is taken over only by who saw it, and only where the row stood', async () => {
        const cursors = makeCursors();
        const stream = newStream();
        await cursors.claim(stream, { ...claimOf('a'), from: -1n, seenOwner: undefined });
        expect(await cursors.claim(stream, { ...claimOf('b'), from: -1n, seenOwner: 'c' })).toBe(false);
        expect(await cursors.claim(stream, { ...claimOf('b'), from: 0n, seenOwner: 'a' })).toBe(false);
        expect(await cursors.claim(stream, { ...claimOf('b', 2), from: -1n, seenOwner: 'a' })).toBe(true);
        expect(await load(cursors, stream)).toMatchObject({ claim: claimOf('b', 2) });
      });

      test('keeps everybody else from writing: a slow first holder can not overwrite the second', async () => {
        const cursors = makeCursors();
        const stream = newStream();
        await cursors.claim(stream, { ...claimOf('a'), from: -1n, seenOwner: undefined });
        await cursors.claim(stream, { ...claimOf('b'), from: -1n, seenOwner: 'a' });
        for (const seen of [{ from: -1n, owner: 'a' }, { from: -1n }]) {
          expect(await cursors.advance(stream, { ...seen, to: 0n, seenHead: -1n })).toBe(false);
          expect(await cursors.progress(stream, { ...seen, to: 0n })).toBe(false);
          expect(await cursors.fail(stream, firstFailure(seen))).toBe(false);
        }
        expect(await cursors.advance(stream, { from: -1n, owner: 'b', to: 0n, seenHead: -1n })).toBe(true);
        expect(await load(cursors, stream)).toEqual({ stream, revision: 0n, head: -1n, status: 'ready', attempts: 0 });
      });

      test('ends with a failure, and is kept and made longer by progress', async () => {
        const cursors = makeCursors();
        const stream = newStream();
        await cursors.claim(stream, { ...claimOf('a', 2), from: -1n, seenOwner: undefined });
        const longer = { ...claimOf('a'), until: '2026-11-23T10:02:00.000Z' };
        expect(await cursors.progress(stream, { from: -1n, owner: 'a', to: 3n, claim: longer })).toBe(true);
        expect(await load(cursors, stream)).toMatchObject({ revision: 3n, claim: longer });
        const attempt = firstFailure({ from: 3n, owner: 'a', revision: 3n, head: 4n });
        expect(await cursors.fail(stream, attempt)).toBe(true);
        expect(await load(cursors, stream)).not.toHaveProperty('claim');
      });

      test('on a stream that waits leaves what is known of its failure, and what comes is set aside', async () => {
        const cursors = makeCursors();
        const stream = newStream();
        await cursors.fail(stream, firstFailure());
        expect(await cursors.claim(stream, { ...claimOf('a'), from: -1n, seenOwner: undefined })).toBe(true);
        expect(await cursors.setAside(stream, 4n)).toBe(true);
        expect(await load(cursors, stream)).toMatchObject({
          status: 'waiting',
          attempts: 1,
          failure,
          dueAt,
          head: 4n,
          claim: claimOf('a'),
        });
      });
    });
  });
}
