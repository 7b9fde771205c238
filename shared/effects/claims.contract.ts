import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Clock } from '../kernel/clock.ts';
import type { Claims } from './claims.ts';

const leaseMs = 60_000;

/** What every implementation of the port promises. */
export function claimsContract(name: string, create: (clock: Pick<Clock, 'now'>) => Claims): void {
  describe(`claims: ${name}`, () => {
    let nowMs: number;
    let claims: Claims;
    let id = 0;
    /** Gets it, and until when. */
    const take = async (work: string): Promise<Date> => {
      const claim = await claims.claim(work, leaseMs);
      expect(claim).toEqual({ status: 'mine', endsAt: new Date(nowMs + leaseMs) });
      return (claim as { readonly endsAt: Date }).endsAt;
    };
    const next = (): string => {
      id += 1;
      return `event-${id}`;
    };
    beforeEach(() => {
      nowMs = Date.parse('2026-11-23T10:00:00.000Z');
      claims = create({ now: () => new Date(nowMs) });
    });

    test('of many that ask at once, one gets it', async () => {
      const work = next();
      const answers = await Promise.all(Array.from({ length: 8 }, () => claims.claim(work, leaseMs)));
      expect(answers.filter(({ status }) => status === 'mine')).toHaveLength(1);
      const taken = { status: 'taken', endsAt: new Date(nowMs + leaseMs) };
      expect(answers.filter(({ status }) => status !== 'mine')).toEqual(Array.from({ length: 7 }, () => taken));
    });

    test('what is done stays done', async () => {
      const work = next();
      const endsAt = await take(work);
      await claims.complete(work);
      nowMs += 10 * leaseMs;
      expect(await claims.claim(work, leaseMs)).toEqual({ status: 'done' });
      await claims.giveBack(work, endsAt);
      expect(await claims.claim(work, leaseMs)).toEqual({ status: 'done' });
    });

    test('what is given back can be taken at once', async () => {
      const work = next();
      await claims.giveBack(work, await take(work));
      await take(work);
    });

    test('who was too late has nothing to give back', async () => {
      const work = next();
      const first = await take(work);
      nowMs += leaseMs;
      const second = await take(work);
      await claims.giveBack(work, first);
      expect(await claims.claim(work, leaseMs)).toEqual({ status: 'taken', endsAt: second });
      await claims.giveBack(work, second);
      await take(work);
    });

    test('a claim whose holder died is over after its time, and not before', async () => {
      const work = next();
      await claims.claim(work, leaseMs);
      nowMs += leaseMs - 1;
      expect(await claims.claim(work, leaseMs)).toMatchObject({ status: 'taken' });
      nowMs += 1;
      await take(work);
    });
  });
}
