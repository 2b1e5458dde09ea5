import { isUtf8 } from "node:buffer";
import { pipeline } from "node:stream";

import type { Options } from "csv-parse";
import { CsvError, parse } from "csv-parse";

import { MOST_COLUMNS } from "../cell/parse-column.ts";
import { ImportError, listedReasons } from "./import-error.ts";

import { NOT_UTF8, quoted, RECORD_BYTES, type SourceItem } from "./source-record.ts";

interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Counts lines from what is in the records: the parser counts CRLF within quotes twice. */
class Position {
  /** The line on which the next record begins. */
  nextLine = 1;
  bytesSinceRecord = 0;
  #emptyLines = 0;

  row(fields: readonly string[], emptyLines: number): Row {
    const line = this.nextLine + emptyLines - this.#emptyLines;
    this.#emptyLines = emptyLines;
    this.nextLine = line + 1;
    for (const field of fields) this.nextLine += lineBreaks(field);
    this.bytesSinceRecord = 0;
    return { line, fields };
  }
}

/** Reads CSV as RFC 4180 has it, more patient with quotes within a field; empty lines are skipped. */
export async function* readCsv(chunks: AsyncIterable<Buffer>): AsyncGenerator<SourceItem> {
  let headers: readonly string[] | null = null;
  for await (const row of readRows(chunks)) {
    if (headers === null) {
      headers = checkedHeaders(row);
      yield { kind: "header", headers };
    } else {
      yield recordItem(row, headers);
    }
  }
  if (headers === null) {
    throw new ImportError(null, "The file is empty: its first line has to name the columns.");
  }
}

async function* readRows(chunks: AsyncIterable<Buffer>): AsyncGenerator<Row> {
  const position = new Position();
  const options: Options<Row, string[]> = {
    // One character for each byte, so that a record that is not UTF-8 can be told from the others.
    encoding: "latin1",
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // Called as a record is parsed, so that the position is right when parsing fails behind it.
    on_record: (fields, info) => position.row(fields, info.empty_lines),
  };
  // The types know rows other than string[] only together with `columns`.
  const parser = parse(options as unknown as Options);
  // What fails in the pipeline is thrown by the loop.
  pipeline(guarded(chunks, position), parser, () => {});
  try {
    const rows: AsyncIterable<Row> = parser;
    yield* rows;
  } catch (error) {
    throw rowError(error, position.nextLine);
  }
}

/** Stops reading where no record ends: an open quote, a line of gigabytes or of commas alone. */
async function* guarded(chunks: AsyncIterable<Buffer>, position: Position): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    if (position.bytesSinceRecord > RECORD_BYTES) throw tooLong(position.nextLine);
    position.bytesSinceRecord += chunk.length;
    yield chunk;
  }
}

function tooLong(line: number): ImportError {
  const reason =
    line === 1
      ? `the first line does not end within 1 MiB; it has to name the columns, at most ${MOST_COLUMNS}`
      : "this record does not end within 1 MiB; is a quote left open?";
  return new ImportError(`line ${line}`, reason);
}

function rowError(error: unknown, line: number): unknown {
  if (!(error instanceof CsvError)) return error;
  const reason =
    error.code === "CSV_QUOTE_NOT_CLOSED"
      ? "a quote is opened in this record and never closed"
      : error.message;
  return new ImportError(`line ${line}`, reason, { cause: error });
}

function checkedHeaders({ line, fields }: Row): readonly string[] {
  const at = `line ${line}`;
  if (fields.length > MOST_COLUMNS) {
    throw new ImportError(at, `${fields.length} columns, where ${MOST_COLUMNS} are allowed`);
  }
  const headers = fields.map((field) => decode(field)?.trim() ?? null);
  const valid = headers.filter((header) => header !== null);
  if (valid.length < headers.length) throw new ImportError(at, NOT_UTF8);
  const reasons = [...emptyHeaders(valid), ...repeatedHeaders(valid), ...otherDelimiter(valid)];
  if (reasons.length > 0) throw new ImportError(at, listedReasons(reasons));
  return valid;
}

const emptyHeaders = (headers: readonly string[]): string[] =>
  headers.flatMap((header, i) => (header === "" ? [`column ${i + 1} has no header`] : []));

const repeatedHeaders = (headers: readonly string[]): string[] =>
  headers.flatMap((header, i) => {
    const first = headers.indexOf(header);
    return header !== "" && first < i
      ? [`columns ${first + 1} and ${i + 1} have the same header, ${quoted(header)}`]
      : [];
  });

const otherDelimiter = (headers: readonly string[]): string[] =>
  headers.length === 1 && /[;\t|]/.test(headers.join())
    ? ["the header is a single column; separate columns with commas"]
    : [];

function recordItem({ line, fields }: Row, headers: readonly string[]): SourceItem {
  const at = `line ${line}`;
  if (fields.length !== headers.length) {
    const reason = `has ${fields.length} fields, where the header has ${headers.length}`;
    return { kind: "fault", at, reason };
  }
  const cells = new Map<string, string | null>();
  for (const [i, header] of headers.entries()) {
    const text = decode(fields[i] ?? "");
    if (text === null) return { kind: "fault", at, reason: NOT_UTF8 };
    cells.set(header, text === "" ? null : text);
  }
  return { kind: "record", at, cells };
}

/** Bytes written as Latin-1 characters back to the UTF-8 that they are; null where they are not. */
function decode(latin1: string): string | null {
  if (!/[\x80-\xff]/.test(latin1)) return latin1;
  const bytes = Buffer.from(latin1, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : null;
}

function lineBreaks(field: string): number {
  if (!field.includes("\n") && !field.includes("\r")) return 0;
  return field.split(/\r\n|\r|\n/).length - 1;
}
