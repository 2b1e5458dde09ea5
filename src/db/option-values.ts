import sql, { join, type Sql } from "sql-template-tag";
import { cellName } from "./predicate-sql.ts";
import { type PlannedDataset, readableColumns, readableView } from "./readable-view.ts";
import type { Transaction } from "./transaction.ts";

/** A column whose values are the options of another. */
export interface OptionSource {
  readonly dataset: PlannedDataset;
  readonly columnId: string;
}

/** The most values of a column that are offered. */
export const MOST_VALUES = 1_000;

/**
 * The distinct values that the caller may read in columns, by column id, each in order and at most
 * `MOST_VALUES`; one statement for all columns. A column that it may not read is absent.
 */
export async function optionValues(
  transaction: Transaction,
  sources: readonly OptionSource[],
): Promise<Map<string, string[]>> {
  const readable = sources.flatMap((source) => valuesSql(source));
  const values = new Map(readable.map(({ columnId }) => [columnId, [] as string[]]));
  if (readable.length === 0) return values;
  const found = await transaction.query<{ column_id: string; value: string }>(
    join(
      readable.map(({ statement }) => statement),
      " UNION ALL ",
    ),
  );
  for (const { column_id, value } of found) values.get(column_id)?.push(value);
  return values;
}

function valuesSql({ dataset, columnId }: OptionSource): { columnId: string; statement: Sql }[] {
  const column = readableColumns(dataset).find(({ id }) => id === columnId);
  if (!column) return [];
  const cell = cellName(column);
  const statement = sql`
    (SELECT ${columnId}::uuid AS column_id, ${cell}::text AS value
     FROM (SELECT DISTINCT ${cell} FROM ${readableView(dataset)} v WHERE ${cell} IS NOT NULL
           ORDER BY ${cell} LIMIT ${MOST_VALUES}) d)`;
  return [{ columnId, statement }];
}
