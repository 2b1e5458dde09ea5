import sql, { join, raw } from "sql-template-tag";
import { cellName } from "./predicate-sql.ts";
import { type PlannedDataset, readableColumns, readableView } from "./readable-view.ts";
import type { Transaction } from "./transaction.ts";

/** Values to look for among those that the caller may read in a column. */
export interface OptionsRequest {
  readonly dataset: PlannedDataset;
  readonly columnId: string;
  readonly values: readonly string[];
}

/** Which of the values the caller may read in each column; one statement for all columns. */
export async function offered(
  transaction: Transaction,
  requests: readonly OptionsRequest[],
): Promise<ReadonlySet<string>[]> {
  const readable = requests.flatMap(({ dataset, columnId, values }, index) => {
    const column = readableColumns(dataset).find(({ id }) => id === columnId);
    if (!column) return [];
    const cell = cellName(column);
    return sql`
      SELECT DISTINCT ${raw(String(index))} AS request, v.${cell}::text AS value
      FROM ${readableView(dataset)} v WHERE v.${cell}::text = ANY (${values}::text[])`;
  });
  const found =
    readable.length === 0
      ? []
      : await transaction.query<{ request: number; value: string }>(join(readable, " UNION ALL "));
  return requests.map(
    (_request, index) =>
      new Set(found.flatMap(({ request, value }) => (request === index ? [value] : []))),
  );
}
