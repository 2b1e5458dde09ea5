import sql, { join, raw, type Sql } from "sql-template-tag";
import type { ColumnDefinition } from "./dataset-definition.ts";
import { cellName } from "./predicate-sql.ts";
import { type PlannedDataset, readableColumns, readableView } from "./readable-view.ts";
import type { Transaction } from "./transaction.ts";

/** A column whose values are the options of another: those that the caller may read there. */
export interface OptionSource {
  readonly dataset: PlannedDataset;
  readonly columnId: string;
}

/** The most options of one column that are listed; those beyond them are offered all the same. */
const MOST_LISTED = 1_000;

/**
 * The options that each column offers, in order; one statement for all columns. Null for a column that the
 * caller may not read.
 *
 * @param most How many of one column.
 */
export async function offeredOptions(
  transaction: Transaction,
  sources: readonly OptionSource[],
  most: number = MOST_LISTED,
): Promise<(readonly string[] | null)[]> {
  const found = await valuesOf(transaction, sources, ({ dataset }, column, index) => {
    const cell = cellName(column);
    return sql`
      (SELECT ${index} AS source, ${cell}::text AS value
       FROM (SELECT DISTINCT ${cell} FROM ${readableView(dataset)} v WHERE ${cell} IS NOT NULL
             ORDER BY ${cell} LIMIT ${most}) d)`;
  });
  return sources.map((source, index) => (sourceColumn(source) ? (found.get(index) ?? []) : null));
}

/** Which of some values each column offers, listed or not; one statement for all columns. */
export async function offeredAmong(
  transaction: Transaction,
  sources: readonly (OptionSource & { readonly values: readonly string[] })[],
): Promise<ReadonlySet<string>[]> {
  const found = await valuesOf(transaction, sources, ({ dataset, values }, column, index) => {
    const cell = sql`v.${cellName(column)}::text`;
    return sql`
      SELECT DISTINCT ${index} AS source, ${cell} AS value
      FROM ${readableView(dataset)} v WHERE ${cell} = ANY (${values}::text[])`;
  });
  return sources.map((_source, index) => new Set(found.get(index)));
}

/** Asks all sources that the caller may read at once. @returns The values by the place of the source. */
async function valuesOf<Source extends OptionSource>(
  transaction: Transaction,
  sources: readonly Source[],
  statement: (source: Source, column: ColumnDefinition, index: Sql) => Sql,
): Promise<Map<number, string[]>> {
  const statements = sources.flatMap((source, index) => {
    const column = sourceColumn(source);
    return column ? [statement(source, column, raw(String(index)))] : [];
  });
  const values = new Map<number, string[]>();
  if (statements.length === 0) return values;
  const found = await transaction.query<{ source: number; value: string }>(
    join(statements, " UNION ALL "),
  );
  for (const { source, value } of found) {
    const known = values.get(source);
    if (known) known.push(value);
    else values.set(source, [value]);
  }
  return values;
}

function sourceColumn({ dataset, columnId }: OptionSource): ColumnDefinition | null {
  return readableColumns(dataset).find(({ id }) => id === columnId) ?? null;
}
