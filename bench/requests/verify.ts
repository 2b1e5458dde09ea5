import type { Endpoint } from "./endpoints.ts";
import { exchange } from "./exchange.ts";
import { askedColumns, type Cell, type Order, type OrderColumn } from "./orders.ts";

/**
 * Asks once, and holds the answer byte for byte against what was written, once both are in normal form.
 *
 * @returns How many bytes the answer has.
 * @throws {Error} naming the first cell that is another, or the column that should not be there.
 */
export async function verify(
  { title, request, rowsOf }: Omit<Endpoint, "name">,
  rows: readonly Order[],
  columns = askedColumns,
): Promise<number> {
  const { body } = await exchange(request(rows.length));
  const answered = rowsOf(body.toString()).map((row) => normalForm(row, columns));
  if (JSON.stringify(answered) !== JSON.stringify(rows)) {
    throw new Error(`${title}: ${difference(answered, rows)}`);
  }
  return body.byteLength;
}

/** A row as it would be written down: its columns in order, each cell as its type is spelt. */
export function normalForm(row: Order, columns: readonly OrderColumn[]): Order {
  const known = new Set(columns.map(({ name }) => name));
  const cells = columns.flatMap(({ name, type }) => {
    const cell = row[name];
    return cell === undefined ? [] : [[name, normalCell(type, cell)] as const];
  });
  return Object.fromEntries([
    ...cells,
    ...Object.entries(row).filter(([name]) => !known.has(name)),
  ]);
}

/** Peers answer decimals as numbers, a whole number that is the key as text, and moments in other spellings. */
function normalCell(type: OrderColumn["type"], cell: Cell): Cell {
  if (type === "DECIMAL" && typeof cell === "number") return cell.toFixed(2);
  if (type === "INTEGER" && typeof cell === "string") return Number(cell);
  if (type === "DATE" && typeof cell === "string") return cell.replace(/T00:00:00(\.000)?Z?$/, "");
  if (type === "DATETIME" && typeof cell === "string") return new Date(cell).toISOString();
  return cell;
}

function difference(rows: readonly Order[], right: readonly Order[]): string {
  if (rows.length !== right.length) return `answers ${rows.length} rows, not ${right.length}.`;
  const place = rows.findIndex((row, at) => JSON.stringify(row) !== JSON.stringify(right[at]));
  const [row = {}, expected = {}] = [rows[place], right[place]];
  const names = new Set([...Object.keys(expected), ...Object.keys(row)]);
  const name = [...names].find((each) => row[each] !== expected[each]) ?? "";
  return `in row ${place + 1} of ${rows.length}, ${name} is ${shown(row[name])}, and not ${shown(expected[name])}.`;
}

const shown = (cell: Cell | undefined): string => JSON.stringify(cell) ?? "absent";
