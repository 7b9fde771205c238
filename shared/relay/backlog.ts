import type { Position } from '../store/eventStore.ts';

/**
 * What a relay's code publishes and the code before it did not: the events of some categories from the store's first on. They are
 * published beside the news, in no order with them: a consumer that sees a later event of a stream first reads the earlier ones.
 */
export interface Backlog {
  readonly categories: readonly string[];
  /** Published up to here; undefined: nothing of it. */
  readonly position: Position | undefined;
  /** Where it ends: the checkpoint when these categories joined. What comes behind it is published as news. */
  readonly until: Position;
}

/** What a lease's row says was published: events of `categories` up to `position`, but for the backlog's. */
export interface PublishedSoFar {
  readonly position: Position | undefined;
  /** Undefined in a row without a checkpoint. */
  readonly categories: readonly string[] | undefined;
  readonly backlog: Backlog | undefined;
}

/**
 * The same, as a relay that publishes `mine` takes it over. Categories that it adds are a backlog; those that it lacks are
 * forgotten, so that they are a backlog of whoever adds them again, since the checkpoint will pass over their events.
 */
export function takeOver({ position, categories, backlog }: PublishedSoFar, mine: readonly string[]): PublishedSoFar {
  if (position === undefined) return { position, categories: mine, backlog: undefined };
  const added = mine.filter((category) => categories?.includes(category) === false);
  if (added.length > 0) {
    const owed = mine.filter((category) => backlog?.categories.includes(category));
    return {
      position,
      categories: mine,
      backlog: { categories: [...owed, ...added], position: undefined, until: position },
    };
  }
  const owed = backlog?.categories.filter((category) => mine.includes(category)) ?? [];
  return {
    position,
    categories: mine,
    backlog: backlog && owed.length > 0 ? { ...backlog, categories: owed } : undefined,
  };
}

/** Whether all of it is published. */
export const isTold = ({ position, until }: Backlog): boolean =>
  position !== undefined && position.commit >= until.commit;
