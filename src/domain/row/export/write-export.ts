import { noteRowsRead } from "../../../access/audited-reads.ts";
import type { ColumnType } from "../../../cell/column-type.ts";
import type { CsvWriter } from "../../../db/row-bytes/csv-writer.ts";
import type { RowBytes } from "../../../db/row-bytes/row-bytes.ts";
import { rowsAsJson, rowsAsText, type WrittenRows } from "../../../db/row-export.ts";
import type { Transaction } from "../../../db/transaction.ts";
import type { Context } from "../../../graphql/context.ts";
import type { ExportFormat } from "./export-inputs.ts";
import type { PlannedExport } from "./planned-export.ts";

/** Takes a piece of the file, which is lent until it has been taken, and how many rows are in it. */
export type WritePiece = (piece: Buffer, rows: number) => Promise<void>;

/**
 * Writes the rows of an export, a batch at a time, out of the snapshot of the context. Nothing that waits for a
 * client may stand behind `write`. Where the definition has changed under the snapshot, nothing was written.
 *
 * @throws whatever `write` throws; then nothing more is read.
 */
export async function writeExport(
  context: Context,
  planned: PlannedExport,
  write: WritePiece,
): Promise<void> {
  noteRowsRead(context, planned.dataset);
  for await (const { bytes, rows } of WRITERS[planned.format](context.transaction, planned)) {
    await write(bytes, rows);
  }
}

type Writer = (transaction: Transaction, planned: PlannedExport) => AsyncGenerator<WrittenRows>;

const WRITERS: Readonly<Record<ExportFormat, Writer>> = {
  CSV: csvPieces,
  JSON_LINES: jsonLines,
  JSON: jsonArray,
};

const NEWLINE = Buffer.from("\n");

function jsonLines(transaction: Transaction, planned: PlannedExport): AsyncGenerator<WrittenRows> {
  return rowsAsJson(transaction, planned, (object) => (row, out) => {
    object(row, out);
    out.bytes(NEWLINE);
  });
}

const [BEGUN, NEXT] = [Buffer.from("[\n"), Buffer.from(",\n")];

async function* jsonArray(
  transaction: Transaction,
  planned: PlannedExport,
): AsyncGenerator<WrittenRows> {
  let before = BEGUN;
  yield* rowsAsJson(transaction, planned, (object) => (row, out) => {
    out.bytes(before);
    object(row, out);
    before = NEXT;
  });
  yield { bytes: Buffer.from(before === NEXT ? "\n]\n" : "[]\n"), rows: 0 };
}

const [COMMA, RECORD_END] = [Buffer.from(","), Buffer.from("\r\n")];
const NO_VALUE = Buffer.from('""');

async function* csvPieces(
  transaction: Transaction,
  planned: PlannedExport,
): AsyncGenerator<WrittenRows> {
  const { columns } = planned;
  const forms = columns.map(({ type }) => CSV_FORMS[type]);
  const isAlone = columns.length === 1;
  // A name needs no quotes.
  const header = Buffer.from(`${columns.map(({ name }) => name).join()}\r\n`);
  let isBegun = false;
  const write = (row: RowBytes, out: CsvWriter) => {
    if (!isBegun) out.bytes(header);
    isBegun = true;
    forms.forEach((form, field) => {
      if (field > 0) out.bytes(COMMA);
      out[form](row, field);
    });
    // An empty line would be no record.
    if (isAlone && row.isNull(0)) out.bytes(NO_VALUE);
    out.bytes(RECORD_END);
  };
  yield* rowsAsText(transaction, planned, write);
  if (!isBegun) yield { bytes: header, rows: 0 };
}

/** Only text can be taken for a formula: a number that begins with a minus is none. Only JSON needs quotes besides. */
const CSV_FORMS = {
  TEXT: "text",
  SELECT: "text",
  INTEGER: "raw",
  DECIMAL: "raw",
  BOOLEAN: "raw",
  DATE: "raw",
  DATETIME: "raw",
  JSON: "cell",
} as const satisfies Record<ColumnType, keyof CsvWriter>;
