/** What customers do: of each kind of order as many in twenty as stand here. */
export type Kind = 'one line' | 'three lines' | 'declined card' | 'sold out' | 'cancelled';

const inTwenty: readonly (readonly [kind: Kind, count: number])[] = [
  ['one line', 9],
  ['three lines', 5],
  ['declined card', 2],
  ['sold out', 2],
  ['cancelled', 2],
];

/** In an order in which no two of a kind need to come together: every seventh of the list in turn. */
const turns = inTwenty.flatMap(([kind, count]) => Array.from({ length: count }, () => kind));
export const kindOf = (n: number): Kind => turns[(n * 7) % turns.length] ?? 'one line';

export const skus = Array.from({ length: 10 }, (_, n) => `bench-${n}`);
/** The local gateway declines amounts that end in 13. */
export const unluckySku = 'bench-unlucky';
/** Nobody ever receives any. */
export const missingSku = 'bench-missing';

export const priceMinorOf = (sku: string): number => (sku === unluckySku ? 4_013 : 1_250);

/** What an order asks for. */
export function skusOf(kind: Kind, n: number): readonly string[] {
  const sku = (offset: number): string => skus[(n + offset) % skus.length] ?? '';
  switch (kind) {
    case 'declined card':
      return [unluckySku];
    case 'sold out':
      return [sku(0), missingSku];
    case 'three lines':
      return [sku(0), sku(3), sku(6)];
    default:
      return [sku(0)];
  }
}
