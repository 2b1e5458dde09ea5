import sql, { join, raw, type Sql } from "sql-template-tag";
import { type AccessPlan, columnsGiven, rowsOf, rowsSeen } from "../authz/access-plan.ts";
import { isEveryRow } from "../authz/predicate.ts";
import type { ColumnDefinition, DatasetDefinition } from "./dataset-definition.ts";
import { anySql, cellName, type ColumnsById } from "./predicate-sql.ts";

/** A dataset and the decision about it: all that SQL about its rows is made from. */
export interface PlannedDataset {
  readonly definition: DatasetDefinition;
  readonly plan: AccessPlan;
}

/**
 * The readable view: rows that the caller may not see are absent from it, and cells that it may not read
 * are NULL. Filter, order, group, aggregate, cursor, count and output read from it and from nothing
 * else, so that none of them can depend on what is hidden.
 */
export function readableView({ definition, plan }: PlannedDataset): Sql {
  const columns = columnsById(definition);
  const cells = readableColumns({ definition, plan }).map((column) => {
    const rows = rowsOf(plan, "READ", column.id);
    const cell = cellName(column);
    return rows.some(isEveryRow)
      ? sql`, ${cell}`
      : sql`, CASE WHEN ${anySql(rows, columns)} THEN ${cell} END AS ${cell}`;
  });
  return sql`
    (SELECT tenant_id, id, version, created_at, created_by, updated_at, updated_by${
      cells.length > 0 ? join(cells, "") : sql``
    }
     FROM ${storageView(definition)}
     WHERE tenant_id = ${definition.tenantId}::uuid AND ${anySql(rowsSeen(plan), columns)})`;
}

/** The columns that the caller may read in some row, in their order. */
export function readableColumns({ definition, plan }: PlannedDataset): ColumnDefinition[] {
  const readable = columnsGiven(plan, "READ");
  return definition.columns.filter(({ id }) => readable.has(id));
}

/** The one door to the rows of a dataset; see the migration that draws it. */
export function storageView({ id }: DatasetDefinition): Sql {
  return raw(`data.d_${id.replaceAll("-", "")}`);
}

/** The columns of a dataset by their ids. */
export function columnsById({ columns }: DatasetDefinition): ColumnsById {
  return new Map(columns.map((column) => [column.id, column]));
}
