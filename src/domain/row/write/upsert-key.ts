import { isFieldKnown } from "../../../authz/access-plan.ts";
import { listed } from "../../../cell/listed.ts";
import { shortestDecimal } from "../../../cell/decimal.ts";
import { keyColumns } from "../../../db/key-columns.ts";
import type { UniqueColumns } from "../../../db/row-writes.ts";
import type { KnownDataset } from "../../../access/known-dataset.ts";
import { requireKnown } from "../../../access/readable-columns.ts";
import { uniqueColumns } from "../../../access/write-needs.ts";
import { InputError } from "../../../graphql/errors.ts";
import type { RowFault } from "./row-fault.ts";
import type { PlacedRow, WrittenCells } from "./written-cells.ts";

/**
 * The columns by which an upsert finds its rows: the key columns of the dataset, or one that is unique.
 *
 * @param by The name of the unique column; null: the key columns.
 * @throws {InputError} where there are none, or not for the caller to know.
 */
export function upsertKey(dataset: KnownDataset, by: string | null): UniqueColumns {
  const { definition, plan } = dataset;
  if (by === null) {
    const key = keyColumns(definition.columns);
    if (key.length > 0 && key.every(({ id }) => isFieldKnown(plan, id))) return key;
    throw new InputError(
      "There are no key columns that you know all of. Name a unique column in `by`.",
    );
  }
  const column = requireKnown(dataset, by);
  const key = uniqueColumns(definition).find((each) => each.length === 1 && each[0] === column);
  if (!key) throw new InputError(`The column ${by} is not unique, so that no row is found by it.`);
  return key;
}

/** The rows of a call that can be looked for by their key, and what is wrong with the keys of the others. */
export function readKeys(
  key: UniqueColumns,
  rows: readonly PlacedRow[],
): { keyed: PlacedRow[]; faults: RowFault[] } {
  const faults = rows.flatMap((row) => missingIn(key, row));
  const whole = rows.filter(({ cells }) => key.every((column) => isSet(cells, column)));
  const groups = grouped(whole, ({ cells }) => textOfKey(key, cells));
  return {
    keyed: groups.flatMap((group) => (group.length === 1 ? group : [])),
    faults: [...faults, ...groups.flatMap((group) => repeatedIn(key, group))],
  };
}

function grouped<Item>(items: readonly Item[], textOf: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const text = textOf(item);
    const group = groups.get(text);
    if (group) group.push(item);
    else groups.set(text, [item]);
  }
  return [...groups.values()];
}

/** A cell of the key that was refused has a fault of its own. */
function missingIn(key: UniqueColumns, { row, cells, atFault }: PlacedRow): RowFault[] {
  return key
    .filter((column) => !isSet(cells, column) && !atFault.includes(column))
    .map(({ name }) => ({
      row,
      column: name,
      code: "REQUIRED",
      message: "A value is required, to find the row by.",
    }));
}

function isSet(cells: WrittenCells, column: UniqueColumns[number]): boolean {
  return (cells.get(column) ?? null) !== null;
}

/** The same text for the same key: `1.5` and `1.50` are one number. */
function textOfKey(key: UniqueColumns, cells: WrittenCells): string {
  return JSON.stringify(
    key.map((column) => {
      const value = cells.get(column);
      return column.type === "DECIMAL" && typeof value === "string"
        ? shortestDecimal(value)
        : value;
    }),
  );
}

/** Of rows with the same key each is at fault, since none of them is the one that is meant. */
function repeatedIn(key: UniqueColumns, rows: readonly PlacedRow[]): RowFault[] {
  if (rows.length < 2) return [];
  const column = key.map(({ name }) => name).join(", ");
  const places = listed(rows.map(({ row }) => String(row)));
  const message = `Rows of the call have the same key, by their places from 0: ${places}.`;
  return rows.map(({ row }) => ({ row, column, code: "REPEATED", message }));
}
