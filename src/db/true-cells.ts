import sql, { join, raw } from "sql-template-tag";
import type { RowInHand } from "../authz/evaluate.ts";
import type { Operand } from "../authz/predicate.ts";
import { cellJson } from "./cell-json.ts";
import type { ColumnDefinition, DatasetDefinition } from "./dataset-definition.ts";
import { cellName } from "./predicate-sql.ts";
import { storageView } from "./readable-view.ts";
import type { Transaction } from "./transaction.ts";

/**
 * Cells of rows as they are, whether or not the caller may read them: what its rights to write are judged
 * by, and nothing that it is shown. Of JSON it is told whether there is a value.
 *
 * @returns The cells of each row by its id.
 */
export async function trueCells(
  transaction: Transaction,
  definition: DatasetDefinition,
  columns: readonly ColumnDefinition[],
  ids: readonly string[],
): Promise<Map<string, RowInHand>> {
  if (ids.length === 0) return new Map();
  const cells = columns.map((column) => {
    const cell = cellName(column);
    return column.type === "JSON"
      ? sql`CASE WHEN ${cell} IS NOT NULL THEN true END`
      : cellJson(column, cell);
  });
  const rows = await transaction.query<{ id: string; cells: (Operand | number | null)[] }>(sql`
    SELECT id, ${cells.length > 0 ? sql`json_build_array(${join(cells)})` : raw("'[]'::json")} AS cells
    FROM ${storageView(definition)}
    WHERE tenant_id = ${definition.tenantId}::uuid AND id = ANY (${ids}::uuid[])`);
  return new Map(rows.map((row) => [row.id, inHand(columns, row.cells)]));
}

function inHand(
  columns: readonly ColumnDefinition[],
  cells: readonly (Operand | number | null)[],
): RowInHand {
  return new Map(
    columns.map(({ id }, place) => {
      const cell = cells[place] ?? null;
      return [id, typeof cell === "number" ? String(cell) : cell];
    }),
  );
}
