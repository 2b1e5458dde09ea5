import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import { readableColumns, type PlannedDataset } from "../../db/readable-view.ts";
import { InputError } from "../../graphql/errors.ts";

/** The columns that a caller may read, by name. */
export type ReadableColumns = ReadonlyMap<string, ColumnDefinition>;

/** The columns of a dataset that the caller may read, by name, in their order. */
export const readableByName = oncePerDataset(
  (dataset): ReadableColumns =>
    new Map(readableColumns(dataset).map((column) => [column.name, column])),
);

/** What is made of a decision about a dataset: once, however many rows ask for it. */
export function oncePerDataset<Made>(make: (dataset: PlannedDataset) => Made) {
  const known = new WeakMap<PlannedDataset, Made>();
  return (dataset: PlannedDataset): Made => {
    const made = known.get(dataset) ?? make(dataset);
    known.set(dataset, made);
    return made;
  };
}

/**
 * The column of a name.
 *
 * @throws {InputError} for one that the caller may not read, as for one that does not exist. The words
 *   list what the caller may read.
 */
export function requireReadable(columns: ReadableColumns, name: string): ColumnDefinition {
  const column = columns.get(name);
  if (!column) throw unknownColumn(name, columns);
  return column;
}

/** How many names a message lists. */
const LISTED = 20;

/** What is said of a column that does not exist for the caller. */
function unknownColumn(name: string, columns: ReadableColumns): InputError {
  const names = [...columns.keys()];
  const listed = names.slice(0, LISTED).join(", ") + (names.length > LISTED ? ", …" : "");
  return new InputError(
    `No column ${JSON.stringify(name.slice(0, 63))}. Columns that you may read: ${listed || "none"}.`,
  );
}
