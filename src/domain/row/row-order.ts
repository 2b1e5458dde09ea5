import type { OrderKey } from "../../db/row-stretches.ts";
import { InputError, LimitError } from "../../graphql/errors.ts";
import { type ReadableColumns, requireReadable } from "../../access/readable-columns.ts";

/** One key of an order as a caller writes it; see the input type `RowOrder`. */
export interface RowOrderInput {
  readonly column: string;
  readonly direction: "ASC" | "DESC";
  readonly nulls?: "FIRST" | "LAST" | null | undefined;
}

/** How many columns an order may name. */
const MOST_KEYS = 8;

/**
 * Reads an order over columns that the caller may read. The id of the row comes last of itself.
 *
 * @throws {InputError} for a column that the caller may not read, as for one that does not exist.
 */
export function rowOrder(
  inputs: readonly RowOrderInput[] | null | undefined,
  columns: ReadableColumns,
): OrderKey[] {
  const keys = inputs ?? [];
  if (keys.length > MOST_KEYS) throw new LimitError(`An order names at most ${MOST_KEYS} columns.`);
  if (new Set(keys.map(({ column }) => column)).size < keys.length) {
    throw new InputError("An order names each column once.");
  }
  return keys.map(({ column: name, direction, nulls }) => {
    const column = requireReadable(columns, name);
    if (column.type === "JSON") throw new InputError(`The JSON column ${name} has no order.`);
    return { column, descending: direction === "DESC", nullsFirst: nulls === "FIRST" };
  });
}
