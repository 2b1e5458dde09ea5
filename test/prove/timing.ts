/** What was measured of each of several things, in milliseconds, by name. */
export type Samples = ReadonlyMap<string, readonly number[]>;

/** How far two medians may lie apart, as a part of the lower one. */
const MEDIANS = 0.05;
/** Within what the probability lies that a sample of one exceeds one of the other. */
const EXCEEDS = { from: 0.45, to: 0.55 } as const;

interface Compared {
  readonly one: string;
  readonly other: string;
  /** How far the medians lie apart, as a part of the lower one. */
  readonly apart: number;
  readonly exceeds: number;
}

/** Whether nobody can tell the things from each other by their times. */
export function alike(samples: Samples): boolean {
  return pairs(samples).every(
    ({ apart, exceeds }) => apart < MEDIANS && exceeds >= EXCEEDS.from && exceeds <= EXCEEDS.to,
  );
}

/** The medians, and each two things beside each other, in words. */
export function table(samples: Samples): string {
  const medians = [...samples].map(
    ([name, taken]) => `  ${name}: ${median(taken).toFixed(3)} ms, ${taken.length} samples`,
  );
  const compared = pairs(samples).map(
    ({ one, other, apart, exceeds }) =>
      `  ${one} / ${other}: medians ${(100 * apart).toFixed(1)} % apart, exceeds ${exceeds.toFixed(3)}`,
  );
  return [...medians, ...compared].join("\n");
}

function pairs(samples: Samples): Compared[] {
  const all = [...samples];
  return all.flatMap(([one, taken], index) =>
    all.slice(index + 1).map(([other, others]) => {
      const [low = 0, high = 0] = [median(taken), median(others)].toSorted((a, b) => a - b);
      return { one, other, apart: high / low - 1, exceeds: probability(taken, others) };
    }),
  );
}

function median(taken: readonly number[]): number {
  return taken.toSorted((a, b) => a - b)[Math.floor(taken.length / 2)] ?? Number.NaN;
}

/** The probability that a sample of one exceeds one of the other; of equal ones each does half. */
function probability(taken: readonly number[], others: readonly number[]): number {
  const sorted = others.toSorted((a, b) => a - b);
  const below = (value: number, isBelow: (other: number) => boolean) => {
    let [from, to] = [0, sorted.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (isBelow(sorted[middle] ?? value)) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  const wins = taken.reduce((sum, value) => {
    const less = below(value, (other) => other < value);
    const upTo = below(value, (other) => other <= value);
    return sum + (less + upTo) / 2;
  }, 0);
  return wins / (taken.length * others.length);
}
