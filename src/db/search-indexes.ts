import type { Comparison, Predicate } from "../authz/predicate.ts";
import type { ColumnDefinition } from "./dataset-definition.ts";

/** An index that lets searches by one column find rows without reading all of them. */
export interface SearchIndex {
  readonly slot: number;
  /** `ORDERED` serves look-ups, ranges and orders; `TEXT` look-ups by text, however long. */
  readonly kind: "ORDERED" | "TEXT";
}

/** What of a column says which indexes it needs. */
export type Searched = Pick<
  ColumnDefinition,
  "id" | "slot" | "type" | "indexed" | "unique" | "keyPosition"
>;

/** The most indexes of a dataset that row filters ask for: each costs every write of a row. */
export const MOST_OF_FILTERS = 20;

/**
 * The indexes for searches that a dataset needs: for columns marked as indexed, and for those that the row
 * filters of its grants compare, those of equality first.
 *
 * No cell of a column marked as indexed is longer than a B-tree takes. One that only a row filter compares
 * may be, and a policy must not decide what can be written: its text has an index of another kind.
 */
export function searchIndexes(
  columns: readonly Searched[],
  rowFilters: readonly Predicate<unknown>[],
): SearchIndex[] {
  const marked = columns.filter(({ indexed }) => indexed);
  const compared = columnsCompared(rowFilters);
  const ofFilters = compared
    .flatMap((id) => columns.find((column) => column.id === id) ?? [])
    .filter((column) => !isServed(column) && column.type !== "JSON")
    .slice(0, MOST_OF_FILTERS);
  return [...marked.map(ordered), ...ofFilters.map(ofFilter)];
}

/** Whether an index that is there for another reason begins with the column. */
function isServed({ indexed, unique, keyPosition }: Searched): boolean {
  return indexed || unique || keyPosition === 1;
}

function ordered({ slot }: Searched): SearchIndex {
  return { slot, kind: "ORDERED" };
}

function ofFilter({ slot, type }: Searched): SearchIndex {
  return { slot, kind: type === "TEXT" || type === "SELECT" ? "TEXT" : "ORDERED" };
}

/** How well an index serves a comparison; the others are served by none. */
const RANKS: Readonly<Partial<Record<Comparison | "in", number>>> = {
  eq: 0,
  in: 0,
  startsWith: 1,
  lt: 1,
  le: 1,
  gt: 1,
  ge: 1,
};

/** The ids of the columns that filters compare as an index can, each once, the best served first. */
function columnsCompared(filters: readonly Predicate<unknown>[]): string[] {
  const ranks = new Map<string, number>();
  for (const { columnId, rank } of filters.flatMap(comparisons)) {
    ranks.set(columnId, Math.min(rank, ranks.get(columnId) ?? rank));
  }
  const best = [...ranks].toSorted(
    ([one, rank], [other, others]) => rank - others || (one < other ? -1 : 1),
  );
  return best.map(([id]) => id);
}

/** What stands under `not` is left out: most rows are on its other side. */
function comparisons(filter: Predicate<unknown>): { columnId: string; rank: number }[] {
  if (filter.kind === "all" || filter.kind === "any") return filter.of.flatMap(comparisons);
  if (filter.kind !== "compare" && filter.kind !== "in") return [];
  const rank = RANKS[filter.kind === "in" ? "in" : filter.by];
  return rank === undefined ? [] : [{ columnId: filter.columnId, rank }];
}
