import { excerpt, type JsonValue } from "../cell/cell-value.ts";

/** `csv`: every cell is text. `json`: one array of objects. `jsonl`: an object on each line. */
export type SourceFormat = "csv" | "json" | "jsonl";

/** A JSON number as it is written, so that no digit of it is lost before its column has a type. */
export class WrittenNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a file holds in one place. In CSV: text, or null where nothing is written. */
export type SourceCell = JsonValue | WrittenNumber;

/** A short, printable hint at a cell, for a message. */
export function excerptOf(cell: SourceCell): string {
  return cell instanceof WrittenNumber ? cell.text.slice(0, 32) : excerpt(cell);
}

/** A header in a message. */
export const quoted = (header: string): string => JSON.stringify(header.slice(0, 80));

/** What is said of a record that is not text. */
export const NOT_UTF8 = "not valid UTF-8: save the file as UTF-8";

export type SourceItem =
  | { readonly kind: "header"; readonly headers: readonly string[] }
  | {
      readonly kind: "record";
      readonly at: string;
      /** By header. A header that is absent stands for null. */
      readonly cells: ReadonlyMap<string, SourceCell>;
    }
  /** A record that cannot be used; those after it can. */
  | { readonly kind: "fault"; readonly at: string; readonly reason: string };

/** A record of a file takes at most so many bytes: a row holds less, but quoting takes its part. */
export const RECORD_BYTES = 1024 * 1024;
