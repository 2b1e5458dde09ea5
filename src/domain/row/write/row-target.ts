import { decodeId } from "../../../db/id.ts";
import type { RowFault } from "./row-fault.ts";

/** The row that a part of a write is about. */
export interface RowTarget {
  /** Its id, as the API shows it. */
  readonly id: string;
  /** The version that the writer has seen; another one now refuses the write. */
  readonly expectedVersion?: number | null | undefined;
}

/**
 * What is wrong with the rows that a write names: not there for the caller, named twice, or changed since
 * the writer saw them.
 *
 * @param versions Of the rows that the caller sees, by UUID.
 */
export function targetFaults(
  targets: readonly RowTarget[],
  versions: ReadonlyMap<string, number>,
): RowFault[] {
  const named = new Set<string>();
  return targets.flatMap((target, row) => {
    const fault = targetFault(target, versions, named.has(target.id));
    named.add(target.id);
    return fault ? [{ row, column: null, ...fault }] : [];
  });
}

function targetFault(
  { id, expectedVersion }: RowTarget,
  versions: ReadonlyMap<string, number>,
  isRepeated: boolean,
): Omit<RowFault, "row" | "column"> | null {
  const version = versions.get(decodeId("Row", id) ?? "");
  if (version === undefined) return { code: "NOT_FOUND", message: "No such row." };
  if (isRepeated) return { code: "REPEATED", message: "The call names the row more than once." };
  return typeof expectedVersion === "number" ? staleFault(expectedVersion, version) : null;
}

/**
 * What is wrong with a row that the writer has seen before.
 *
 * @param version The one that it has now; null: there is none for the caller.
 */
export function staleFault(
  expectedVersion: number,
  version: number | null,
): Omit<RowFault, "row" | "column"> | null {
  if (version === null) return { code: "CONFLICT", message: "The row is not there by now." };
  if (expectedVersion === version) return null;
  return {
    code: "CONFLICT",
    message: `The row has version ${version} by now; read it again.`,
    currentVersion: version,
  };
}
