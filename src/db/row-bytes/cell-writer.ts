import type { ColumnType } from "../../cell/column-type.ts";
import type { ColumnDefinition } from "../dataset-definition.ts";
import type { CellPart } from "../row-shape.ts";
import type { JsonWriter } from "./json-writer.ts";
import { constant, NULL, type Write } from "./object-writer.ts";

/** How the cells of each type stand in an answer, as in `cell-json.ts`. */
const FORMS = {
  TEXT: "text",
  SELECT: "text",
  INTEGER: "integer",
  DECIMAL: "plain",
  BOOLEAN: "raw",
  DATE: "plain",
  DATETIME: "moment",
  JSON: "raw",
} as const satisfies Record<ColumnType, keyof JsonWriter>;

/** Writes a cell as the API shows it. */
export function cellWriter({ type }: ColumnDefinition, field: number): Write {
  const form = FORMS[type];
  return orNull(field, (row, out) => out[form](row, field));
}

/** Writes one part of a cell. */
export function cellPartWriter(column: ColumnDefinition, part: CellPart, field: number): Write {
  if (typeof part === "object") return constant(part.json);
  const { type } = column;
  const none = constant("null");
  switch (part) {
    case "value":
      return cellWriter(column, field);
    case "text":
      if (type === "INTEGER") return orNull(field, (row, out) => out.plain(row, field));
      return type === "BOOLEAN" || type === "JSON" ? none : cellWriter(column, field);
    case "number":
      return type === "INTEGER" || type === "DECIMAL" ? numberWriter(type, field) : none;
    case "boolean":
      return type === "BOOLEAN" ? cellWriter(column, field) : none;
  }
}

/** Writes a number where a double holds the integer, or the double that is nearest to the decimal. */
function numberWriter(type: "INTEGER" | "DECIMAL", field: number): Write {
  return (row, out) => {
    const text = row.text(field);
    const value = Number(text);
    const isNumber = text !== null && (type === "DECIMAL" || Number.isSafeInteger(value));
    out.bytes(isNumber ? Buffer.from(JSON.stringify(value)) : NULL);
  };
}

function orNull(field: number, write: Write): Write {
  return (row, out) => (row.isNull(field) ? out.bytes(NULL) : write(row, out));
}
