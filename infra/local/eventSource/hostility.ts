import { createChance } from '../../../shared/testing/chance.ts';

/** How likely the event source does each of these to a batch, from 0 to 1. */
export interface Odds {
  /** Hands out only some of what is due, not the first ones; the others come later, and are overtaken. */
  readonly split: number;
  /** Hands out the batch in another order. */
  readonly shuffle: number;
  /** Of each message: hands it out twice in one batch. */
  readonly double: number;
  /** Of each message: hands it out once more in a later batch, after it has been acknowledged. */
  readonly repeat: number;
  /** Keeps the batch for up to `maxDelayMs` before it hands it out. */
  readonly delay: number;
  /** Ends the invocation in the midst of it, after up to `maxLifeMs`; then the whole batch comes again. */
  readonly kill: number;
  /** Takes an invocation that has succeeded for one that has not. */
  readonly forget: number;
  readonly maxDelayMs: number;
  readonly maxLifeMs: number;
}

export const defaultOdds: Odds = {
  split: 0.2,
  shuffle: 0.3,
  double: 0.05,
  repeat: 0.05,
  delay: 0.1,
  kill: 0.05,
  forget: 0.05,
  maxDelayMs: 50,
  maxLifeMs: 100,
};

/** What an event source does to its batches, and Lambda's may do as well: at least once, and nothing more is promised. */
export interface Hostility<Message> {
  /** Which of `waiting` are handed out, by their places; at most `take`, and at least one. */
  pick(waiting: number, take: number): readonly number[];
  /** What is handed out for them. */
  deliver(batch: readonly Message[]): readonly Message[];
  /** To be called once a batch has been acknowledged: some of it will come again. */
  remember(batch: readonly Message[]): void;
  readonly delayMs: () => number;
  /** After which the invocation is ended; undefined: it is not. */
  readonly lifeMs: () => number | undefined;
  /** Whether what has succeeded counts as failed. */
  readonly forgets: () => boolean;
}

/** An event source as it is promised: nothing of this happens. */
export const friendly = <Message>(): Hostility<Message> => ({
  pick: (_, take) => Array.from({ length: take }, (__, n) => n),
  deliver: (batch) => batch,
  remember: () => undefined,
  delayMs: () => 0,
  lifeMs: () => undefined,
  forgets: () => false,
});

/** Batches that were acknowledged and may come again; more would only be more of the same. */
const maxRemembered = 1_000;

/** @param seed the same one gives the same run, as far as the function and the broker do */
export function createHostility<Message>(seed: number, odds: Odds = defaultOdds): Hostility<Message> {
  const chance = createChance(seed);
  const again: Message[] = [];
  return {
    pick(waiting, take) {
      const all = Array.from({ length: waiting }, (_, n) => n);
      if (!chance.happens(odds.split)) return all.slice(0, take);
      const count = 1 + chance.below(take);
      return chance.shuffle(all).slice(0, count);
    },
    deliver(batch) {
      const doubled = batch.flatMap((message) => (chance.happens(odds.double) ? [message, message] : [message]));
      const old = again.splice(0, chance.below(1 + Math.min(again.length, batch.length)));
      const delivered = [...doubled, ...old];
      return chance.happens(odds.shuffle) ? chance.shuffle(delivered) : delivered;
    },
    remember(batch) {
      for (const message of batch) if (chance.happens(odds.repeat)) again.push(message);
      again.splice(0, again.length - maxRemembered);
    },
    delayMs: () => (chance.happens(odds.delay) ? chance.below(odds.maxDelayMs) : 0),
    lifeMs: () => (chance.happens(odds.kill) ? chance.below(odds.maxLifeMs) : undefined),
    forgets: () => chance.happens(odds.forget),
  };
}
