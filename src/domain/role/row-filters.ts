import type { KnownDataset } from "../../access/known-dataset.ts";
import { readableByName } from "../../access/readable-columns.ts";
import { grantFilter, type RowFilterInput } from "../../access/row-filter.ts";
import { type Action, ACTIONS } from "../../authz/action.ts";
import type { Grant } from "../../authz/branch.ts";
import { EVERY_ROW, isEveryRow } from "../../authz/predicate.ts";
import { Prisma } from "../../db/generated/client.ts";

/** On which rows the role gives each action, as arguments. */
export type RowFiltersInput = Readonly<
  Partial<Record<"read" | "create" | "update" | "delete", RowFilterInput | null | undefined>>
>;

/** The same, in normal form. */
export type RowFilters = Grant["rowFilters"];

/** The filters in normal form, by action; one that lets every row through is none. */
export function rowFiltersOf(dataset: KnownDataset, input: RowFiltersInput): RowFilters {
  const columns = readableByName(dataset);
  const filters = ACTIONS.flatMap((action) => {
    const written = input[action.toLowerCase() as Lowercase<Action>];
    const filter = written ? grantFilter(written, columns) : EVERY_ROW;
    return isEveryRow(filter) ? [] : [[action, filter] as const];
  });
  return Object.fromEntries(filters);
}

/** As the database keeps them. */
export function filtersToStore(filters: RowFilters) {
  return Object.keys(filters).length > 0 ? (filters as Prisma.InputJsonObject) : Prisma.DbNull;
}
