import { isFieldKnown } from "../../../authz/access-plan.ts";
import type { ColumnDefinition } from "../../../db/dataset-definition.ts";
import { newRowUuid } from "../../../db/id.ts";
import type { KnownDataset } from "../../../access/known-dataset.ts";
import type { RowFault } from "./row-fault.ts";
import type { BecomingRow } from "../row-rights.ts";
import { sizeFaults } from "./row-size.ts";
import {
  cellsOfConditions,
  requiredColumns,
  requireSettable,
  requireTelling,
  requireWhole,
} from "./write-rights.ts";
import type { OnFault } from "./write-result.ts";
import { carryOut, judgeWrites, type Work } from "./write-rows.ts";
import { fieldsNamed, type PlacedRow, type WrittenCells, writtenRows } from "./written-cells.ts";

/**
 * Makes rows of a dataset: rights first, then every fault of every row, then one statement for
 * the rows and one for where they lead.
 *
 * @throws {ForbiddenError} for a column or link that the caller may not set or be told of, before any look-up;
 *   in the work, for a row on which it may not.
 * @throws {RowFaultsError} in the work, when a row is at fault, unless faulty rows are to be skipped.
 */
export function createRows(
  dataset: KnownDataset,
  inputs: readonly unknown[],
  onFault: OnFault,
): Work {
  requireWhole(dataset, "CREATE");
  const written = writtenRows(dataset, "CREATE", inputs);
  const { creations, faults } = newRows(dataset, written.rows);
  const count = inputs.length;
  const all = [...written.faults, ...faults];
  return async (context) => {
    const writes = { count, creations, changes: [], faults: all, onFault };
    return await carryOut(context, dataset, await judgeWrites(context, dataset, writes));
  };
}

/**
 * Rows of a call that are to be made, whole, and what they themselves tell of their faults.
 *
 * @throws {ForbiddenError} for a column or link that the caller may not set or be told of.
 */
export function newRows(
  dataset: KnownDataset,
  written: readonly PlacedRow[],
): { creations: BecomingRow[]; faults: RowFault[] } {
  requireWhole(dataset, "CREATE");
  const named = fieldsNamed(written);
  requireSettable(dataset, "CREATE", named);
  const required = requiredColumns(dataset);
  const unset = cellsOfUnset(dataset);
  const { rowTag } = dataset.definition;
  const creations = written.map((set) => ({
    row: set.row,
    id: newRowUuid(rowTag),
    cells: withUnset(unset, set.cells),
    links: set.links,
    set,
  }));
  requireTelling(dataset, new Set([...named, ...[...unset.keys()].filter(isUnsetIn(written))]));
  const missing = written.flatMap((row) => missingValues(required, row));
  return { creations, faults: [...missing, ...sizeFaultsOf(dataset, creations, unset)] };
}

function isUnsetIn(rows: readonly PlacedRow[]) {
  return (column: ColumnDefinition) => rows.some(({ cells }) => !cells.has(column));
}

/** Required columns that a row does not name. One that it names with a fault has that fault alone. */
function missingValues(
  required: readonly ColumnDefinition[],
  { row, cells, atFault }: PlacedRow,
): RowFault[] {
  return required
    .filter((column) => !cells.has(column) && !atFault.includes(column))
    .map(({ name }) => ({ row, column: name, code: "REQUIRED", message: "A value is required." }));
}

/**
 * The rows that hold too much, as far as the caller may know: how long what other columns are given is is not for it to
 * learn, as what a row keeps of them at an update is not.
 */
function sizeFaultsOf({ plan }: KnownDataset, rows: readonly BecomingRow[], unset: WrittenCells) {
  const told = new Map([...unset].filter(([{ id }]) => isFieldKnown(plan, id)));
  const asTold = rows.map((row) => ({ ...row, cells: withUnset(told, row.set.cells) }));
  return sizeFaults(asTold, new Map());
}

/** What columns are given that a row does not set: by the conditions of the caller's token, or else their default. */
function cellsOfUnset(dataset: KnownDataset): WrittenCells {
  const defaults = dataset.definition.columns.filter((column) => column.default !== null);
  const byDefault = defaults.map((column) => [column, column.default] as const);
  return new Map([...byDefault, ...cellsOfConditions(dataset)]);
}

/** The cells of a row with those that it does not set; one that it sets to null stays null. */
function withUnset(unset: WrittenCells, cells: WrittenCells): WrittenCells {
  const others = [...unset].filter(([column]) => !cells.has(column));
  return others.length === 0 ? cells : new Map([...cells, ...others]);
}
