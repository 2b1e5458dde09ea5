import { InvalidArgumentError } from "commander";

/** What `npx fieldgate key create` takes besides the name. */
export interface KeyOptions {
  readonly tenant?: string;
  /** The names of roles that the key is to hold. */
  readonly role?: readonly string[];
  readonly read?: readonly ColumnsOf[];
  readonly update?: readonly ColumnsOf[];
}

/** A dataset, and those of its columns that are meant; none: the dataset as a whole. */
export interface ColumnsOf {
  readonly dataset: string;
  readonly columns: readonly string[];
}

/**
 * Reads `sales:region,amount`, or `sales` for the dataset as a whole.
 *
 * @throws {InvalidArgumentError} for anything else.
 */
export function parseColumnsOf(text: string, before: readonly ColumnsOf[] = []): ColumnsOf[] {
  const [dataset = "", columns, ...rest] = text.split(":").map((part) => part.trim());
  const named = columns?.split(",").map((name) => name.trim());
  if (dataset === "" || rest.length > 0 || named?.includes("")) {
    throw new InvalidArgumentError("It is dataset:column,column or dataset alone.");
  }
  return [...before, { dataset, columns: named ?? [] }];
}
