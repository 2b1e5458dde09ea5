import { cellParser } from "../../cell/cell-parser.ts";
import { cellBytes, ROW_BYTES } from "../../cell/cell-value.ts";
import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import type { Cells } from "../../db/row-writes.ts";
import { cellFromSource } from "./cell-from-source.ts";
import { ImportError } from "./import-error.ts";
import { readRecords, sourceFormat } from "./read-records.ts";
import type { SourceCell } from "./source-record.ts";

/**
 * Reads the records of a file as cells of columns, in canonical form. The label of a column is the header
 * that it has in the file.
 *
 * @throws {ImportError} at the first record that does not fit.
 */
export async function* readCells(
  path: string,
  columns: readonly ColumnDefinition[],
  onBytes: (bytes: number) => void,
): AsyncGenerator<Cells> {
  const format = sourceFormat(path);
  const parsers = columns.map((column) => ({ column, parse: cellParser(column) }));
  for await (const item of readRecords(path, onBytes)) {
    if (item.kind === "fault") throw new ImportError(item.at, item.reason);
    if (item.kind === "header") continue;
    const read = (header: string): SourceCell => item.cells.get(header) ?? null;
    const cells: Cells = new Map(
      parsers.map(({ column, parse }) => {
        const parsed = parse(cellFromSource(format, column.type, read(column.label)));
        if (!parsed.ok) throw new ImportError(item.at, `${column.label}: ${parsed.message}`);
        return [column, parsed.value] as const;
      }),
    );
    requireSmall(item.at, cells);
    yield cells;
  }
}

function requireSmall(at: string, cells: Cells): void {
  let bytes = 0;
  for (const value of cells.values()) bytes += cellBytes(value);
  if (bytes > ROW_BYTES) throw new ImportError(at, `a row holds at most ${ROW_BYTES} bytes`);
}
