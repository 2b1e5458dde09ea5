import { isColumnKnown } from "../../authz/access-plan.ts";
import { type CellParser, cellParser } from "../../cell/cell-parser.ts";
import type { CellValue } from "../../cell/cell-value.ts";
import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import { rulesOf } from "../../db/key-columns.ts";
import type { KnownDataset } from "../../graphql/known-dataset.ts";
import type { RowFault } from "./row-fault.ts";

/** The cells that a row of a write sets, in canonical form. */
export type WrittenCells = Map<ColumnDefinition, CellValue>;

/** Rows of a write, read against the columns of their dataset; pure. */
export interface WrittenRows {
  readonly rows: readonly WrittenCells[];
  readonly faults: readonly RowFault[];
  /** The columns that some row names, with a value or with a fault. */
  readonly columns: ReadonlySet<ColumnDefinition>;
}

/**
 * Reads the cells of rows: every one canonical, every fault at once. A column that the caller does not
 * know is at fault like one that does not exist.
 */
export function writtenRows(dataset: KnownDataset, inputs: readonly unknown[]): WrittenRows {
  const reading = { parsers: parsersOf(dataset), columns: new Set<ColumnDefinition>() };
  const faults: RowFault[] = [];
  const rows = inputs.map((input, row) => writtenCells(input, reading, faultsAt(row, faults)));
  return { rows, faults, columns: reading.columns };
}

type Parsers = ReadonlyMap<
  string,
  { readonly column: ColumnDefinition; readonly parse: CellParser }
>;

/** One parser for each column that the caller knows: patterns are compiled once a call. */
function parsersOf({ definition, plan }: KnownDataset): Parsers {
  const known = definition.columns.filter(({ id }) => isColumnKnown(plan, id));
  return new Map(
    known.map((column) => [column.name, { column, parse: cellParser(rulesOf(column)) }]),
  );
}

type Report = (column: string | null, code: RowFault["code"], message: string) => void;

function faultsAt(row: number, faults: RowFault[]): Report {
  return (column, code, message) => faults.push({ row, column, code, message });
}

interface Reading {
  readonly parsers: Parsers;
  readonly columns: Set<ColumnDefinition>;
}

function writtenCells(input: unknown, { parsers, columns }: Reading, report: Report): WrittenCells {
  const cells: WrittenCells = new Map();
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    report(null, "WRONG_TYPE", "A row is an object of values by column name.");
    return cells;
  }
  for (const [name, value] of Object.entries(input)) {
    const known = parsers.get(name);
    if (!known) {
      report(name.slice(0, 63), "UNKNOWN_COLUMN", "No such column.");
      continue;
    }
    columns.add(known.column);
    const parsed = known.parse(value);
    if (parsed.ok) cells.set(known.column, parsed.value);
    else report(name, parsed.code, parsed.message);
  }
  return cells;
}
