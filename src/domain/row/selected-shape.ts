import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import { heldBy, readableColumns } from "../../db/readable-view.ts";
import type { CellPart, Member, RowPart, RowShape } from "../../db/row-shape.ts";
import type { Place } from "../../db/shown-row.ts";
import type { SelectedField } from "../../graphql/selection.ts";
import type { KnownDataset } from "../../access/known-dataset.ts";
import { knownByName, readableByName } from "../../access/readable-columns.ts";

/**
 * The shape of rows of which these fields are selected: what the resolvers of `Row` would answer, to be made by the
 * database. Null where they have to be asked, since a field leads on to other things or has an error to tell.
 */
export function rowShape(dataset: KnownDataset, fields: readonly SelectedField[]): RowShape | null {
  return whole(fields.map((field) => named(field, rowPart(dataset, field))));
}

/** The shape of edges of which these fields are selected; null as for {@link rowShape}. */
export function edgeShape(
  dataset: KnownDataset,
  fields: readonly SelectedField[],
  cursorOf: (place: Place) => string,
): RowShape | null {
  return whole(
    fields.map((field) => {
      switch (field.name) {
        case "__typename":
          return named(field, { kind: "constant", json: '"RowEdge"' });
        case "cursor":
          return named(field, { kind: "place", textOf: cursorOf });
        case "node": {
          const shape = rowShape(dataset, field.fields() ?? [UNKNOWN]);
          return named(field, shape && { kind: "object", shape });
        }
        default:
          return null;
      }
    }),
  );
}

function rowPart(dataset: KnownDataset, field: SelectedField): RowPart | null {
  const { name, args } = field;
  switch (name) {
    case "__typename":
      return { kind: "constant", json: '"Row"' };
    case "id":
    case "version":
    case "createdAt":
    case "createdBy":
    case "updatedAt":
    case "updatedBy":
      return { kind: name };
    case "values":
      return valuesPart(dataset, (args["columns"] ?? null) as readonly string[] | null);
    case "hiddenColumns":
      return { kind: "hidden", columns: hiddenColumns(dataset) };
    case "cell":
      return cellPart(dataset, String(args["column"]), field);
    default:
      return null;
  }
}

function valuesPart(dataset: KnownDataset, names: readonly string[] | null): RowPart | null {
  if (!names) return { kind: "values", columns: readableColumns(dataset) };
  const readable = readableByName(dataset);
  const columns = whole([...new Set(names)].map((name) => readable.get(name) ?? null));
  return columns && { kind: "values", columns };
}

/** The columns that the caller knows and may not read in some row. */
function hiddenColumns(dataset: KnownDataset): ColumnDefinition[] {
  const readable = readableByName(dataset);
  return [...knownByName(dataset).values()].filter(
    ({ id, name }) => !readable.has(name) || heldBy(dataset, id),
  );
}

function cellPart(dataset: KnownDataset, name: string, field: SelectedField): RowPart | null {
  const readable = readableByName(dataset).get(name);
  const column = readable ?? knownByName(dataset).get(name);
  const isDenied = !readable || heldBy(dataset, readable.id) !== null;
  if (!column || (isDenied && column.whenDenied === "ERROR")) return null;
  const members = whole((field.fields() ?? [UNKNOWN]).map((part) => named(part, cellMember(part))));
  const isNullWhenDenied = column.whenDenied === "ABSENT";
  if (!members || readable) return members && { kind: "cell", column, members, isNullWhenDenied };
  return { kind: "constant", json: isNullWhenDenied ? "null" : withoutValue(members) };
}

/** Stands for what is not known to be selected. */
const UNKNOWN: SelectedField = { key: "", name: "", args: {}, fields: () => null };

function cellMember({ name }: SelectedField): CellPart | null {
  switch (name) {
    case "__typename":
      return { json: '"RowCell"' };
    case "value":
    case "text":
    case "number":
    case "boolean":
      return name;
    default:
      return null;
  }
}

/** A cell that is denied, and answered as one without a value. */
function withoutValue(members: readonly Member<CellPart>[]): string {
  const parts = members.map(
    ({ name, part }) => `"${name}":${typeof part === "object" ? part.json : "null"}`,
  );
  return `{${parts.join(",")}}`;
}

function named<Part>({ key }: SelectedField, part: Part | null): Member<Part> | null {
  return part && { name: key, part };
}

/** All of the parts; null where one is missing. */
function whole<Part>(parts: readonly (Part | null)[]): Part[] | null {
  const there = parts.filter((part) => part !== null);
  return there.length === parts.length ? there : null;
}
