import { stringify, type Options } from "csv-stringify/sync";
import { noteRowsRead } from "../../access/audited-reads.ts";
import { neutralised } from "../../cell/formula.ts";
import { isText } from "../../cell/column-type.ts";
import { rowsAsJson, rowsAsText } from "../../db/row-export.ts";
import type { Transaction } from "../../db/transaction.ts";
import type { Context } from "../../graphql/context.ts";
import type { ExportFormat } from "./export-inputs.ts";
import type { PlannedExport } from "./planned-export.ts";

/** Takes a piece of the file, and how many rows are in it. */
export type WritePiece = (piece: string, rows: number) => Promise<void>;

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
  for await (const { text, rows } of WRITERS[planned.format](context.transaction, planned)) {
    await write(text, rows);
  }
}

interface Piece {
  readonly text: string;
  readonly rows: number;
}

type Writer = (transaction: Transaction, planned: PlannedExport) => AsyncGenerator<Piece>;

const WRITERS: Readonly<Record<ExportFormat, Writer>> = {
  CSV: csvPieces,
  JSON_LINES: jsonLines,
  JSON: jsonArray,
};

async function* jsonLines(transaction: Transaction, planned: PlannedExport): AsyncGenerator<Piece> {
  for await (const batch of rowsAsJson(transaction, planned)) {
    yield { text: `${batch.join("\n")}\n`, rows: batch.length };
  }
}

async function* jsonArray(transaction: Transaction, planned: PlannedExport): AsyncGenerator<Piece> {
  let before = "[\n";
  for await (const batch of rowsAsJson(transaction, planned)) {
    yield { text: `${before}${batch.join(",\n")}`, rows: batch.length };
    before = ",\n";
  }
  yield { text: before === ",\n" ? "\n]\n" : "[]\n", rows: 0 };
}

async function* csvPieces(transaction: Transaction, planned: PlannedExport): AsyncGenerator<Piece> {
  const { columns } = planned;
  const options: Options = {
    record_delimiter: "\r\n",
    // A line break of any kind ends a record; the library looks for that of the file alone.
    quoted_match: /[\r\n]/,
    // An empty line would be no record.
    quoted_empty: columns.length === 1,
  };
  const places = columns.flatMap(({ type }, place) => (isText(type) ? [place] : []));
  let header = stringify([columns.map(({ name }) => name)], options);
  for await (const batch of rowsAsText(transaction, planned)) {
    const records = batch.map((cells) => neutralisedIn(cells, places));
    yield { text: header + stringify(records, options), rows: batch.length };
    header = "";
  }
  if (header !== "") yield { text: header, rows: 0 };
}

/** Only text can be taken for a formula: a number that begins with a minus is none. */
function neutralisedIn(
  cells: readonly (string | null)[],
  places: readonly number[],
): (string | null)[] {
  const record = [...cells];
  for (const place of places) {
    const text = record[place];
    if (typeof text === "string") record[place] = neutralised(text);
  }
  return record;
}
