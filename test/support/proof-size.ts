/** How much the proofs that can be long look at, and from which seed they draw. */
export interface ProofSize {
  /** Cells, each counted once for every caller that is asked. */
  readonly cells: number;
  readonly seed: number;
  /** The part of its draws that a long proof makes. */
  readonly part: number;
}

declare module "vitest" {
  export interface ProvidedContext {
    proof: ProofSize;
  }
}

const CELLS = 100_000;

/** What proofs look at in the quick run, of what they do in the whole one. */
const QUICK_PART = 1 / 5;

/** As `PROVE_CELLS` and `PROVE_SEED` say, or else as the run is, from a seed by chance. */
export function proofSize(isQuick: boolean): ProofSize {
  const part = isQuick ? QUICK_PART : 1;
  const { PROVE_CELLS: cells, PROVE_SEED: seed } = process.env;
  return {
    cells: cells ? Number(cells) : CELLS * part,
    seed: seed ? Number(seed) : Math.floor(Math.random() * 2 ** 31),
    part,
  };
}
