import { type CellParser, cellParser } from "../../cell/cell-parser.ts";
import { type CellValue, cellBytes, ROW_BYTES } from "../../cell/cell-value.ts";
import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import { rulesOf } from "../../db/key-columns.ts";
import type { Cells } from "../../db/incoming-rows.ts";
import { cellFromSource } from "../../records/cell-from-source.ts";
import { listedReasons, type OnBad } from "../../records/import-error.ts";
import type { OnBytes } from "../../records/read-records.ts";
import { readFileRecords, sourceFormat } from "../../records/source-file.ts";
import type { SourceCell } from "../../records/source-record.ts";

/** A record as the cells of a row, and how many bytes they take. */
export interface ReadRow {
  /** Where it is in the file, such as `line 12`. */
  readonly at: string;
  readonly cells: Cells;
  readonly bytes: number;
}

/** Who is told what while a file is read. */
export interface Listeners {
  readonly onBytes: OnBytes;
  readonly onBad: OnBad;
}

/**
 * Reads the records of a file as cells of columns, in canonical form; one that does not fit is told and
 * left out. The label of a column is the header that it has in the file.
 *
 * @throws {ImportError} where nothing after a place can be read.
 */
export async function* readCells(
  path: string,
  columns: readonly ColumnDefinition[],
  { onBytes, onBad }: Listeners,
): AsyncGenerator<ReadRow> {
  const format = sourceFormat(path);
  const readers = columns.map((column): Reader => {
    const parse = cellParser(rulesOf(column));
    return { column, parse: (cell) => parse(cellFromSource(format, column.type, cell)) };
  });
  for await (const item of readFileRecords(path, onBytes)) {
    if (item.kind === "header") continue;
    const read = item.kind === "fault" ? item : rowOf(item, readers);
    if ("reason" in read) onBad(item.at, read.reason);
    else yield read;
  }
}

interface Reader {
  readonly column: ColumnDefinition;
  readonly parse: (cell: SourceCell) => ReturnType<CellParser>;
}

interface SourceRow {
  readonly at: string;
  readonly cells: ReadonlyMap<string, SourceCell>;
}

/** The row that a record is, or everything that is wrong with it. */
function rowOf({ at, cells: source }: SourceRow, readers: readonly Reader[]) {
  const cells = new Map<ColumnDefinition, CellValue>();
  const reasons: string[] = [];
  let bytes = 0;
  for (const { column, parse } of readers) {
    const parsed = parse(source.get(column.label) ?? null);
    if (!parsed.ok) reasons.push(`${column.label}: ${parsed.message}`);
    else {
      cells.set(column, parsed.value);
      bytes += cellBytes(parsed.value);
    }
  }
  if (bytes > ROW_BYTES) reasons.push(`a row holds at most ${ROW_BYTES} bytes`);
  return reasons.length === 0 ? { at, cells, bytes } : { reason: listedReasons(reasons, LISTED) };
}

/** How many faults of one record are told. */
const LISTED = 3;
