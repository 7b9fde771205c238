/** Work on `item` together with whatever else of the same key waits; resolves with what came of it. */
export type Gather<Item, Result> = (key: string, item: Item) => Promise<Result>;

/**
 * Items of one key that come while nothing or another group of that key is under way are worked on together, in the
 * order in which they came; groups of different keys side by side. A group begins when everything that can happen
 * without waiting has happened: all that a batch brings of one key is one group.
 *
 * @param work answers one result for each item, in their order; when it rejects, so does every item of the group
 */
export function createGather<Item, Result>(
  work: (key: string, items: readonly Item[]) => Promise<readonly Result[]>,
): Gather<Item, Result> {
  interface Waiting {
    readonly item: Item;
    readonly done: PromiseWithResolvers<Result>;
  }
  const gathering = new Map<string, Waiting[]>();

  const workOff = async (key: string, waiting: Waiting[]): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    while (waiting.length > 0) {
      const group = waiting.splice(0);
      try {
        const results = await work(
          key,
          group.map(({ item }) => item),
        );
        for (const [index, { done }] of group.entries()) done.resolve(results[index] as Result);
      } catch (error) {
        for (const { done } of group) done.reject(error);
      }
    }
    gathering.delete(key);
  };

  return (key, item) => {
    const done = Promise.withResolvers<Result>();
    const waiting = gathering.get(key);
    if (waiting) {
      waiting.push({ item, done });
    } else {
      const first = [{ item, done }];
      gathering.set(key, first);
      void workOff(key, first);
    }
    return done.promise;
  };
}
