import type { Cell } from "./model.ts";

/** What rows of a dataset have to be for an access token. */
export interface Condition {
  /** The name of the dataset. */
  readonly dataset: string;
  /** The name of a column, not of JSON. */
  readonly column: string;
  readonly op: "eq" | "ne" | "lt" | "le" | "gt" | "ge";
  readonly value: Cell;
  /** Whether a new row is given `setValue` there, where a call gives none. */
  readonly set: boolean;
  readonly setValue: Cell;
}

/** What a token that carries conditions or lists datasets is restricted to. */
export interface Restriction {
  /** All of them have to hold. */
  readonly conditions: readonly Condition[];
  /** The names of the datasets that it reaches besides those that its conditions name. */
  readonly datasets: readonly string[];
}

/** An access token that asks. The roles of the caller are then those that it carries. */
export interface Token {
  /** The names of the roles that its key holds. */
  readonly ofKey: readonly string[];
  /** Whether it carries whichever its key holds, and does not name them. */
  readonly carriesAll: boolean;
  /** Null: it carries no conditions and lists no datasets. */
  readonly restriction: Restriction | null;
  /** What `$client.id` is; null: it has no value. */
  readonly clientId: string | null;
}
