import sql, { join } from "sql-template-tag";
import type { ColumnDefinition } from "./dataset-definition.ts";
import { cellName } from "./predicate-sql.ts";
import { type PlannedDataset, readableView } from "./readable-view.ts";
import type { Transaction } from "./transaction.ts";

/**
 * Those of the columns that some row has no value in, as far as the caller reads them; one statement for
 * all of them.
 */
export async function columnsLacking(
  transaction: Transaction,
  dataset: PlannedDataset,
  columns: readonly ColumnDefinition[],
): Promise<ColumnDefinition[]> {
  if (columns.length === 0) return [];
  const lacking = columns.map(
    (column) =>
      sql`EXISTS (SELECT FROM ${readableView(dataset)} v WHERE ${cellName(column)} IS NULL)`,
  );
  const [found] = await transaction.query<{ lacking: boolean[] }>(
    sql`SELECT ARRAY[${join(lacking)}] AS lacking`,
  );
  return columns.filter((_column, place) => found?.lacking[place]);
}

/** Whether some row has a text in the column that is none of `options`. */
export async function hasOtherThan(
  transaction: Transaction,
  dataset: PlannedDataset,
  column: ColumnDefinition,
  options: readonly string[],
): Promise<boolean> {
  const found = await transaction.query(sql`
    SELECT FROM ${readableView(dataset)} v
    WHERE ${cellName(column)} <> ALL (${options}::text[]) LIMIT 1`);
  return found.length > 0;
}

/** Whether the caller sees any row. */
export async function hasRows(transaction: Transaction, dataset: PlannedDataset): Promise<boolean> {
  const found = await transaction.query(sql`SELECT FROM ${readableView(dataset)} v LIMIT 1`);
  return found.length > 0;
}
