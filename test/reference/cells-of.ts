import type { World } from "./model.ts";
import { placesOf } from "./rights.ts";

/** How many cells of columns and links a world has, each counted once for every caller: what a proof over it has looked at. */
export function cellsOf({ datasets, callers }: World): number {
  let cells = 0;
  for (const dataset of datasets) cells += dataset.rows.length * placesOf(dataset).length;
  return cells * callers.length;
}
