/**
 * `HOSTILE_SEED`: a whole number, or `random` for one of its own; undefined where none is asked for.
 *
 * @throws in one line where it is neither
 */
export function readHostileSeed(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const seed = text === 'random' ? Math.floor(Math.random() * 1_000_000) : Number(text);
  if (!Number.isSafeInteger(seed)) throw new Error(`HOSTILE_SEED is "${text}", expected a whole number or "random"`);
  return seed;
}
