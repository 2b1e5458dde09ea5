import type { Operand, RowFilter } from "./predicate.ts";

/**
 * What an access token that carries conditions is restricted to: these datasets, by their UUIDs. What is not here it
 * does not reach.
 */
export type Restriction = ReadonlyMap<string, RestrictedDataset>;

/** What such a token reaches of one dataset. */
export interface RestrictedDataset {
  /** The rows that meet its conditions: asked of every action, of rows as they were and as they become. */
  readonly rows: RowFilter;
  /** What its new rows are given, by the id of the column. */
  readonly sets: ReadonlyMap<string, Operand>;
}
