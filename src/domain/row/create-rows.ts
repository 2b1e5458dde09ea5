import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import { encodeId, newRowUuid } from "../../db/id.ts";
import { columnsOf, insertRows } from "../../db/row-writes.ts";
import type { Context } from "../../graphql/context.ts";
import type { KnownDataset } from "../../access/known-dataset.ts";
import { faultsOfStored } from "./stored-faults.ts";
import { sizeFaults } from "./row-size.ts";
import { requiredColumns, requireSettable, requireTelling, requireWhole } from "./write-rights.ts";
import {
  type OnFault,
  resultsOf,
  stampOf,
  withoutFaults,
  type WriteResult,
  writable,
} from "./write-result.ts";
import { type WrittenCells, type WrittenRows, writtenRows } from "./written-cells.ts";
import type { RowFault } from "./row-fault.ts";
import { judgeNewRows, refuseLacks } from "./row-rights.ts";

/**
 * Makes rows of a dataset: rights first, then every fault of every row, then one statement.
 *
 * @throws {ForbiddenError} for a column that the caller may not set or be told of, before any look-up.
 * @throws {RowFaultsError} when a row is at fault, unless faulty rows are to be skipped.
 */
export async function createRows(
  context: Context,
  dataset: KnownDataset,
  inputs: readonly unknown[],
  onFault: OnFault,
): Promise<WriteResult[]> {
  requireWhole(dataset, "CREATE");
  const written = writtenRows(dataset, "CREATE", inputs);
  requireSettable(dataset, "CREATE", written.columns);
  const missing = missingValues(dataset, written);
  const defaults = dataset.definition.columns.filter((column) => column.default !== null);
  const rows = written.rows.map((cells) => ({
    id: newRowUuid(dataset.definition.rowTag),
    cells: withDefaults(defaults, cells),
  }));
  requireTelling(dataset, columnsOf(rows));
  const own = [...written.faults, ...missing, ...sizeFaults(rows, new Map())];
  const lacks = judgeNewRows(
    dataset,
    withoutFaults(rows, own),
    (row) => written.rows[row]?.keys() ?? [],
  );
  const refused = refuseLacks(dataset, "CREATE", lacks, onFault);
  const stored = await faultsOfStored(context, dataset, rows, written.rows);
  const faults = [...own, ...refused, ...stored];
  const kept = writable(rows, faults, onFault);
  if (kept.length > 0) {
    await insertRows(context.transaction, dataset.definition, kept, stampOf(context));
  }
  return resultsOf(
    rows.map(({ id }) => encodeId("Row", id)),
    faults,
  );
}

/** Required columns that a row does not name. One that it names with a fault has that fault alone. */
function missingValues(dataset: KnownDataset, { rows, faults }: WrittenRows): RowFault[] {
  const required = requiredColumns(dataset);
  const faulty = new Set(faults.map(({ row, column }) => `${row} ${column}`));
  return rows.flatMap((cells, row) =>
    required
      .filter((column) => !cells.has(column) && !faulty.has(`${row} ${column.name}`))
      .map(({ name }) => ({
        row,
        column: name,
        code: "REQUIRED" as const,
        message: "A value is required.",
      })),
  );
}

/** Columns that a row does not set take their default; one that it sets to null stays null. */
function withDefaults(defaults: readonly ColumnDefinition[], cells: WrittenCells): WrittenCells {
  const unset = defaults.filter((column) => !cells.has(column));
  if (unset.length === 0) return cells;
  return new Map([...cells, ...unset.map((column) => [column, column.default] as const)]);
}
