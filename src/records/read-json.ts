import { isUtf8 } from "node:buffer";

import type { Token } from "stream-json/parser.js";
import { jsonParser } from "stream-json/parser.js";

import { ImportError } from "./import-error.ts";
import type { LinePiece } from "./line-pieces.ts";
import { splitAtNewlines } from "./line-pieces.ts";
import type { AssembledRecord } from "./record-assembler.ts";
import { RecordAssembler } from "./record-assembler.ts";
import { NOT_UTF8, RECORD_BYTES, type SourceItem } from "./source-record.ts";

/** The tokens that a piece of JSON text completes. Throws where the text is not JSON. */
type Tokenizer = (text: string) => readonly Token[];

function tokenizer(): Tokenizer {
  const parse = jsonParser({ streamValues: false });
  return (text) => {
    const parsed = parse(text);
    return typeof parsed === "symbol" ? [] : parsed.values;
  };
}

const item = (at: string, record: AssembledRecord): SourceItem =>
  "fault" in record
    ? { kind: "fault", at, reason: record.fault }
    : { kind: "record", at, cells: record.cells };

/** Reads one array of objects, token by token. */
export async function* readJson(chunks: AsyncIterable<Buffer>): AsyncGenerator<SourceItem> {
  const array = new ArrayReader();
  for await (const piece of splitAtNewlines(chunks)) yield* array.read(piece);
  array.end();
}

class ArrayReader {
  readonly #tokenize = tokenizer();
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  readonly #assembler = new RecordAssembler();
  #state: "before" | "within" | "after" = "before";
  #number = 1;
  /** Where the current record begins. */
  #line = 1;
  #bytes = 0;

  *read({ line, bytes }: LinePiece): Generator<SourceItem> {
    this.#bytes += bytes.length;
    for (const token of this.#tokens(line, bytes)) {
      if (!this.#assembler.isOpen) this.#line = line;
      if (this.#isBracket(token)) continue;
      const record = this.#assembler.take(token);
      if (record === null) continue;
      yield item(this.#at(), record);
      this.#number += 1;
      this.#bytes = 0;
    }
    if (this.#bytes > RECORD_BYTES) {
      throw new ImportError(this.#at(), "this record does not end within 1 MiB");
    }
  }

  end(): void {
    if (this.#state === "before") throw new ImportError(null, "The file is empty.");
    if (this.#state === "within") {
      throw new ImportError(this.#at(), "the file ends in the middle of its array");
    }
  }

  #tokens(line: number, bytes: Buffer): readonly Token[] {
    try {
      return this.#tokenize(this.#decoder.decode(bytes, { stream: true }));
    } catch (error) {
      const reason = error instanceof TypeError ? NOT_UTF8 : "not valid JSON";
      throw new ImportError(`line ${line}, record ${this.#number}`, reason, { cause: error });
    }
  }

  /** `true` for the brackets of the array itself. */
  #isBracket(token: Token): boolean {
    if (this.#state === "before") {
      if (token.name !== "startArray") {
        const reason =
          "Expected one array of objects; a file with an object on each line is named .jsonl.";
        throw new ImportError(null, reason);
      }
      this.#state = "within";
      return true;
    }
    if (token.name !== "endArray" || this.#assembler.isOpen) return false;
    this.#state = "after";
    return true;
  }

  #at = (): string => `line ${this.#line}, record ${this.#number}`;
}

/** Reads an object on each line; empty lines are skipped. */
export async function* readJsonLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<SourceItem> {
  for await (const { line, bytes } of wholeLines(splitAtNewlines(chunks))) {
    const text = isUtf8(bytes) ? bytes.toString("utf8") : null;
    if (text?.trim() === "") continue;
    yield item(`line ${line}`, text === null ? { fault: NOT_UTF8 } : parseLine(text));
  }
}

function parseLine(text: string): AssembledRecord {
  const assembler = new RecordAssembler();
  let record: AssembledRecord | null = null;
  try {
    // The line break ends a number.
    for (const token of tokenizer()(`${text}\n`)) record = assembler.take(token);
  } catch {
    return { fault: "not valid JSON" };
  }
  return record ?? { fault: "expected a whole object on this line" };
}

async function* wholeLines(
  pieces: AsyncIterable<LinePiece>,
): AsyncGenerator<{ line: number; bytes: Buffer }> {
  let parts: Buffer[] = [];
  let size = 0;
  let at = 1;
  for await (const { line, bytes, ends } of pieces) {
    at = line;
    parts.push(bytes);
    size += bytes.length;
    if (size > RECORD_BYTES) {
      throw new ImportError(`line ${line}`, "this line does not end within 1 MiB");
    }
    if (!ends) continue;
    yield { line, bytes: Buffer.concat(parts) };
    parts = [];
    size = 0;
  }
  if (size > 0) yield { line: at, bytes: Buffer.concat(parts) };
}
