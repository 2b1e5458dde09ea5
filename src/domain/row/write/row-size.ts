import { cellBytes, ROW_BYTES } from "../../../cell/cell-value.ts";
import type { RowFault } from "./row-fault.ts";
import type { WrittenCells } from "./written-cells.ts";

/**
 * The rows of a write that would hold more than a row may.
 *
 * @param kept The bytes that stay in a row beside those that are written, by its id.
 */
export function sizeFaults(
  rows: readonly { readonly row: number; readonly id: string; readonly cells: WrittenCells }[],
  kept: ReadonlyMap<string, number>,
): RowFault[] {
  return rows.flatMap(({ row, id, cells }) => {
    const written = [...cells.values()].reduce<number>((sum, value) => sum + cellBytes(value), 0);
    if (written + (kept.get(id) ?? 0) <= ROW_BYTES) return [];
    const message = `A row holds at most ${ROW_BYTES} bytes.`;
    return [{ row, column: null, code: "TOO_LARGE" as const, message }];
  });
}
