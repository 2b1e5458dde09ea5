import sql, { raw, type Sql } from "sql-template-tag";
import { type AccessPlan, columnsGiven, rowsOf, rowsSeen } from "../authz/access-plan.ts";
import { isEveryRow } from "../authz/predicate.ts";
import type { ColumnDefinition, DatasetDefinition } from "./dataset-definition.ts";
import { anySql, cellName, type ColumnsById, concat, NATIVE_TYPES } from "./predicate-sql.ts";

/** A dataset and the decision about it: all that SQL about its rows is made from. */
export interface PlannedDataset {
  readonly definition: DatasetDefinition;
  readonly plan: AccessPlan;
}

/**
 * The readable view: rows that the caller may not see are absent from it, and cells that it may not read
 * are NULL. Filter, order, group, aggregate, cursor, count and output read from it and from nothing
 * else, so that none of them can depend on what is hidden.
 *
 * @param sought The columns that the statement filters or orders by, where it shows others too: cells of
 *   `overflow` that are only shown are taken from it together, those that are sought as an index has them.
 *   Null: every cell is sought.
 */
export function readableView(
  { definition, plan }: PlannedDataset,
  sought: ReadonlySet<string> | null = null,
): Sql {
  const columns = columnsById(definition);
  const readable = readableColumns({ definition, plan });
  const isWhole = (column: ColumnDefinition) =>
    sought !== null && !isNative(column) && !sought.has(column.id);
  const cells = readable.map((column) => {
    const rows = rowsOf(plan, "READ", column.id);
    const cell = isWhole(column) ? wholeCell(column) : cellName(column);
    const held = rows.some(isEveryRow)
      ? cell
      : sql`CASE WHEN ${anySql(rows, columns)} THEN ${cell} END`;
    return sql`, ${held} AS ${cellName(column)}`;
  });
  return sql`
    (SELECT tenant_id, id, version, created_at, created_by, updated_at, updated_by${concat(cells)}
     FROM ${storageView(definition)} s${readable.some(isWhole) ? WHOLE : sql``}
     WHERE tenant_id = ${definition.tenantId}::uuid AND ${anySql(rowsSeen(plan), columns)})`;
}

/** Columns with a slot up to this one are native; the others live in `overflow`. See the migration. */
const NATIVE_SLOTS = 250;

/** Whether the cells of a column are a column of the dataset's table, not a part of `overflow`. */
export function isNative({ slot }: ColumnDefinition): boolean {
  return slot <= NATIVE_SLOTS;
}

/** The overflow of a row, fetched once for all the cells in it and not once for each. */
const WHOLE = sql` CROSS JOIN LATERAL (SELECT s.overflow || '{}' AS whole OFFSET 0) o`;

function wholeCell({ slot, type }: ColumnDefinition): Sql {
  const key = `'${slot}'`;
  return type === "JSON"
    ? raw(`(o.whole -> ${key})`)
    : raw(`((o.whole ->> ${key})::${NATIVE_TYPES[type]})`);
}

/** The columns that the caller may read in some row, in their order. */
export function readableColumns({ definition, plan }: PlannedDataset): ColumnDefinition[] {
  const readable = columnsGiven(plan, "READ");
  return definition.columns.filter(({ id }) => readable.has(id));
}

/** The one door to the rows of a dataset; see the migration that draws it. */
export function storageView({ id }: Pick<DatasetDefinition, "id">): Sql {
  return raw(`data.d_${id.replaceAll("-", "")}`);
}

/** The columns of a dataset by their ids. */
export function columnsById({ columns }: DatasetDefinition): ColumnsById {
  return new Map(columns.map((column) => [column.id, column]));
}
