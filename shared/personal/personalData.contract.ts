import { beforeEach, describe, expect, test } from '@jest/globals';
import { erased } from '../kernel/erased.ts';
import { recipient } from '../testing/personal.ts';
import type { CustomerKeys } from './customerKeys.ts';
import { createPersonalData, type PersonalData } from './personalData.ts';

/** What personal data promises over every implementation of the customers' keys. */
export function personalDataContract(name: string, create: () => CustomerKeys): void {
  describe(`personal data: ${name}`, () => {
    let personal: PersonalData;
    let customers = 0;
    const next = (): string => {
      customers += 1;
      return `c-${customers}`;
    };
    beforeEach(() => {
      personal = createPersonalData(create());
    });

    test('what is sealed says nothing, and opens to what it was', async () => {
      const customer = next();
      const sealed = await personal.seal(customer, recipient);
      expect(sealed).toMatch(/^v1\.[\w-]{16}\.[\w-]{16}\.[\w-]{22,}$/);
      const bytes = sealed.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
      for (const word of ['Ada', 'lovelace', 'London']) expect([sealed, ...bytes].join(' ')).not.toContain(word);
      expect(await personal.open(customer, sealed)).toEqual(recipient);
    });

    test('the same value again is the same text; another value, or another customer, another text', async () => {
      const [customer, other] = [next(), next()];
      const sealed = await personal.seal(customer, recipient);
      expect(await personal.seal(customer, { ...recipient })).toBe(sealed);
      const texts = [
        sealed,
        await personal.seal(customer, { ...recipient, name: 'Ada King' }),
        await personal.seal(other, recipient),
      ];
      const parts = texts.map((text) => text.split('.'));
      expect(new Set(parts.map(([, , nonce]) => nonce)).size).toBe(3);
      expect(new Set(parts.map(([, , , rest]) => rest)).size).toBe(3);
      expect(parts[0]?.[1]).toBe(parts[1]?.[1]);
      expect(parts[0]?.[1]).not.toBe(parts[2]?.[1]);
    });

    test('of many that seal for a new customer at once, all use one key', async () => {
      const customer = next();
      const sealed = await Promise.all(Array.from({ length: 8 }, () => personal.seal(customer, recipient)));
      expect(new Set(sealed).size).toBe(1);
    });

    test('once erased, everything that was sealed so far is erased, however often it is asked for', async () => {
      const [customer, other] = [next(), next()];
      const sealed = await personal.seal(customer, recipient);
      const ofOther = await personal.seal(other, recipient);
      await personal.erase(customer);
      await personal.erase(customer);
      expect(await personal.open(customer, sealed)).toBe(erased);
      expect(await personal.open(other, ofOther)).toEqual(recipient);
    });

    test('what is sealed afterwards has a new key, and what was erased stays so', async () => {
      const customer = next();
      const before = await personal.seal(customer, recipient);
      await personal.erase(customer);
      const after = await personal.seal(customer, recipient);
      expect(after.split('.')[1]).not.toBe(before.split('.')[1]);
      expect(await personal.openAll(customer, [before, after, erased])).toEqual([erased, recipient, erased]);
      await personal.erase(customer);
      expect(await personal.openAll(customer, [before, after])).toEqual([erased, erased]);
    });

    test('a customer whom nobody knows can be erased, and ordered for later', async () => {
      const customer = next();
      await personal.erase(customer);
      const sealed = await personal.seal(customer, recipient);
      expect(await personal.open(customer, sealed)).toEqual(recipient);
    });

    test('nothing is asked of the keys for what never had one', async () => {
      expect(await personal.openAll(next(), [])).toEqual([]);
      expect(await personal.open(next(), erased)).toBe(erased);
    });

    test('a text that is damaged is not opened, and not taken for erased', async () => {
      const customer = next();
      const sealed = await personal.seal(customer, recipient);
      const last = sealed.at(-2) === 'A' ? 'B' : 'A';
      const damaged = `${sealed.slice(0, -2)}${last}${sealed.at(-1)}`;
      for (const text of [damaged, 'Ada Lovelace', ''])
        await expect(personal.open(customer, text)).rejects.toMatchObject({ code: 'personal/unreadable' });
    });
  });
}
