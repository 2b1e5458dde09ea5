import { fieldsGiven, isFieldKnown } from "../../authz/access-plan.ts";
import { type CellParser, cellParser } from "../../cell/cell-parser.ts";
import type { CellFault, CellValue } from "../../cell/cell-value.ts";
import { listed } from "../../cell/listed.ts";
import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import { rulesOf } from "../../db/key-columns.ts";
import type { KnownDataset } from "../../access/known-dataset.ts";
import { suggestionsAmong } from "../../graphql/suggestions.ts";
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
export function writtenRows(
  dataset: KnownDataset,
  action: "CREATE" | "UPDATE",
  inputs: readonly unknown[],
): WrittenRows {
  const reading = {
    reasonOf: reasonsOnce(),
    parsers: parsersOf(dataset),
    unknown: unknownColumn(dataset, action),
    columns: new Set<ColumnDefinition>(),
  };
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
  const known = definition.columns.filter(({ id }) => isFieldKnown(plan, id));
  return new Map(
    known.map((column) => [column.name, { column, parse: cellParser(rulesOf(column)) }]),
  );
}

/** Of how many unknown columns of a call more is said than that there are none. */
const MOST_EXPLAINED = 10;

/** What is said of a column that does not exist for the caller: at length once, since rows repeat it. */
function unknownColumn({ definition, plan }: KnownDataset, action: "CREATE" | "UPDATE") {
  const given = fieldsGiven(plan, action);
  const settable = definition.columns
    .filter(({ id, editable }) => given.has(id) && (editable || action === "CREATE"))
    .map(({ name }) => name);
  const suggest = suggestionsAmong(settable);
  const explained = new Set<string>();
  return (name: string): string => {
    if (explained.has(name) || explained.size >= MOST_EXPLAINED) return "No such column.";
    explained.add(name);
    const names = listed(settable) || "none";
    return `No such column.${suggest(name)} Columns that you may set: ${names}.`;
  };
}

/** What is said of a value that is no option of its column, where they have been listed. */
export const NOT_AN_OPTION = "Not one of the options.";

/** Says what is wrong with a cell: the options of a column once in a call, since rows would repeat them. */
function reasonsOnce() {
  const told = new Set<ColumnDefinition>();
  return (column: ColumnDefinition, { code, message }: CellFault): string => {
    if (code !== "NOT_AN_OPTION") return message;
    const isTold = told.has(column);
    told.add(column);
    return isTold ? NOT_AN_OPTION : message;
  };
}

type Report = (column: string | null, code: RowFault["code"], message: string) => void;

function faultsAt(row: number, faults: RowFault[]): Report {
  return (column, code, message) => faults.push({ row, column, code, message });
}

interface Reading {
  readonly parsers: Parsers;
  /** What is said of a column that does not exist for the caller. */
  readonly unknown: (name: string) => string;
  /** What is said of a cell that is at fault. */
  readonly reasonOf: (column: ColumnDefinition, fault: CellFault) => string;
  readonly columns: Set<ColumnDefinition>;
}

function writtenCells(input: unknown, reading: Reading, report: Report): WrittenCells {
  const { parsers, unknown, columns } = reading;
  const cells: WrittenCells = new Map();
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    report(null, "WRONG_TYPE", "A row is an object of values by column name.");
    return cells;
  }
  for (const [name, value] of Object.entries(input)) {
    const known = parsers.get(name);
    if (!known) {
      report(name.slice(0, 63), "UNKNOWN_COLUMN", unknown(name));
      continue;
    }
    columns.add(known.column);
    const parsed = known.parse(value);
    if (parsed.ok) cells.set(known.column, parsed.value);
    else report(name, parsed.code, reading.reasonOf(known.column, parsed));
  }
  return cells;
}
