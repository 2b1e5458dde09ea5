/** Numbers that look drawn by chance and are the same for the same seed. */
export interface Random {
  /** From 0 to one less than `below`. */
  readonly below: (below: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <Item>(items: readonly Item[]) => Item;
  /** Each of the items with that probability, in their order. */
  readonly some: <Item>(items: readonly Item[], probability: number) => Item[];
}

/** Mulberry32, a generator of 32 bits. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (most: number) => Math.floor(next() * most);
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  return {
    below,
    pick,
    chance: (probability) => next() < probability,
    some: (items, probability) => items.filter(() => next() < probability),
  };
}
