import type { Token } from "stream-json/parser.js";

import type { JsonValue } from "../cell/cell-value.ts";
import { JsonBuilder } from "./json-builder.ts";
import type { SourceCell } from "./source-record.ts";
import { WrittenNumber } from "./source-record.ts";

export type AssembledRecord =
  | { readonly cells: ReadonlyMap<string, SourceCell> }
  | { readonly fault: string };

/** Puts records together from the tokens of JSON objects, one after another. */
export class RecordAssembler {
  readonly #builder = new JsonBuilder();
  #cells: Map<string, SourceCell> | null = null;
  #key = "";

  /** `true` between the first token of a record and its last. */
  get isOpen(): boolean {
    return this.#cells !== null || this.#builder.isOpen;
  }

  /** The record that the token completes, or null. */
  take(token: Token): AssembledRecord | null {
    if (this.#cells === null || this.#builder.isOpen) return this.#takeValue(token);
    if (token.name === "endObject") return this.#finish(this.#cells);
    if (token.name === "keyValue") this.#key = token.value;
    else if (token.name === "numberValue") this.#set(this.#cells, new WrittenNumber(token.value));
    else return this.#takeValue(token);
    return null;
  }

  #takeValue(token: Token): AssembledRecord | null {
    if (!this.isOpen && token.name === "startObject") {
      this.#cells = new Map();
      return null;
    }
    const value = this.#builder.take(token);
    if (value === undefined) return null;
    if (this.#cells !== null) {
      this.#set(this.#cells, value);
      return null;
    }
    this.#builder.loss = null;
    return { fault: `expected an object, got ${kindOf(value)}` };
  }

  #set(cells: Map<string, SourceCell>, cell: SourceCell): void {
    if (cells.has(this.#key)) this.#builder.loss ??= `the key ${quoted(this.#key)} is there twice`;
    cells.set(this.#key, cell);
  }

  #finish(cells: ReadonlyMap<string, SourceCell>): AssembledRecord {
    const { loss } = this.#builder;
    this.#cells = null;
    this.#builder.loss = null;
    return loss === null ? { cells } : { fault: loss };
  }
}

const quoted = (key: string): string => JSON.stringify(key.slice(0, 40));

function kindOf(value: JsonValue): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}
