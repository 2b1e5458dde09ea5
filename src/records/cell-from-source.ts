import { jsonParser } from "stream-json/parser.js";

import type { JsonValue } from "../cell/cell-value.ts";
import type { ColumnType } from "../cell/column-type.ts";
import { restored } from "../cell/formula.ts";
import { exactNumber, JsonBuilder } from "./json-builder.ts";
import type { SourceCell, SourceFormat } from "./source-record.ts";
import { WrittenNumber } from "./source-record.ts";

/**
 * Turns a cell of a file into what a column's parser takes for its type. What does not fit the
 * type is handed on as it is, for the parser to refuse.
 */
export function cellFromSource(format: SourceFormat, type: ColumnType, cell: SourceCell): unknown {
  if (cell instanceof WrittenNumber) return fromNumber(type, cell);
  if (format === "csv" && typeof cell === "string") return cellFromText(type, cell);
  const isText = type === "TEXT" || type === "SELECT";
  return typeof cell === "boolean" && isText ? String(cell) : cell;
}

/** A number keeps its digits in TEXT; in JSON it must be one that a double can hold. `1.0` is an INTEGER, too. */
function fromNumber(type: ColumnType, number: WrittenNumber): unknown {
  if (type === "JSON") return exactNumber(number.text) ?? number;
  const exact = type === "INTEGER" ? exactNumber(number.text) : null;
  return Number.isSafeInteger(exact) ? exact : number.text;
}

/**
 * Reads the text of a CSV field as a value of a type; spaces around it count in text alone, and a mark that
 * keeps text from being taken for a formula is no part of it.
 */
function cellFromText(type: ColumnType, text: string): unknown {
  if (type === "TEXT" || type === "SELECT") return restored(text);
  const trimmed = text.trim();
  if (trimmed === "") return null;
  if (type === "JSON") return jsonFromText(trimmed);
  return type === "BOOLEAN" ? booleanFromText(trimmed) : trimmed;
}

function booleanFromText(text: string): unknown {
  const lower = text.toLowerCase();
  return lower === "true" || lower === "false" ? lower === "true" : text;
}

/** The JSON that a text is; the text itself where it is none, or where a digit would be lost. */
function jsonFromText(text: string): JsonValue {
  const builder = new JsonBuilder();
  let value: JsonValue | undefined;
  try {
    const parsed = jsonParser({ streamValues: false })(`${text}\n`);
    const tokens = typeof parsed === "symbol" ? [] : parsed.values;
    for (const token of tokens) value = builder.take(token);
  } catch {
    return text;
  }
  return value === undefined || builder.loss !== null ? text : value;
}
