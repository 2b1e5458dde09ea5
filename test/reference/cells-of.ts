import type { World } from "./model.ts";

/** How many cells a world has, each counted once for every caller: what a proof over it has looked at. */
export function cellsOf({ datasets, callers }: World): number {
  let cells = 0;
  for (const { rows, columns } of datasets) cells += rows.length * columns.length;
  return cells * callers.length;
}
