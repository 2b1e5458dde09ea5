import { gives, isFieldKnown } from "../../authz/access-plan.ts";
import { permits } from "../../authz/rights.ts";
import type { CellValue } from "../../cell/cell-value.ts";
import type { ColumnType } from "../../cell/column-type.ts";
import { encodeId } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { type KnownDataset, knownDatasets } from "../../access/known-dataset.ts";
import { findNodesOf, Node } from "../../graphql/node.ts";
import { ColumnRef, DatasetRef, type KnownColumn } from "../../access/refs.ts";
import { may } from "../../graphql/scopes.ts";
import { optionsOffered } from "./column-loaders.ts";
import { ColumnTypeEnum, WhenDeniedEnum } from "./column-types.ts";

/** The columns of a dataset that the caller knows, in their order. */
export function columnsKnown(dataset: KnownDataset): KnownColumn[] {
  return dataset.definition.columns
    .filter(({ id }) => isFieldKnown(dataset.plan, id))
    .map((definition) => ({ dataset, definition }));
}

/** The column of this UUID; null for one that the caller may not know of, as for one that is not there. */
export async function columnKnown(context: Context, uuid: string): Promise<KnownColumn | null> {
  const dataset = await knownDatasets(context).load({ by: "columnId", value: uuid });
  const known = dataset && columnsKnown(dataset).find(({ definition }) => definition.id === uuid);
  return known ?? null;
}

findNodesOf("Column", async (context, uuid) =>
  permits(context.rights, "dataset::get") ? await columnKnown(context, uuid) : null,
);

ColumnRef.implement({
  description:
    "A column of a dataset. It is listed for those to whom some role gives any action on it.",
  authScopes: may("dataset::get"),
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: "The id, for `node`, grants and mutations.",
      resolve: ({ definition }) => encodeId("Column", definition.id),
    }),
    dataset: t.field({
      type: DatasetRef,
      description: "The dataset that the column belongs to.",
      resolve: ({ dataset }) => dataset,
    }),
    name: t.string({
      nullable: false,
      description: "The name, unique in the dataset.",
      resolve: ({ definition }) => definition.name,
    }),
    label: t.string({
      nullable: false,
      description: "The name for people.",
      resolve: ({ definition }) => definition.label,
    }),
    description: t.string({
      nullable: false,
      description: "What the column is about; may be empty.",
      resolve: ({ definition }) => definition.description,
    }),
    type: t.field({
      type: ColumnTypeEnum,
      nullable: false,
      description: "What its cells hold.",
      resolve: ({ definition }) => definition.type,
    }),
    position: t.int({
      nullable: false,
      description: "Its place among the columns that the caller knows, from 1.",
      resolve: ({ dataset, definition }) =>
        1 + columnsKnown(dataset).findIndex((known) => known.definition.id === definition.id),
    }),
  }),
});

builder.objectFields(ColumnRef, (t) => ({
  required: t.boolean({
    nullable: false,
    description: "Whether every row needs a value here.",
    resolve: ({ definition }) => definition.required,
  }),
  unique: t.boolean({
    nullable: false,
    description: "Whether no two rows may have the same value here.",
    resolve: ({ definition }) => definition.unique,
  }),
  isKey: t.boolean({
    nullable: false,
    description: "Whether it is one of the key columns, which together tell rows apart.",
    resolve: ({ definition }) => definition.keyPosition !== null,
  }),
  indexed: t.boolean({
    nullable: false,
    description: "Whether filters and orders by it are fast on many rows.",
    resolve: ({ definition }) => definition.indexed,
  }),
  editable: t.boolean({
    nullable: false,
    description: "Whether a cell may be changed after its row was made.",
    resolve: ({ definition }) => definition.editable,
  }),
  tellsTaken: t.boolean({
    nullable: false,
    description:
      "Whether those who may not read a unique column may still set it, and so learn by trying which values it holds.",
    resolve: ({ definition }) => definition.tellsTaken,
  }),
  whenDenied: t.field({
    type: WhenDeniedEnum,
    nullable: false,
    description: "What `Row.cell` answers, for all, where a caller may not read the cell.",
    resolve: ({ definition }) => definition.whenDenied,
  }),
}));

builder.objectFields(ColumnRef, (t) => ({
  default: t.field({
    type: "Cell",
    description: "The value of a new row that sets none; null: none.",
    resolve: ({ definition }) => shown(definition.type, definition.default),
  }),
  min: t.field({
    type: "Cell",
    description:
      "The least value that can be written, of INTEGER, DECIMAL, DATE and DATETIME; null: any.",
    resolve: ({ definition }) => shown(definition.type, definition.min),
  }),
  max: t.field({
    type: "Cell",
    description: "The greatest value that can be written; null: any.",
    resolve: ({ definition }) => shown(definition.type, definition.max),
  }),
  maxLength: t.int({
    description:
      "The most characters of a TEXT that can be written; null: as many as a cell holds.",
    resolve: ({ definition }) => definition.maxLength,
  }),
  pattern: t.string({
    description: "The regular expression (RE2) that a whole TEXT has to match; null: none.",
    resolve: ({ definition }) => definition.pattern,
  }),
  options: t.stringList({
    description:
      "What a SELECT offers: its fixed options or, of a column with `optionsFrom`, the values that the caller may read there, at most 1,000 of them. Null of other types, and where the caller may not read the column that the options are taken from.",
    resolve: ({ definition }, _args, context) =>
      definition.optionsFrom === null
        ? definition.options
        : optionsOffered(context).load(definition.optionsFrom),
  }),
  optionsFrom: t.field({
    type: ColumnRef,
    description:
      "The column whose values are the options; null where they are fixed, and where the caller does not know that column.",
    resolve: ({ definition }, _args, context) =>
      definition.optionsFrom === null ? null : columnKnown(context, definition.optionsFrom),
  }),
}));

builder.objectFields(ColumnRef, (t) => ({
  canRead: t.boolean({
    nullable: false,
    description: "Whether the caller may read its cells, in some rows at least.",
    resolve: ({ dataset, definition }) => gives(dataset.plan, "READ", definition.id),
  }),
  canCreate: t.boolean({
    nullable: false,
    description: "Whether the caller may set its cells in some new rows.",
    resolve: ({ dataset, definition }) => gives(dataset.plan, "CREATE", definition.id),
  }),
  canUpdate: t.boolean({
    nullable: false,
    description: "Whether the caller may change its cells, in some rows at least.",
    resolve: ({ dataset, definition }) => gives(dataset.plan, "UPDATE", definition.id),
  }),
}));

/** A canonical cell as the API shows it: integers that a double holds are numbers. */
function shown(type: ColumnType, value: CellValue): CellValue {
  return type === "INTEGER" && value !== null && Number.isSafeInteger(Number(value))
    ? Number(value)
    : value;
}
