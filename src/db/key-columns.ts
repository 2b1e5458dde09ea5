import type { ColumnRules } from "../cell/column-type.ts";
import type { ColumnDefinition } from "./dataset-definition.ts";
import type { NewColumn } from "./dataset-storage.ts";

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

/**
 * Gives key columns their places, and makes them required.
 *
 * @returns The columns, and what is wrong with the names.
 */
export function keyed<Column extends NewColumn>(
  columns: readonly Column[],
  names: readonly string[],
): { columns: Column[]; faults: string[] } {
  const place = (name: string) => names.indexOf(name);
  const faults = names.flatMap((name, at) => {
    const column = columns.find((each) => each.name === name);
    const fault = keyFault(name, column, place(name) < at);
    return fault === null ? [] : [fault];
  });
  const withPlaces = columns.map((column) =>
    names.includes(column.name)
      ? { ...column, keyPosition: place(column.name) + 1, required: true }
      : { ...column, keyPosition: null },
  );
  return { columns: withPlaces, faults };
}

function keyFault(name: string, column: NewColumn | undefined, isRepeated: boolean): string | null {
  if (!column) return `No column has the name ${name}.`;
  if (isRepeated) return `${name} is listed more than once.`;
  return column.type === "JSON" ? `${name} is JSON, which cannot be a key.` : null;
}
