import { compareCells, fractionPlaces, times10To } from "./compare-cells.ts";
import { matchingRows, type Unlisted, unlisted, type ViewRow } from "./list-rows.ts";
import type { Cell, Column, ColumnType, Filter, Scene } from "./model.ts";
import { textOfCell } from "./text-of-cell.ts";
import { columnsNamed } from "./truth-of-filter.ts";

/** What is computed of a group. */
export const AGGREGATES = ["sum", "avg", "min", "max"] as const;

type ByColumn = Readonly<Record<string, Cell>>;

/** What is asked of `Dataset.aggregate`: names of columns to group by, and to compute. */
export interface Aggregation extends Readonly<
  Record<(typeof AGGREGATES)[number] | "groupBy", readonly string[]>
> {
  readonly filter: Filter;
}

/** All rows, counted. */
export const COUNTING: Aggregation = {
  filter: { and: [] },
  groupBy: [],
  sum: [],
  avg: [],
  min: [],
  max: [],
};

/** A group of rows, as `RowGroup` has it. */
export interface Group extends Readonly<Record<(typeof AGGREGATES)[number] | "keys", ByColumn>> {
  readonly count: number;
}

/** What comes back: the groups in their order, no dataset, or an error. */
export type Grouped =
  | { readonly is: "GROUPS"; readonly groups: readonly Group[]; readonly totalCount: number }
  | Unlisted;

/** The types of the columns that each argument takes. */
const TAKES: Readonly<Record<keyof Omit<Aggregation, "filter">, readonly ColumnType[]>> = {
  groupBy: ["TEXT", "INTEGER", "DECIMAL", "BOOLEAN", "DATE", "DATETIME", "SELECT"],
  sum: ["INTEGER", "DECIMAL"],
  avg: ["INTEGER", "DECIMAL"],
  min: ["TEXT", "INTEGER", "DECIMAL", "DATE", "DATETIME", "SELECT"],
  max: ["TEXT", "INTEGER", "DECIMAL", "DATE", "DATETIME", "SELECT"],
};

/** The groups of a dataset that a caller gets: made of the rows of its readable view and of nothing else. */
export function groupRows(scene: Scene, asked: Aggregation): Grouped {
  const { filter, ...names } = asked;
  const refused = unlisted(scene, [...columnsNamed(filter), ...Object.values(names).flat()]);
  if (refused) return refused;
  const isFit = (["groupBy", ...AGGREGATES] as const).every((argument) =>
    columnsOf(scene, names[argument]).every(({ type }) => TAKES[argument].includes(type)),
  );
  if (!isFit) return { is: "ERROR", code: "BAD_USER_INPUT" };
  const keys = columnsOf(scene, names.groupBy);
  const groups = grouped(matchingRows(scene, filter), keys).map((rows) =>
    groupOf(scene, asked, rows),
  );
  return { is: "GROUPS", groups, totalCount: groups.length };
}

function columnsOf({ dataset }: Scene, names: readonly string[]): Column[] {
  return names.flatMap((name) => dataset.columns.filter((column) => column.name === name));
}

/** Rows that agree in every key stand together; where there is no key all do, even if they are none. */
function grouped(rows: readonly ViewRow[], keys: readonly Column[]): ViewRow[][] {
  const groups: ViewRow[][] = keys.length === 0 ? [[]] : [];
  for (const row of rows) {
    const theirs = groups.find(([other]) => !other || compareRows(keys, row, other) === 0);
    if (theirs) theirs.push(row);
    else groups.push([row]);
  }
  return groups.toSorted(([a], [b]) => (a && b ? compareRows(keys, a, b) : 0));
}

/** By one key after the other; no value comes last, and agrees with no value. */
function compareRows(keys: readonly Column[], a: ViewRow, b: ViewRow): number {
  for (const { name, type } of keys) {
    const [one, other] = [a.cells[name] ?? null, b.cells[name] ?? null];
    if (one === null && other === null) continue;
    if (one === null) return 1;
    if (other === null) return -1;
    const found = compareCells(type, one, other);
    if (found !== 0) return found;
  }
  return 0;
}

function groupOf(scene: Scene, asked: Aggregation, rows: readonly ViewRow[]): Group {
  const each = (names: readonly string[], compute: (column: Column, values: Values) => Cell) =>
    Object.fromEntries(
      columnsOf(scene, names).map((column) => [
        column.name,
        compute(column, valuesIn(rows, column)),
      ]),
    );
  return {
    keys: each(asked.groupBy, (column, values) => lastBy(column, values, 1)),
    count: rows.length,
    sum: each(asked.sum, (_column, values) => sumOf(values)),
    avg: each(asked.avg, (_column, values) => meanOf(values)),
    min: each(asked.min, (column, values) => lastBy(column, values, -1)),
    max: each(asked.max, (column, values) => lastBy(column, values, 1)),
  };
}

type Values = readonly Cell[];

function valuesIn(rows: readonly ViewRow[], { name }: Column): Values {
  return rows.map(({ cells }) => cells[name] ?? null).filter((cell) => cell !== null);
}

/** The largest, or the smallest; a decimal has as many digits as the longest of the group. */
function lastBy({ type }: Column, values: Values, sign: number): Cell {
  const [last = null] = values.toSorted((a, b) => -sign * compareCells(type, a, b));
  if (last === null || type !== "DECIMAL") return last;
  const places = placesOf(values);
  return decimal(times10To(textOfCell(last), places), places);
}

function sumOf(values: Values): Cell {
  if (values.length === 0) return null;
  const places = placesOf(values);
  return decimal(totalOf(values, places), places);
}

/** With six digits more than the values have; a half goes away from zero. */
function meanOf(values: Values): Cell {
  if (values.length === 0) return null;
  const places = placesOf(values) + 6;
  const total = totalOf(values, places);
  const [size, count] = [total < 0n ? -total : total, BigInt(values.length)];
  const rounded = (2n * size + count) / (2n * count);
  return decimal(total < 0n ? -rounded : rounded, places);
}

function totalOf(values: Values, places: number): bigint {
  return values.reduce((total, value) => total + times10To(textOfCell(value), places), 0n);
}

function placesOf(values: Values): number {
  return Math.max(0, ...values.map((value) => fractionPlaces(textOfCell(value))));
}

/** The text of a whole number divided by a power of ten. */
function decimal(digits: bigint, places: number): string {
  const size = String(digits < 0n ? -digits : digits).padStart(places + 1, "0");
  const whole = size.slice(0, size.length - places);
  const text = places === 0 ? whole : `${whole}.${size.slice(-places)}`;
  return digits < 0n ? `-${text}` : text;
}
