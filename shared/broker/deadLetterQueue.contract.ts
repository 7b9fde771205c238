import { describe, expect, test } from '@jest/globals';
import type { DeadLetterQueue, QueuedMessage } from './deadLetterQueue.ts';

interface Subject {
  readonly deadLetters: DeadLetterQueue;
  /** A queue of this test alone. */
  makeQueue(): Promise<string>;
  put(queue: string, message: QueuedMessage): Promise<void>;
}

const messageOf = (name: string): QueuedMessage => ({
  messageId: `id-${name}`,
  type: 'OrderCreated',
  correlationId: 'correlation-1',
  headers: { reason: 'malformed', attempts: 3, originalHeaders: { stream: 'order-1' } },
  body: Buffer.from(name),
});

/** What every dead-letter queue promises. */
export function describeDeadLetterQueue(name: string, getSubject: () => Subject): void {
  describe(`dead-letter queue: ${name}`, () => {
    const fill = async (...names: readonly string[]) => {
      const subject = getSubject();
      const queue = await subject.makeQueue();
      for (const each of names) await subject.put(queue, messageOf(each));
      const { deadLetters } = subject;
      const names_ = async (limit = 100): Promise<readonly string[]> => {
        let seen: readonly string[] = [];
        await deadLetters.look(queue, limit, async (messages) => {
          seen = messages.map(({ body }) => Buffer.from(body).toString());
          return messages.map(() => 'keep');
        });
        return seen;
      };
      return { deadLetters, queue, names: names_ };
    };

    test('shows its messages whole, in order, and keeps them in order however often they are looked at', async () => {
      const { deadLetters, queue, names } = await fill('a', 'b', 'c');
      const shown: QueuedMessage[] = [];
      await deadLetters.look(queue, 1, async (messages) => {
        shown.push(...messages);
        return ['keep'];
      });
      expect(shown).toEqual([{ ...messageOf('a'), headers: expect.objectContaining(messageOf('a').headers) }]);
      for (let n = 0; n < 3; n += 1) expect(await names()).toEqual(['a', 'b', 'c']);
    });

    test('loses what is to be removed, and nothing else', async () => {
      const { deadLetters, queue, names } = await fill('a', 'b', 'c');
      await deadLetters.look(queue, 100, async () => ['keep', 'remove', 'keep']);
      expect(await names()).toEqual(['a', 'c']);
    });

    test('loses all of many that are to be removed, at once and for good', async () => {
      const many = Array.from({ length: 120 }, (_, n) => `m${n}`);
      const { deadLetters, queue, names } = await fill(...many, 'kept');
      await deadLetters.look(queue, 1_000, async (messages) => messages.map((_, n) => (n < 120 ? 'remove' : 'keep')));
      expect(await names(1_000)).toEqual(['kept']);
    });

    test('keeps the others of many in their order, before those that were not looked at', async () => {
      const many = Array.from({ length: 150 }, (_, n) => `m${n}`);
      const { deadLetters, queue, names } = await fill(...many);
      await deadLetters.look(queue, 120, async (messages) => messages.map((_, n) => (n % 3 === 1 ? 'remove' : 'keep')));
      expect(await names(1_000)).toEqual(many.filter((_, n) => n % 3 !== 1 || n >= 120));
    });

    test('shows no more than are asked for', async () => {
      expect(await (await fill('a', 'b', 'c')).names(2)).toEqual(['a', 'b']);
    });

    test('keeps everything when the verdict fails', async () => {
      const { deadLetters, queue, names } = await fill('a', 'b');
      const failing = deadLetters.look(queue, 100, async () => {
        throw new Error('no verdict');
      });
      await expect(failing).rejects.toThrow('no verdict');
      expect(await names()).toEqual(['a', 'b']);
    });

    test('shows nobody else what is being looked at', async () => {
      const { deadLetters, queue, names } = await fill('a', 'b', 'c');
      await deadLetters.look(queue, 2, async (messages) => {
        expect(await names()).toEqual(['c']);
        return messages.map(() => 'keep');
      });
      // What two had at once goes back in the order in which they gave it back.
      expect((await names()).toSorted()).toEqual(['a', 'b', 'c']);
    });

    test('an empty one asks for no verdict', async () => {
      const { deadLetters, queue } = await fill();
      await deadLetters.look(queue, 100, async () => {
        throw new Error('asked');
      });
    });
  });
}
