/** How much the proofs that can be long look at, and from which seed they draw. */
export interface ProofSize {
  /** Cells, each counted once for every caller that is asked. */
  readonly cells: number;
  readonly seed: number;
}

declare module "vitest" {
  export interface ProvidedContext {
    proof: ProofSize;
  }
}

/** The quick run, from a seed by chance. */
const CELLS = 100_000;

/** As `PROVE_CELLS` and `PROVE_SEED` say, or else the quick run. */
export function proofSize(): ProofSize {
  const { PROVE_CELLS: cells, PROVE_SEED: seed } = process.env;
  return {
    cells: cells ? Number(cells) : CELLS,
    seed: seed ? Number(seed) : Math.floor(Math.random() * 2 ** 31),
  };
}
