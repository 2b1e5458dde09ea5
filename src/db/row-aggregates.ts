import sql, { join, raw, type Sql } from "sql-template-tag";
import { columnsIn, EVERY_ROW, NO_ROW, type Operand, type Predicate } from "../authz/predicate.ts";
import { cellJson } from "./cell-json.ts";
import type { ColumnDefinition } from "./dataset-definition.ts";
import { cellName, concat, predicateSql } from "./predicate-sql.ts";
import { columnsById, computedView, type PlannedDataset } from "./readable-view.ts";
import { RowBytes } from "./row-bytes/row-bytes.ts";
import { MOST_ANSWER_BYTES, TooLargeError } from "./too-large-error.ts";
import type { Transaction } from "./transaction.ts";

/** What can be computed of the cells that a column has in a group of rows. */
export type Aggregate = "sum" | "avg" | "min" | "max";

/** The rows of a readable view that match a filter, in groups that agree in some columns; without any, one group. */
export interface Grouping {
  readonly dataset: PlannedDataset;
  readonly filter: Predicate;
  /** The cells of the readable view have an order in them: none is JSON. */
  readonly keys: readonly ColumnDefinition[];
}

/** One page of groups, in the order of their keys, and what to compute of each. */
export interface GroupsRequest extends Grouping {
  readonly aggregates: Readonly<Record<Aggregate, readonly ColumnDefinition[]>>;
  /** The keys of a group that the page begins after; null: from the first. */
  readonly after: readonly (Operand | null)[] | null;
  readonly limit: number;
}

/** Values by the name of the column that they are of, as the API shows them; of no JSON column. */
type ByColumn = Readonly<Record<string, string | number | boolean | null>>;

/** A group of rows: what they agree in, how many they are, and what was computed of them. */
export interface RowGroup extends Readonly<Record<"keys" | Aggregate, ByColumn>> {
  readonly count: number;
}

/** How many digits more than its values an average has after the point. */
export const AVERAGE_DIGITS = 6;

/**
 * Reads pages of groups of many datasets in one statement.
 *
 * Pages begin after the keys of a group, and so stay right while rows are written.
 *
 * @throws {TooLargeError} where they are longer than an answer may be.
 */
export async function rowGroups(
  transaction: Transaction,
  requests: readonly GroupsRequest[],
): Promise<RowGroup[][]> {
  const pages: RowGroup[][] = requests.map(() => []);
  const statement = join(
    requests.map((request, index) => sql`(${pageSql(request, index)})`),
    " UNION ALL ",
  );
  const row = new RowBytes();
  let left = MOST_ANSWER_BYTES;
  await transaction.readRows(statement, (bytes, offset) => {
    row.read(bytes, offset);
    left -= row.end - row.begin;
    if (left < 0) throw new TooLargeError();
    pages[Number(row.text(0))]?.push(JSON.parse(row.text(1) ?? "null") as RowGroup);
  });
  return pages;
}

/** Counts groups of many datasets in one statement. */
export async function groupCounts(
  transaction: Transaction,
  groupings: readonly Grouping[],
): Promise<number[]> {
  const counted = await transaction.query<{ request: number; count: string }>(
    join(
      groupings.map(
        (grouping, index) => sql`
          SELECT ${raw(String(index))} AS request, count(*)
          FROM (SELECT ${groupedSql(grouping, grouping.keys, EVERY_ROW)}) g`,
      ),
      " UNION ALL ",
    ),
  );
  const counts = new Map(counted.map(({ request, count }) => [request, Number(count)]));
  return groupings.map((_grouping, index) => counts.get(index) ?? 0);
}

function pageSql(request: GroupsRequest, index: number): Sql {
  const { keys, aggregates, after, limit } = request;
  const parts = [["keys", keys] as const, ...AGGREGATES.map((of) => [of, aggregates[of]] as const)];
  const computed = parts.flatMap(([part, columns]) =>
    columns.map((column) => sql`, ${COMPUTED[part](column)} AS ${nameOf(part, column)}`),
  );
  const shown = parts.map(([part, columns]) => sql`, '${raw(part)}', ${shownSql(part, columns)}`);
  const order = keys.length > 0 ? sql`ORDER BY ${join(keys.map(cellName))}` : sql``;
  const named = parts.flatMap(([_part, columns]) => columns);
  const later = after ? beyond(keys, after) : EVERY_ROW;
  return sql`
    SELECT ${raw(String(index))} AS page, json_build_object('count', count${concat(shown)})
    FROM (SELECT count(*)${concat(computed)} ${groupedSql(request, named, later)}
          ${order} LIMIT ${limit}) g`;
}

/**
 * The rows in their groups, of those that a condition on the keys holds on.
 *
 * Without keys there is one group, also of no rows, since HAVING makes it so.
 *
 * @param named The columns that the statement names, besides those of the conditions.
 */
function groupedSql(
  { dataset, filter, keys }: Grouping,
  named: readonly ColumnDefinition[],
  having: Predicate,
): Sql {
  const columns = columnsById(dataset.definition);
  const view = computedView(dataset, [...named.map(({ id }) => id), ...columnsIn(filter)]);
  const by = keys.length > 0 ? sql`GROUP BY ${join(keys.map(cellName))} ` : sql``;
  return sql`
    FROM ${view} v WHERE ${predicateSql(filter, columns)}
    ${by}HAVING ${predicateSql(having, columns)}`;
}

const AGGREGATES: readonly Aggregate[] = ["sum", "avg", "min", "max"];

/**
 * Where equal decimals are written with more digits and with fewer, as 1.5 and 1.50, each value of the group has
 * as many as the longest, so that it does not depend on the order in which rows are read.
 */
const COMPUTED: Readonly<Record<"keys" | Aggregate, (column: ColumnDefinition) => Sql>> = {
  keys: (column) => inLongest(column, cellName(column)),
  sum: (column) => sql`sum(${cellName(column)})`,
  avg: averageSql,
  min: (column) => inLongest(column, sql`min(${cellName(column)})`),
  max: (column) => inLongest(column, sql`max(${cellName(column)})`),
};

/**
 * Divided with so many digits that what is cut off there cannot tell in the rounding to fewer: a quotient by a
 * 64-bit count is either half-way between two results or further from it than that.
 */
function averageSql(column: ColumnDefinition): Sql {
  const cell = cellName(column);
  const digits = sql`${digitsSql(column)} + ${AVERAGE_DIGITS}::integer`;
  return sql`round(round(sum(${cell}), ${digits} + 20) / count(${cell}), ${digits})`;
}

function inLongest(column: ColumnDefinition, value: Sql): Sql {
  return column.type === "DECIMAL" ? sql`round(${value}, ${digitsSql(column)})` : value;
}

/** The most digits that a value of the group has after its point. */
function digitsSql(column: ColumnDefinition): Sql {
  return column.type === "DECIMAL" ? sql`max(scale(${cellName(column)}))` : sql`0`;
}

function nameOf(part: "keys" | Aggregate, { slot }: ColumnDefinition): Sql {
  return raw(`${part}_${slot}`);
}

/** Values of a group `g` as one JSON object, in the order of the columns. */
function shownSql(part: "keys" | Aggregate, columns: readonly ColumnDefinition[]): Sql {
  if (columns.length === 0) return sql`'{}'::json`;
  const values = columns.map((column) => {
    const value = sql`g.${nameOf(part, column)}`;
    const isNumber = part === "sum" || part === "avg";
    return sql`${isNumber ? sql`${value}::text` : cellJson(column, value)} AS ${raw(`"${column.name}"`)}`;
  });
  return sql`(SELECT row_to_json(shown) FROM (SELECT ${join(values)}) shown)`;
}

/** The groups that come after one in the order of their keys, in which NULL comes last. */
function beyond(
  [key, ...others]: readonly ColumnDefinition[],
  [cell = null, ...rest]: readonly (Operand | null)[],
): Predicate {
  if (!key) return NO_ROW;
  const columnId = key.id;
  const isNull = { kind: "isNull", columnId, is: true } as const;
  const further = beyond(others, rest);
  if (cell === null) return { kind: "all", of: [isNull, further] };
  const compared = (by: "gt" | "eq") => ({ kind: "compare", columnId, by, operand: cell }) as const;
  return {
    kind: "any",
    of: [compared("gt"), isNull, { kind: "all", of: [compared("eq"), further] }],
  };
}
