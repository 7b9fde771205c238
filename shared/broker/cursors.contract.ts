import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Cursors, Failure } from './cursors.ts';

const failure: Failure = {
  code: 'payments/unavailable',
  message: 'no answer',
  firstAt: '2026-11-23T10:00:00.000Z',
  lastAt: '2026-11-23T10:00:05.000Z',
};
const dueAt = '2026-11-23T10:00:10.000Z';

/** What every cursor table promises. */
export function describeCursors(name: string, makeCursors: () => Cursors<{ readonly total: number }>): void {
  describe(`cursors: ${name}`, () => {
    const newStream = (): string => `thing-${randomUUID()}`;
    const load = async (cursors: Cursors<{ readonly total: number }>, stream: string) =>
      (await cursors.load([stream])).get(stream);

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

    test('advances from where it stands and from nowhere else', async () => {
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

    test('a view and its revision are one write', async () => {
      const cursors = makeCursors();
      const stream = newStream();
      await cursors.advance(stream, { from: -1n, to: 0n, view: { total: 1 }, seenHead: -1n });
      expect(await cursors.advance(stream, { from: -1n, to: 0n, view: { total: 99 }, seenHead: -1n })).toBe(false);
      expect(await load(cursors, stream)).toMatchObject({ revision: 0n, view: { total: 1 } });
    });

    test('waits with everything that is known of the failure, then goes on as if nothing had been', async () => {
      const cursors = makeCursors();
      const stream = newStream();
      const attempt = {
        from: -1n,
        revision: 1n,
        head: 4n,
        attemptsBefore: 0,
        attempts: 1,
        failure,
        dueAt,
        view: { total: 2 },
      };
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
      expect(await cursors.advance(stream, { from: 1n, to: 4n, view: { total: 5 }, seenHead: -1n })).toBe(true);
      expect(await load(cursors, stream)).toEqual({
        stream,
        revision: 4n,
        head: -1n,
        status: 'ready',
        attempts: 0,
        view: { total: 5 },
      });
    });

    test('one that is only too early waits without a failure, and an earlier failure is forgotten', async () => {
      const cursors = makeCursors();
      const stream = newStream();
      const at = { from: -1n, revision: -1n, head: 0n, dueAt };
      expect(await cursors.fail(stream, { ...at, attemptsBefore: 0, attempts: 1, failure })).toBe(true);
      expect(await cursors.fail(stream, { ...at, attemptsBefore: 1, attempts: 0 })).toBe(true);
      expect(await load(cursors, stream)).toEqual({
        stream,
        revision: -1n,
        head: 0n,
        status: 'waiting',
        attempts: 0,
        dueAt,
      });
    });

    test('without a time to try again it is blocked', async () => {
      const cursors = makeCursors();
      const stream = newStream();
      await cursors.fail(stream, {
        from: -1n,
        revision: -1n,
        head: 0n,
        attemptsBefore: 0,
        attempts: 1,
        failure,
        dueAt,
      });
      expect(
        await cursors.fail(stream, { from: -1n, revision: -1n, head: 0n, attemptsBefore: 1, attempts: 2, failure }),
      ).toBe(true);
      const row = await load(cursors, stream);
      expect(row).toMatchObject({ status: 'blocked', attempts: 2, revision: -1n });
      expect(row).not.toHaveProperty('dueAt');
    });

    test('one failure is counted once', async () => {
      const cursors = makeCursors();
      const stream = newStream();
      const attempt = { from: -1n, revision: -1n, head: 0n, attemptsBefore: 0, attempts: 1, failure, dueAt };
      const counted = await Promise.all(Array.from({ length: 4 }, () => cursors.fail(stream, attempt)));
      expect(counted.filter(Boolean)).toHaveLength(1);
      await cursors.advance(stream, { from: -1n, to: 3n, seenHead: -1n });
      expect(await cursors.fail(stream, attempt)).toBe(false);
    });

    test('a failure of another event is counted from one', async () => {
      const cursors = makeCursors();
      const stream = newStream();
      await cursors.fail(stream, {
        from: -1n,
        revision: -1n,
        head: 0n,
        attemptsBefore: 0,
        attempts: 1,
        failure,
        dueAt,
      });
      const other = { from: -1n, revision: 0n, head: 1n, attemptsBefore: 1, attempts: 1, failure, dueAt };
      expect(await cursors.fail(stream, other)).toBe(true);
      expect(await load(cursors, stream)).toMatchObject({ revision: 0n, attempts: 1 });
    });

    test('sets aside only where nothing can be applied, and never lowers what it heard of', async () => {
      const cursors = makeCursors();
      const stream = newStream();
      expect(await cursors.setAside(stream, 3n)).toBe(false);
      await cursors.fail(stream, {
        from: -1n,
        revision: -1n,
        head: 0n,
        attemptsBefore: 0,
        attempts: 1,
        failure,
        dueAt,
      });
      expect(await cursors.setAside(stream, 7n)).toBe(true);
      expect(await cursors.setAside(stream, 5n)).toBe(true);
      expect(await load(cursors, stream)).toMatchObject({ head: 7n, status: 'waiting', attempts: 1 });
    });

    test('a head beyond the end of the stream does not hold up a run that has read to that end', async () => {
      const cursors = makeCursors();
      const stream = newStream();
      await cursors.fail(stream, {
        from: -1n,
        revision: -1n,
        head: 9n,
        attemptsBefore: 0,
        attempts: 1,
        failure,
        dueAt,
      });
      expect(await cursors.advance(stream, { from: -1n, to: 2n, seenHead: 8n })).toBe(false);
      expect(await cursors.advance(stream, { from: -1n, to: 2n, seenHead: 9n })).toBe(true);
      expect(await load(cursors, stream)).toMatchObject({ revision: 2n, status: 'ready', head: -1n });
    });

    test('a long run keeps how far it has come, and what was set aside with it', async () => {
      const cursors = makeCursors();
      const stream = newStream();
      expect(await cursors.progress(stream, { from: -1n, to: 99n, view: { total: 100 } })).toBe(true);
      expect(await cursors.progress(stream, { from: -1n, to: 50n })).toBe(false);
      expect(await load(cursors, stream)).toMatchObject({ revision: 99n, status: 'ready', view: { total: 100 } });
      const attempt = { from: 99n, revision: 99n, head: 120n, attemptsBefore: 0, attempts: 1, failure, dueAt };
      await cursors.fail(stream, attempt);
      expect(await cursors.progress(stream, { from: 99n, to: 110n })).toBe(true);
      expect(await load(cursors, stream)).toMatchObject({ revision: 110n, status: 'waiting', head: 120n, attempts: 0 });
    });

    test('what was set aside during a run keeps the run from ending below it', async () => {
      const cursors = makeCursors();
      const stream = newStream();
      await cursors.fail(stream, {
        from: -1n,
        revision: -1n,
        head: 0n,
        attemptsBefore: 0,
        attempts: 1,
        failure,
        dueAt,
      });
      await cursors.setAside(stream, 2n);
      expect(await cursors.advance(stream, { from: -1n, to: 1n, seenHead: -1n })).toBe(false);
      expect(await cursors.advance(stream, { from: -1n, to: 2n, seenHead: -1n })).toBe(true);
    });
  });
}
