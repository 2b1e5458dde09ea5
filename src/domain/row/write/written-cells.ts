import { fieldsGiven, isFieldKnown } from "../../../authz/access-plan.ts";
import { type CellParser, cellParser } from "../../../cell/cell-parser.ts";
import type { CellFault, CellValue } from "../../../cell/cell-value.ts";
import { listed } from "../../../cell/listed.ts";
import {
  type ColumnDefinition,
  type Field,
  fieldsOf,
  type LinkDefinition,
} from "../../../db/dataset-definition.ts";
import { rulesOf } from "../../../db/key-columns.ts";
import type { KnownDataset } from "../../../access/known-dataset.ts";
import { suggestionsAmong } from "../../../graphql/suggestions.ts";
import type { RowFault } from "./row-fault.ts";
import { parseLink, type WrittenLinks } from "./written-links.ts";

/** The cells that a row of a write sets, in canonical form. */
export type WrittenCells = Map<ColumnDefinition, CellValue>;

/** What one row of a write sets. */
export interface WrittenRow {
  readonly cells: WrittenCells;
  readonly links: WrittenLinks;
  /** The columns and links that it names with a fault. */
  readonly atFault: readonly Field[];
}

/** The columns and links that a row of a write sets. */
export function fieldsSet({ cells, links }: Omit<WrittenRow, "atFault">): Field[] {
  return [...cells.keys(), ...links.keys()];
}

/** The columns and links that some row of a write names, with a value or with a fault. */
export function fieldsNamed(rows: readonly WrittenRow[]): ReadonlySet<Field> {
  const named = new Set<Field>();
  for (const { cells, links, atFault } of rows) {
    for (const fields of [cells.keys(), links.keys(), atFault]) {
      for (const field of fields) named.add(field);
    }
  }
  return named;
}

/** A row of a write at its place in the call, from 0. */
export interface PlacedRow extends WrittenRow {
  readonly row: number;
}

/** Rows of a write, read against the columns and links of their dataset; pure. */
export interface WrittenRows {
  readonly rows: readonly PlacedRow[];
  readonly faults: readonly RowFault[];
}

/**
 * Reads the cells and links of rows: every one canonical, every fault at once. One that the caller does not
 * know is at fault like one that does not exist.
 */
export function writtenRows(
  dataset: KnownDataset,
  action: "CREATE" | "UPDATE",
  inputs: readonly unknown[],
): WrittenRows {
  const reading = {
    reasonOf: reasonsOnce(),
    named: namedIn(dataset),
    unknown: unknownField(dataset, action),
  };
  const faults: RowFault[] = [];
  const rows = inputs.map((input, row) => ({
    row,
    ...writtenRow(input, reading, faultsAt(row, faults)),
  }));
  return { rows, faults };
}

/** A column, and how its cells are read; or a link. */
type Named =
  | { readonly column: ColumnDefinition; readonly parse: CellParser }
  | { readonly link: LinkDefinition };

/** One parser for each column that the caller knows: patterns are compiled once a call. And its links. */
function namedIn({ definition, plan }: KnownDataset): ReadonlyMap<string, Named> {
  const isKnown = ({ id }: Field) => isFieldKnown(plan, id);
  const columns = definition.columns.filter(isKnown);
  const links = definition.links.filter(isKnown);
  return new Map<string, Named>([
    ...columns.map(
      (column) => [column.name, { column, parse: cellParser(rulesOf(column)) }] as const,
    ),
    ...links.map((link) => [link.name, { link }] as const),
  ]);
}

/** Of how many unknown names of a call more is said than that there are none. */
const MOST_EXPLAINED = 10;

/** What is said of a name that the caller does not know: at length once, since rows repeat it. */
function unknownField({ definition, plan }: KnownDataset, action: "CREATE" | "UPDATE") {
  const given = fieldsGiven(plan, action);
  const fixed = new Set<Field>(
    action === "CREATE" ? [] : definition.columns.filter(({ editable }) => !editable),
  );
  const settable = fieldsOf(definition)
    .filter((field) => given.has(field.id) && !fixed.has(field))
    .map(({ name }) => name);
  const what = definition.links.some(({ id }) => given.has(id)) ? "Columns and links" : "Columns";
  const suggest = suggestionsAmong(settable);
  const explained = new Set<string>();
  return (name: string): string => {
    if (explained.has(name) || explained.size >= MOST_EXPLAINED) return "No such column.";
    explained.add(name);
    const names = listed(settable) || "none";
    return `No such column.${suggest(name)} ${what} that you may set: ${names}.`;
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
  return (column, code, message) => void faults.push({ row, column, code, message });
}

interface Reading {
  readonly named: ReadonlyMap<string, Named>;
  /** What is said of a name that the caller does not know. */
  readonly unknown: (name: string) => string;
  /** What is said of a cell that is at fault. */
  readonly reasonOf: (column: ColumnDefinition, fault: CellFault) => string;
}

/** A row of a write that is being read. */
interface RowBeingRead extends WrittenRow {
  readonly atFault: Field[];
}

/** How many unknown names of one row are told. */
const MOST_UNKNOWN = 50;

function writtenRow(input: unknown, reading: Reading, report: Report): WrittenRow {
  const row: RowBeingRead = { cells: new Map(), links: new Map(), atFault: [] };
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    report(null, "WRONG_TYPE", "A row is an object of values by the names of columns and links.");
    return row;
  }
  let unknown = 0;
  for (const [name, value] of Object.entries(input)) {
    const field = reading.named.get(name);
    if (field) set(row, { field, value }, reading, report);
    else if ((unknown += 1) <= MOST_UNKNOWN) {
      report(name.slice(0, 63), "UNKNOWN_COLUMN", reading.unknown(name));
    }
  }
  const more = unknown - MOST_UNKNOWN;
  if (more > 0) report(null, "UNKNOWN_COLUMN", `${more} more names are no columns.`);
  return row;
}

/** Sets one cell or link of a row, or says what is wrong with it. */
function set(
  { cells, links, atFault }: RowBeingRead,
  { field, value }: { readonly field: Named; readonly value: unknown },
  reading: Reading,
  report: Report,
): void {
  if ("link" in field) {
    const { link } = field;
    const parsed = parseLink(link, value);
    if (parsed.ok) return void links.set(link, parsed.targets);
    atFault.push(link);
    return report(link.name, parsed.code, parsed.message);
  }
  const { column, parse } = field;
  const parsed = parse(value);
  if (parsed.ok) return void cells.set(column, parsed.value);
  atFault.push(column);
  return report(column.name, parsed.code, reading.reasonOf(column, parsed));
}
