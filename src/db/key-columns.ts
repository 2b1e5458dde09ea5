import type { ColumnRules } from "../cell/column-type.ts";
import type { ColumnDefinition, NewColumn } from "./dataset-definition.ts";

/** The key columns in their order. */
export function keyColumns(columns: readonly ColumnDefinition[]): ColumnDefinition[] {
  return columns
    .filter(({ keyPosition }) => keyPosition !== null)
    .toSorted((a, b) => (a.keyPosition ?? 0) - (b.keyPosition ?? 0));
}

/** What a cell of a column must satisfy: key columns are indexed, though not each by itself. */
export function rulesOf(column: ColumnDefinition): ColumnRules {
  return { ...column, indexed: column.indexed || column.keyPosition !== null };
}

/** The most columns of a key: PostgreSQL's indexes have no more. */
const MOST_KEYS = 32;

/**
 * Gives key columns their places, and makes them required.
 *
 * @param suggest What there is to say besides of a name that no column has.
 * @returns The columns, and what is wrong with the names.
 */
export function keyed<Column extends NewColumn>(
  columns: readonly Column[],
  names: readonly string[],
  suggest: (name: string) => string = () => "",
): { columns: Column[]; faults: string[] } {
  const place = (name: string) => names.indexOf(name);
  const faults = names.flatMap((name, at) => {
    const column = columns.find((each) => each.name === name);
    const fault = column
      ? keyFault(column, place(name) < at)
      : `No column has the name ${JSON.stringify(name.slice(0, 63))}.${suggest(name)}`;
    return fault === null ? [] : [fault];
  });
  if (names.length > MOST_KEYS) faults.push(`A key has at most ${MOST_KEYS} columns.`);
  const withPlaces = columns.map((column) =>
    names.includes(column.name)
      ? { ...column, keyPosition: place(column.name) + 1, required: true }
      : { ...column, keyPosition: null },
  );
  return { columns: withPlaces, faults };
}

function keyFault({ name, type }: NewColumn, isRepeated: boolean): string | null {
  if (isRepeated) return `${name} is listed more than once.`;
  return type === "JSON" ? `${name} is JSON, which cannot be a key.` : null;
}
