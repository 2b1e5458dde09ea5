import { permits } from "../../authz/rights.ts";
import type { CellValue } from "../../cell/cell-value.ts";
import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import { encodeId, rowTagOf } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import { type KnownDataset, knownDatasets, lackingOn } from "../../access/known-dataset.ts";
import { findNodesOf, Node } from "../../graphql/node.ts";
import { ColumnRef, DatasetRef } from "../../access/refs.ts";
import { may } from "../../graphql/scopes.ts";
import {
  knownByName,
  readableByName,
  requireKnown,
  requireReadable,
} from "../../access/readable-columns.ts";
import { seenRows } from "./row-loaders.ts";
import { RowRef, type SeenRow } from "./row-ref.ts";

/** A cell that the caller may read, of one column. */
interface ReadCell {
  readonly dataset: KnownDataset;
  readonly column: ColumnDefinition;
  readonly value: CellValue;
}

const CellRef = builder.objectRef<ReadCell>("RowCell").implement({
  description: "One cell of a row that the caller may read.",
  authScopes: may("row::get"),
  fields: (t) => ({
    column: t.field({
      type: ColumnRef,
      description: "The column of the cell.",
      resolve: ({ dataset, column: definition }) => ({ dataset, definition }),
    }),
    value: t.field({
      type: "Cell",
      description: "The value, as in `Row.values`; null is no value.",
      resolve: ({ value }) => value,
    }),
    text: t.string({
      description:
        "The value of a TEXT, SELECT, DECIMAL, DATE or DATETIME column, and of an INTEGER as its digits; null of any other, and where there is no value.",
      resolve: (cell) => textOf(cell),
    }),
    number: t.float({
      description:
        "The value of an INTEGER within ±(2⁵³−1), or the double nearest to a DECIMAL; null of any other, and where there is no value.",
      resolve: (cell) => numberOf(cell),
    }),
    boolean: t.boolean({
      description: "The value of a BOOLEAN column; null of any other, and where there is no value.",
      resolve: ({ column: { type }, value }) =>
        type === "BOOLEAN" && typeof value === "boolean" ? value : null,
    }),
  }),
});

function textOf({ column: { type }, value }: ReadCell): string | null {
  if (type === "JSON") return null;
  return typeof value === "number" ? String(value) : typeof value === "string" ? value : null;
}

function numberOf({ column: { type }, value }: ReadCell): number | null {
  if (type === "INTEGER") return typeof value === "number" ? value : null;
  return type === "DECIMAL" && typeof value === "string" ? Number(value) : null;
}

findNodesOf("Row", async (context, uuid) => {
  if (!permits(context.rights, "row::get")) return null;
  const dataset = await knownDatasets(context).load({ by: "rowTag", value: rowTagOf(uuid) });
  const row = dataset && (await seenRows(context).load({ dataset, id: uuid }));
  return dataset && row ? { dataset, row } : null;
});

RowRef.implement({
  description: "A row, as far as the caller sees it.",
  authScopes: may("row::get"),
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: "The id, for `node`, `Dataset.row` and mutations.",
      resolve: ({ row }) => encodeId("Row", row.id),
    }),
    dataset: t.field({
      type: DatasetRef,
      description: "The dataset that the row belongs to.",
      resolve: ({ dataset }) => dataset,
    }),
    version: t.int({
      nullable: false,
      description: "Counts the edits of the row, from 1; for `expectedVersion`.",
      resolve: ({ row }) => row.version,
    }),
    createdAt: t.field({
      type: "DateTime",
      nullable: false,
      description: "When the row was made.",
      resolve: ({ row }) => new Date(row.createdAt),
    }),
    createdBy: t.string({
      nullable: false,
      description: "The id of the principal that made the row.",
      resolve: ({ row }) => row.createdBy,
    }),
    updatedAt: t.field({
      type: "DateTime",
      nullable: false,
      description: "When the row was last edited, whichever of its cells.",
      resolve: ({ row }) => new Date(row.updatedAt),
    }),
    updatedBy: t.string({
      nullable: false,
      description: "The id of the principal that last edited the row.",
      resolve: ({ row }) => row.updatedBy,
    }),
    values: t.field({
      type: "JSON",
      description:
        "The cells that the caller may read, by column name; those it may not read in this row are absent. A column named in `columns` that the caller may not read in any row is an error, as one that does not exist.",
      args: {
        columns: t.arg.stringList({ description: "Only these columns, in this order." }),
      },
      resolve: ({ dataset, row }, { columns }) => valuesOf({ dataset, row }, columns),
    }),
    cell: t.field({
      type: CellRef,
      description:
        "One cell. Where the caller knows the column and may not read the cell, it is as `Column.whenDenied` says: null, a cell without a value, or the error FORBIDDEN. A column that the caller does not know is an error, as one that does not exist.",
      args: { column: t.arg.string({ required: true, description: "The name of the column." }) },
      resolve: (seen, { column }) => cellOf(seen, column),
    }),
    hiddenColumns: t.stringList({
      nullable: false,
      description: "The names of columns that the caller knows and may not read in this row.",
      resolve: hiddenColumns,
    }),
  }),
});

function valuesOf(
  { dataset, row: { cells } }: SeenRow,
  names: readonly string[] | null | undefined,
) {
  if (!names) return cells;
  const columns = readableByName(dataset);
  return Object.fromEntries(
    names
      .map((name) => requireReadable(columns, name).name)
      .filter((name) => Object.hasOwn(cells, name))
      .map((name) => [name, cells[name]]),
  );
}

/** @throws {ForbiddenError} for a cell that may not be read, of a column that says so. */
function cellOf({ dataset, row: { cells } }: SeenRow, name: string): ReadCell | null {
  const column = requireKnown(dataset, name);
  if (Object.hasOwn(cells, name)) return { dataset, column, value: cells[name] ?? null };
  if (column.whenDenied === "ERROR") throw lackingOn(dataset, "READ", { field: column });
  return column.whenDenied === "NULL" ? { dataset, column, value: null } : null;
}

function hiddenColumns({ dataset, row: { cells } }: SeenRow): string[] {
  return [...knownByName(dataset).keys()].filter((name) => !Object.hasOwn(cells, name));
}
