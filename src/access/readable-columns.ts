import { isFieldKnown } from "../authz/access-plan.ts";
import type { ColumnDefinition } from "../db/dataset-definition.ts";
import { listed } from "../cell/listed.ts";
import { readableColumns, type PlannedDataset } from "../db/readable-view.ts";
import { InputError } from "../graphql/errors.ts";
import { suggestionsAmong } from "../graphql/suggestions.ts";

/** The columns that a caller may read, by name. */
export type ReadableColumns = ReadonlyMap<string, ColumnDefinition>;

/** The columns of a dataset that the caller may read, by name, in their order. */
export const readableByName = oncePer(
  (dataset: PlannedDataset): ReadableColumns =>
    new Map(readableColumns(dataset).map((column) => [column.name, column])),
);

/** The columns that the caller knows, by name, in their order. */
export const knownByName = oncePer(
  ({ definition, plan }: PlannedDataset): ReadonlyMap<string, ColumnDefinition> =>
    new Map(
      definition.columns
        .filter(({ id }) => isFieldKnown(plan, id))
        .map((column) => [column.name, column]),
    ),
);

/**
 * The column of a name that the caller knows, whether or not it may read it.
 *
 * @throws {InputError} for one that it does not know, as for one that does not exist.
 */
export function requireKnown(dataset: PlannedDataset, name: string): ColumnDefinition {
  return knownByName(dataset).get(name) ?? requireReadable(readableByName(dataset), name);
}

/** What is made of something, such as a decision about a dataset: once, however many rows ask for it. */
export function oncePer<Of extends object, Made>(make: (of: Of) => Made) {
  const known = new WeakMap<Of, Made>();
  return (of: Of): Made => {
    const made = known.get(of) ?? make(of);
    known.set(of, made);
    return made;
  };
}

/**
 * The column of a name.
 *
 * @throws {InputError} for one that the caller may not read, as for one that does not exist. The words
 *   suggest and list what the caller may read.
 */
export function requireReadable(columns: ReadableColumns, name: string): ColumnDefinition {
  const column = columns.get(name);
  if (!column) throw unknownColumn(name, columns);
  return column;
}

/** What is said of a column that does not exist for the caller. */
function unknownColumn(name: string, columns: ReadableColumns): InputError {
  const said = JSON.stringify(name.slice(0, 63));
  const names = listed([...columns.keys()]) || "none";
  return new InputError(
    `No column ${said}.${suggestionsIn(columns)(name)} Columns that you may read: ${names}.`,
  );
}

const suggestionsIn = oncePer((columns: ReadableColumns) => suggestionsAmong([...columns.keys()]));
