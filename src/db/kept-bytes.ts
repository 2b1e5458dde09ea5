import sql, { raw } from "sql-template-tag";
import type { ColumnType } from "../cell/column-type.ts";
import { cellName, concat } from "./predicate-sql.ts";
import { type PlannedDataset, readableColumns, readableView } from "./readable-view.ts";
import type { Cells } from "./incoming-rows.ts";
import type { Transaction } from "./transaction.ts";

/** The types whose cells are long enough to count. */
const LONG: ReadonlySet<ColumnType> = new Set(["TEXT", "SELECT", "JSON", "DECIMAL"]);

/**
 * How many bytes of text the cells of rows hold that a write leaves as they are, by the id of the row.
 *
 * Only cells that the caller may read are counted: what a row holds besides is not for it to learn.
 */
export async function keptBytes(
  transaction: Transaction,
  dataset: PlannedDataset,
  rows: readonly { readonly id: string; readonly cells: Cells }[],
): Promise<Map<string, number>> {
  const long = readableColumns(dataset).filter(({ type }) => LONG.has(type));
  const bytes = long.map((column) => {
    const cell = cellName(column);
    return sql` + CASE WHEN ${raw(String(column.slot))} = ANY (r.set) THEN 0
                       ELSE coalesce(octet_length(v.${cell}::text), 0) END`;
  });
  const writes = rows.map(({ id, cells }) => ({
    id,
    set: [...cells.keys()].map(({ slot }) => slot),
  }));
  const counted = await transaction.query<{ id: string; bytes: number }>(sql`
    SELECT v.id, 0${concat(bytes)} AS bytes
    FROM jsonb_to_recordset(${JSON.stringify(writes)}::jsonb) AS r (id uuid, set integer[])
    JOIN ${readableView(dataset)} v ON v.id = r.id`);
  return new Map(counted.map((row) => [row.id, row.bytes]));
}
