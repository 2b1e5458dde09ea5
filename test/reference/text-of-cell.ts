import type { Cell } from "./model.ts";

/** A value that is compared, as text; JSON never is. */
export function textOfCell(cell: Cell): string {
  if (typeof cell === "object") throw new Error("JSON and NULL have no text to compare.");
  return String(cell);
}
