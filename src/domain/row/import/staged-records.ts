import type { StagedRow } from "../../../db/row-staging.ts";
import type { KnownDataset } from "../../../access/known-dataset.ts";
import type { Context } from "../../../graphql/context.ts";
import type { SourceCell, SourceItem } from "../../../records/source-record.ts";
import { newRows } from "../write/create-rows.ts";
import type { ImportFault } from "./import-fault.ts";
import type { RecordValues } from "./import-records.ts";
import type { RowFault } from "../write/row-fault.ts";
import { type BecomingRow, judgeNewRows, refuseLacks } from "../row-rights.ts";
import { faultsOfStored, takenFaults } from "../write/stored-faults.ts";
import { type OnFault, withoutFaults } from "../write/write-result.ts";
import { writtenRows } from "../write/written-cells.ts";

/** Some records of a file, or what could not be read as one. */
export type Chunk = readonly Exclude<SourceItem, { readonly kind: "header" }>[];

/** What some records of a file come to. */
export interface JudgedRecords {
  readonly rows: readonly StagedRow[];
  readonly faults: readonly ImportFault[];
}

/** What records are judged by. */
export interface Judging {
  readonly dataset: KnownDataset;
  /** The id of the table in which the rows before these wait. */
  readonly waitingIn: string;
  readonly read: (cells: ReadonlyMap<string, SourceCell>) => RecordValues;
  readonly onFault: OnFault;
}

/**
 * Judges records as `createRows` judges the rows of a call, and besides by those of the file that wait already.
 *
 * @throws {ForbiddenError} for a column that the caller may not set or be told of; and for a row on which it may
 *   not, unless faulty rows are to be skipped.
 */
export async function judgedRecords(
  context: Context,
  { dataset, waitingIn, read, onFault }: Judging,
  chunk: Chunk,
): Promise<JudgedRecords> {
  const unreadable = chunk.flatMap((item) => (item.kind === "fault" ? [unreadableAt(item)] : []));
  const records = chunk.flatMap((item) => (item.kind === "record" ? [item] : []));
  const at = (row: number) => records[row]?.at ?? "";
  const readings = records.map(({ cells }) => read(cells));
  const written = writtenRows(
    dataset,
    "CREATE",
    readings.map(({ values }) => values),
  );
  const { creations, faults: missing } = newRows(dataset, written.rows);
  const own = [...written.faults, ...missing, ...readings.flatMap(repeatedFaults)];
  const lacks = judgeNewRows(dataset, withoutFaults(creations, own));
  const refused = refuseLacks(dataset, { action: "CREATE", what: at }, lacks, onFault);
  const stored = await faultsOfStored(context, dataset, creations);
  const faults = [...own, ...refused, ...stored];
  const waiting = { ...dataset, definition: { ...dataset.definition, id: waitingIn } };
  const taken = await takenFaults(context, waiting, withoutFaults(creations, faults));
  const told = [...faults, ...taken].map(({ row, column, code, message }) => ({
    at: at(row),
    column,
    code,
    message,
  }));
  return {
    rows: withoutFaults(creations, [...faults, ...taken]).map((row) => stagedRow(row, at)),
    faults: inOrder(chunk, [...unreadable, ...told]),
  };
}

/** Faults in the order of their records. */
function inOrder(chunk: Chunk, faults: readonly ImportFault[]): ImportFault[] {
  if (faults.length === 0) return [];
  const places = new Map(chunk.map(({ at }, place) => [at, place]));
  const placeOf = ({ at }: ImportFault) => places.get(at) ?? 0;
  return faults.toSorted((one, other) => placeOf(one) - placeOf(other));
}

function stagedRow({ id, cells, row }: BecomingRow, at: (row: number) => string): StagedRow {
  return { id, cells, at: at(row) };
}

function unreadableAt({ at, reason }: { readonly at: string; readonly reason: string }) {
  return { at, column: null, code: "UNREADABLE", message: reason } as const;
}

function repeatedFaults({ repeated }: RecordValues, row: number): RowFault[] {
  return repeated.map((header) => ({
    row,
    column: header.slice(0, 63),
    code: "REPEATED",
    message: "Another key of the record leads to the same column.",
  }));
}
