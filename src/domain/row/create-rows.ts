import { isFieldKnown } from "../../authz/access-plan.ts";
import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import { encodeId, newRowUuid } from "../../db/id.ts";
import { insertLinks } from "../../db/row-links.ts";
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
import { fieldsSet, type WrittenRow, type WrittenRows, writtenRows } from "./written-cells.ts";
import { linkCells } from "./written-links.ts";
import type { RowFault } from "./row-fault.ts";
import { judgeNewRows, refuseLacks } from "./row-rights.ts";

/**
 * Makes rows of a dataset: rights first, then every fault of every row, then one statement for
 * the rows and one for where they lead.
 *
 * @throws {ForbiddenError} for a column or link that the caller may not set or be told of, before any look-up.
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
  requireSettable(dataset, "CREATE", written);
  const missing = missingValues(dataset, written);
  const defaults = dataset.definition.columns.filter((column) => column.default !== null);
  const rows = withDefaults(
    defaults,
    written.rows.map((set) => ({ id: newRowUuid(dataset.definition.rowTag), ...set })),
  );
  requireTelling(dataset, columnsOf(rows));
  const own = [...written.faults, ...missing, ...sizeFaultsOf(dataset, rows, written.rows)];
  const lacks = judgeNewRows(dataset, withoutFaults(rows, own), (row) => {
    const set = written.rows[row];
    return set ? fieldsSet(set) : [];
  });
  const refused = refuseLacks(dataset, "CREATE", lacks, onFault);
  const stored = await faultsOfStored(context, dataset, rows, written.rows);
  const faults = [...own, ...refused, ...stored];
  const kept = writable(rows, faults, onFault);
  if (kept.length > 0) {
    await insertRows(context.transaction, dataset.definition, kept, stampOf(context));
    await insertLinks(context.transaction, dataset.definition, linkCells(kept));
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
  return rows.flatMap(({ cells }, row) =>
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

/**
 * The rows that hold too much, as far as the caller may know: how long the defaults of other columns are is not
 * for it to learn, as what a row keeps of them at an update is not.
 */
function sizeFaultsOf(
  dataset: KnownDataset,
  rows: readonly NewRow[],
  written: readonly WrittenRow[],
): RowFault[] {
  const isTold = (column: ColumnDefinition) => isFieldKnown(dataset.plan, column.id);
  const told = dataset.definition.columns.filter(
    (column) => column.default !== null && isTold(column),
  );
  const asTold = rows.map((row, place) => ({ ...row, cells: written[place]?.cells ?? new Map() }));
  return sizeFaults(withDefaults(told, asTold), new Map());
}

interface NewRow extends WrittenRow {
  readonly id: string;
}

/** Columns that a row does not set take their default; one that it sets to null stays null. */
function withDefaults(defaults: readonly ColumnDefinition[], rows: readonly NewRow[]): NewRow[] {
  return rows.map((row) => {
    const unset = defaults.filter((column) => !row.cells.has(column));
    if (unset.length === 0) return row;
    const set = unset.map((column) => [column, column.default] as const);
    return { ...row, cells: new Map([...row.cells, ...set]) };
  });
}
