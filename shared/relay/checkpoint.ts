import type { Position } from '../store/eventStore.ts';

/** How far the relay is: everything up to here is confirmed by the broker, or does not concern anybody. */
export interface Checkpoint {
  /**
   * Undefined before the first.
   *
   * @throws Fault table/unavailable, as `save`
   */
  load(): Promise<Position | undefined>;
  /** It never goes back: a position below the one that stands there is ignored. */
  save(position: Position): Promise<void>;
}
