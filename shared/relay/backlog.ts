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
  /** Where the checkpoint stood when all of it was published; it is kept for who sets the checkpoint back. */
  readonly toldAt?: Position;
}

/** What a lease's row says was published: events of `categories` up to `position`, but for what is left of the backlog. */
export interface PublishedSoFar {
  readonly position: Position | undefined;
  /** Undefined in a row without a checkpoint, and in one of a release that did not say. */
  readonly categories: readonly string[] | undefined;
  readonly backlog: Backlog | undefined;
}

/** What was published while rows did not name it. */
const unnamed: readonly string[] = ['order', 'payment', 'shipment', 'fulfilment', 'stock'];

/**
 * The same, as a relay that publishes `mine` takes it over. Categories that it adds are a backlog; those that it lacks are
 * forgotten, so that they are a backlog of whoever adds them again, since the checkpoint will pass over their events.
 */
export function takeOver(
  { position, categories = unnamed, backlog }: PublishedSoFar,
  mine: readonly string[],
): PublishedSoFar {
  if (position === undefined) return { position, categories: mine, backlog: undefined };
  const added = mine.filter((category) => !categories.includes(category));
  if (added.length > 0) {
    const owed = mine.filter((category) => backlog && !isTold(backlog) && backlog.categories.includes(category));
    return {
      position,
      categories: mine,
      backlog: { categories: [...owed, ...added], position: undefined, until: position },
    };
  }
  const kept = backlog?.categories.filter((category) => mine.includes(category)) ?? [];
  return {
    position,
    categories: mine,
    backlog: backlog && kept.length > 0 ? { ...backlog, categories: kept } : undefined,
  };
}

/**
 * The same, with the checkpoint set back. What the broker was told of a backlog since then it may have lost as well, and of the
 * backlog nobody knows when: it begins anew, unless all of it was told before.
 */
export function setBack({ categories, backlog }: PublishedSoFar, to: Position | 'start'): PublishedSoFar {
  if (to === 'start') return { position: undefined, categories, backlog: undefined };
  // Where the checkpoint stood for hours, it stood there before and after.
  const isKept = backlog?.toldAt !== undefined && to.commit > backlog.toldAt.commit;
  if (!backlog || isKept) return { position: to, categories, backlog };
  return {
    position: to,
    categories,
    backlog: { categories: backlog.categories, position: undefined, until: backlog.until },
  };
}

/** What is left of it to be published, if anything is. */
export const leftOf = ({ backlog }: PublishedSoFar): Backlog | undefined =>
  backlog && isTold(backlog) ? undefined : backlog;

/** Whether all of it is published. */
export const isTold = ({ position, until }: Pick<Backlog, 'position' | 'until'>): boolean =>
  position !== undefined && position.commit >= until.commit;
