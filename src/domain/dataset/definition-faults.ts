import { MOST_COLUMNS } from "../../cell/parse-column.ts";
import { indexesOf } from "../../db/dataset-storage.ts";
import type { ColumnDefinition, NewColumn } from "../../db/dataset-definition.ts";
import { keyed } from "../../db/key-columns.ts";
import { InputError } from "../../graphql/errors.ts";
import { suggestionsAmong } from "../../graphql/suggestions.ts";

/** One thing that is wrong with a definition. */
export interface DefinitionFault {
  /** The place of the column in the call, from 0; absent: the fault is not in one of several columns. */
  readonly column?: number;
  readonly field: string;
  readonly message: string;
}

/** The most indexes of a dataset: every statement on its rows locks them all. */
const MOST_INDEXES = 64;

/**
 * Refuses a definition with everything that is wrong with it.
 *
 * @throws {InputError} unless nothing is.
 */
export function refuseDefinition(faults: readonly DefinitionFault[]): void {
  if (faults.length === 0) return;
  const [first] = faults;
  const message =
    faults.length === 1 && first
      ? `${first.field}: ${first.message}`
      : `${faults.length} faults in the definition, listed in extensions.errors by column and field.`;
  throw new InputError(message, { errors: faults });
}

/** What is wrong with columns as a whole: their number, that of their indexes, and names given twice. */
export function faultsOfAll(columns: readonly (NewColumn | ColumnDefinition)[]): DefinitionFault[] {
  const names = columns.map(({ name }) => name);
  const repeated = columns.flatMap(({ name }, column) =>
    names.indexOf(name) < column
      ? [{ column, field: "name", message: `Another column has the name ${name}.` }]
      : [],
  );
  return [...sizeFaults(columns), ...repeated];
}

/** What is wrong with the number of columns, and of their indexes. */
export function sizeFaults(columns: readonly NewColumn[]): DefinitionFault[] {
  const indexes = indexesOf(
    columns.map((column, slot) => ({ ...column, id: "", slot, position: 0 })),
  );
  return [
    ...(columns.length > MOST_COLUMNS
      ? [{ field: "columns", message: `A dataset has at most ${MOST_COLUMNS} columns.` }]
      : []),
    ...(indexes.length > MOST_INDEXES
      ? [
          {
            field: "columns",
            message: `At most ${MOST_INDEXES} columns of a dataset are indexed or unique.`,
          },
        ]
      : []),
  ];
}

/** Gives key columns their places; see {@link keyed}. Names that are mistyped are answered with what is alike. */
export function withKey<Column extends NewColumn>(
  columns: readonly Column[],
  names: readonly string[],
): { columns: Column[]; faults: DefinitionFault[] } {
  const suggest = suggestionsAmong(columns.map(({ name }) => name));
  const made = keyed(columns, names, suggest);
  return {
    columns: made.columns,
    faults: made.faults.map((message) => ({ field: "keyColumns", message })),
  };
}
