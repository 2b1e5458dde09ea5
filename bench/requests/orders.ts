import type { ColumnType } from "../../src/cell/column-type.ts";
import { range } from "../in-turn.ts";

/** A cell as an answer holds it. */
export type Cell = string | number | boolean | null;

/** One column of the measured table. */
export interface OrderColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly options?: readonly string[];
  /** Its cell in row number `i`, from 0. */
  readonly cell: (i: number) => Cell;
}

/** One row, by column name. */
export type Order = Readonly<Record<string, Cell>>;

const regions = ["north", "south", "east", "west", "centre", "isles", "coast", "hills"];
const statuses = ["new", "paid", "sent", "done", "void"];
const currencies = ["CHF", "EUR", "GBP", "JPY", "USD"];

/** One of a list; the factor keeps columns of the same width from running alike. */
const oneOf = (list: readonly string[], i: number, factor: number): string =>
  list[(i * factor) % list.length] ?? "";

const decimal = (cents: number): string => (cents / 100).toFixed(2);
const padded = (value: number, digits: number): string => String(value).padStart(digits, "0");
const sparse = (i: number, every: number, cell: Cell): Cell => (i % every === 0 ? null : cell);

const BEGIN = Date.UTC(2020, 0, 1);
const DAY = 86_400_000;

const moment = (milliseconds: number): string => new Date(BEGIN + milliseconds).toISOString();
const day = (number: number): string => moment(number * DAY).slice(0, 10);

/** An orders-like table: twenty columns of seven types, six of them with cells without a value. */
export const orderColumns: readonly OrderColumn[] = [
  { name: "number", type: "INTEGER", cell: (i) => 100_000 + i },
  { name: "reference", type: "TEXT", cell: (i) => `ORD-${padded((i * 7919) % 1_000_003, 7)}` },
  { name: "customer", type: "TEXT", cell: (i) => `customer ${padded((i * 17) % 50_000, 6)}` },
  { name: "region", type: "SELECT", options: regions, cell: (i) => oneOf(regions, i, 13) },
  { name: "status", type: "SELECT", options: statuses, cell: (i) => oneOf(statuses, i, 7) },
  { name: "quantity", type: "INTEGER", cell: (i) => 1 + (i % 20) },
  { name: "unit_price", type: "DECIMAL", cell: (i) => decimal((i * 31_337) % 99_991) },
  { name: "discount", type: "DECIMAL", cell: (i) => sparse(i, 3, decimal(i % 25)) },
  { name: "total", type: "DECIMAL", cell: (i) => decimal((i * 104_729) % 10_000_019) },
  { name: "currency", type: "SELECT", options: currencies, cell: (i) => oneOf(currencies, i, 3) },
  { name: "is_paid", type: "BOOLEAN", cell: (i) => i % 3 !== 0 },
  { name: "is_gift", type: "BOOLEAN", cell: (i) => sparse(i, 11, i % 17 === 0) },
  { name: "ordered_on", type: "DATE", cell: (i) => day(i % 2_000) },
  { name: "shipped_on", type: "DATE", cell: (i) => sparse(i, 5, day((i % 2_000) + 3)) },
  { name: "created_at", type: "DATETIME", cell: (i) => moment(i * 61_007) },
  { name: "paid_at", type: "DATETIME", cell: (i) => sparse(i, 4, moment(i * 61_007 + 9_999)) },
  { name: "carrier", type: "TEXT", cell: (i) => sparse(i, 6, `carrier ${i % 40}`) },
  { name: "points", type: "INTEGER", cell: (i) => (i * 3) % 10_007 },
  { name: "tax", type: "DECIMAL", cell: (i) => decimal((i * 7_001) % 20_011) },
  { name: "note", type: "TEXT", cell: (i) => sparse(i, 2, `Left at the door of number ${i}.`) },
];

/** What is left out of every answer. */
const UNASKED: ReadonlySet<string> = new Set(["reference", "is_gift", "paid_at", "tax", "note"]);

/** The fifteen columns that are asked for. */
export const askedColumns = orderColumns.filter(({ name }) => !UNASKED.has(name));
/** Their names, and those of the five that are not asked for. */
export const asked: readonly string[] = askedColumns.map(({ name }) => name);
export const unasked: readonly string[] = [...UNASKED];

/** The rows that are asked for, by the name of their region: every eighth. */
export const REGION = "north";

/** Row number `i`, from 0, with these columns. */
export function order(i: number, columns = orderColumns): Order {
  return Object.fromEntries(columns.map(({ name, cell }) => [name, cell(i)]));
}

/** The first rows of the region, with the columns that are asked for: what every subject answers. */
export function expected(first: number): readonly Order[] {
  return range(0, first - 1).map((place) => order(place * regions.length, askedColumns));
}

/** The most rows that can be asked for in a table of so many. */
export const rowsOfRegion = (rows: number): number => Math.ceil(rows / regions.length);

/** How many rows are written at a time. */
const CHUNK = 5_000;

/** The first `count` rows, a chunk at a time: the same on every machine. */
export function* chunksOfOrders(count: number, columns = orderColumns): Generator<Order[]> {
  for (let from = 0; from < count; from += CHUNK) {
    const to = Math.min(from + CHUNK, count) - 1;
    yield range(from, to).map((i) => order(i, columns));
  }
}
