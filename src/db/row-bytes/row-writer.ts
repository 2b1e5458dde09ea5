import type { ColumnDefinition } from "../dataset-definition.ts";
import { idPrefix } from "../id.ts";
import { heldBy, type PlannedDataset } from "../readable-view.ts";
import type { CellShown, RowPart, RowShape } from "../row-shape.ts";
import { cellPartWriter, cellWriter } from "./cell-writer.ts";
import {
  constant,
  type IsHeld,
  NULL,
  namesWriter,
  objectWriter,
  type Write,
} from "./object-writer.ts";
import type { Place } from "../shown-row.ts";
import type { RowBytes } from "./row-bytes.ts";
import type { Beside, RowFields } from "./row-fields.ts";

/** The rows that are written: their dataset, and where their fields are. */
interface Rows {
  readonly dataset: PlannedDataset;
  readonly fields: RowFields;
  /** Where a row is in their order; null where nobody asks. */
  readonly placeIn: ((row: RowBytes) => Place) | null;
}

/** Writes rows in a shape. What is to be written is found out once, however many rows there are. */
export function rowWriter(rows: Rows, shape: RowShape): Write {
  return objectWriter(shape.map(({ name, part }) => ({ name, write: partWriter(rows, part) })));
}

/** Writes the cells of columns as one object; those that may not be read in a row are absent. */
export function valuesWriter(
  rows: Omit<Rows, "placeIn">,
  columns: readonly ColumnDefinition[],
): Write {
  return objectWriter(
    columns.map((column) => ({
      name: column.name,
      write: cellWriter(column, rows.fields.placeOf(column)),
      isHeld: heldIn(rows, column.id),
    })),
  );
}

function partWriter(rows: Rows, part: RowPart): Write {
  switch (part.kind) {
    case "constant":
      return constant(part.json);
    case "id":
      return idWriter(rows);
    case "version":
      return besideWriter(rows, "version", "raw");
    case "createdAt":
      return besideWriter(rows, "created_at", "moment");
    case "updatedAt":
      return besideWriter(rows, "updated_at", "moment");
    case "createdBy":
      return besideWriter(rows, "created_by", "text");
    case "updatedBy":
      return besideWriter(rows, "updated_by", "text");
    case "values":
      return valuesWriter(rows, part.columns);
    case "hidden":
      return namesWriter(part.columns.map(({ id, name }) => ({ name, isHeld: heldIn(rows, id) })));
    case "cell":
      return cellObject(rows, part);
    case "object":
      return rowWriter(rows, part.shape);
    case "place":
      return placeWriter(rows, part.textOf);
  }
}

function besideWriter({ fields }: Rows, what: Beside, form: "raw" | "moment" | "text"): Write {
  const field = fields.placeOf(what);
  return (row, out) => out[form](row, field);
}

function idWriter({ fields }: Rows): Write {
  const field = fields.placeOf("id");
  const prefix = Buffer.from(`"${idPrefix("Row")}`);
  const quote = Buffer.from('"');
  return (row, out) => {
    out.bytes(prefix);
    out.digits(row, field);
    out.bytes(quote);
  };
}

function placeWriter({ placeIn }: Rows, textOf: (place: Place) => string): Write {
  if (!placeIn) throw new Error("The places of the rows are not asked for.");
  return (row, out) => out.bytes(Buffer.from(JSON.stringify(textOf(placeIn(row)))));
}

function cellObject(rows: Rows, { column, members, isNullWhenDenied }: CellShown): Write {
  const field = rows.fields.placeOf(column);
  const write = objectWriter(
    members.map(({ name, part }) => ({ name, write: cellPartWriter(column, part, field) })),
  );
  const isHeld = isNullWhenDenied ? heldIn(rows, column.id) : null;
  if (!isHeld) return write;
  return (row, out) => (isHeld(row) ? write(row, out) : out.bytes(NULL));
}

/** Whether a column may be read in a row; null: in each, or in none. */
function heldIn({ dataset, fields }: Omit<Rows, "placeIn">, columnId: string): IsHeld | null {
  const by = heldBy(dataset, columnId);
  if (!by) return null;
  const field = fields.placeOf("held");
  // An array of truths is `{t,f}`.
  return ({ bytes, starts }) =>
    by.some((place) => bytes[(starts[field] ?? 0) + 1 + 2 * place] === TRUE);
}

const TRUE = "t".charCodeAt(0);
