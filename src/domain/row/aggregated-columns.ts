import { COLUMN_TYPES, type ColumnType } from "../../cell/column-type.ts";
import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import type { GroupsRequest } from "../../db/row-aggregates.ts";
import { InputError, LimitError } from "../../graphql/errors.ts";
import { type ReadableColumns, requireReadable } from "../../access/readable-columns.ts";

/** How many columns may be grouped by. */
export const MOST_KEYS = 10;

/** How many columns may be computed with, each counted once for each aggregate. */
export const MOST_COMPUTED = 100;

const NUMBERS: readonly ColumnType[] = ["INTEGER", "DECIMAL"];
const ORDERED = COLUMN_TYPES.filter((type) => type !== "BOOLEAN" && type !== "JSON");

/** The types of the columns that each argument takes. */
const TYPES = {
  groupBy: COLUMN_TYPES.filter((type) => type !== "JSON"),
  sum: NUMBERS,
  avg: NUMBERS,
  min: ORDERED,
  max: ORDERED,
} as const satisfies Readonly<Record<string, readonly ColumnType[]>>;

type Argument = keyof typeof TYPES;

/** The columns that `Dataset.aggregate` names, by argument. */
export type NamedColumns = {
  readonly [Name in Argument]?: readonly string[] | null | undefined;
};

/**
 * Finds the columns to group by and to compute, among those that the caller may read.
 *
 * @throws {InputError} for a column that the caller may not read, as for one that does not exist; for one
 *   whose type does not fit; and for one that is named twice.
 * @throws {LimitError} for too many.
 */
export function aggregatedColumns(
  named: NamedColumns,
  columns: ReadableColumns,
): Pick<GroupsRequest, "keys" | "aggregates"> {
  const { groupBy, sum, avg, min, max } = named;
  const computed = [sum, avg, min, max].reduce((most, names) => most + (names?.length ?? 0), 0);
  if ((groupBy?.length ?? 0) > MOST_KEYS || computed > MOST_COMPUTED) {
    throw new LimitError(
      `aggregate groups by at most ${MOST_KEYS} columns and computes at most ${MOST_COMPUTED}.`,
    );
  }
  const found = (argument: Argument) => columnsOf(argument, named[argument] ?? [], columns);
  return {
    keys: found("groupBy"),
    aggregates: { sum: found("sum"), avg: found("avg"), min: found("min"), max: found("max") },
  };
}

function columnsOf(
  argument: Argument,
  names: readonly string[],
  columns: ReadableColumns,
): ColumnDefinition[] {
  if (new Set(names).size < names.length) {
    throw new InputError(`${argument} names each column once.`);
  }
  return names.map((name) => {
    const column = requireReadable(columns, name);
    const types: readonly ColumnType[] = TYPES[argument];
    if (types.includes(column.type)) return column;
    throw new InputError(
      `${argument} is for columns of the types ${types.join(", ")}; ${name} is ${column.type}.`,
    );
  });
}
