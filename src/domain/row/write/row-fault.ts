import type { CellErrorCode } from "../../../cell/cell-value.ts";
import { PublicError, type ErrorCode } from "../../../graphql/errors.ts";

/** What can be wrong with one row of a write. */
export type RowFaultCode =
  | CellErrorCode
  | "UNKNOWN_COLUMN"
  | "NOT_UNIQUE"
  | "NOT_EDITABLE"
  | "NOT_FOUND"
  | "FORBIDDEN"
  | "REPEATED"
  | "CONFLICT";

/** One thing that is wrong with one row of a write. */
export interface RowFault {
  /** The place of the row in the call, from 0. */
  readonly row: number;
  /** The name of a column or link; null: the row as a whole. */
  readonly column: string | null;
  readonly code: RowFaultCode;
  readonly message: string;
  /** Of a stale write: the version that the row has now. */
  readonly currentVersion?: number;
}

/** How many faults of a write are listed: one for each row that a call can have. */
const MOST_LISTED = 10_000;

/** Refuses a write as a whole, and says of every row what was wrong with it. */
export class RowFaultsError extends PublicError {
  constructor(faults: readonly RowFault[]) {
    const count = `${faults.length} ${faults.length === 1 ? "fault" : "faults"}`;
    const some = faults.length > MOST_LISTED ? `the first ${MOST_LISTED} ` : "";
    super(
      `Nothing was written: ${count}, ${some}listed in extensions.errors by row, column and code.`,
      codeOf(faults),
      { errors: faults.slice(0, MOST_LISTED) },
    );
  }
}

/** The code of the whole: a row that is not there or stale is named only when nothing worse is wrong. */
function codeOf(faults: readonly RowFault[]): ErrorCode {
  const codes = new Set(faults.map(({ code }) => code));
  const hasOnly = (...expected: RowFaultCode[]) =>
    [...codes].every((code) => expected.includes(code));
  if (hasOnly("CONFLICT")) return "CONFLICT";
  return hasOnly("CONFLICT", "NOT_FOUND") ? "NOT_FOUND" : "BAD_USER_INPUT";
}
