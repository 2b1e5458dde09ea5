import { InputError } from "../../../graphql/errors.ts";
import type { RowFaultCode } from "../write/row-fault.ts";

/** One thing that is wrong with one record of a file. */
export interface ImportFault {
  /** Where in the file, such as `line 12`. */
  readonly at: string;
  /** The name of a column; null: the record as a whole. */
  readonly column: string | null;
  /** `UNREADABLE`: it is no record. */
  readonly code: RowFaultCode | "UNREADABLE";
  readonly message: string;
}

/** Faults that are kept; the others are counted. */
const MOST_KEPT = 100;

/** What is wrong with the records of a file. */
export interface ImportFaults {
  /** The first of them, in the order in which they were found. */
  readonly first: readonly ImportFault[];
  /** How many records are at fault. */
  readonly records: number;
  /** Whether one is a row on which the caller may not do it. */
  readonly isDenied: boolean;
}

export const NO_FAULTS: ImportFaults = { first: [], records: 0, isDenied: false };

/** Faults and others: all that is wrong with a record is among one or the other. */
export function withFaults(
  { first, records, isDenied }: ImportFaults,
  others: readonly ImportFault[],
): ImportFaults {
  return {
    first: [...first, ...others].slice(0, MOST_KEPT),
    records: records + new Set(others.map(({ at }) => at)).size,
    isDenied: isDenied || others.some(({ code }) => code === "FORBIDDEN"),
  };
}

/** Refuses a file as a whole, and says of its first faults what and where they are. */
export class ImportFaultsError extends InputError {
  constructor({ first, records }: ImportFaults) {
    super(
      `Nothing was imported: ${records} ${records === 1 ? "record is" : "records are"} at fault. The first faults are listed in extensions.errors.`,
      { errors: first, faulty: records },
    );
  }
}
