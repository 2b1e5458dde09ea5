import { builder } from "../../graphql/builder.ts";
import { knownDatasets } from "../../access/known-dataset.ts";
import { ColumnRef, DatasetRef, RoleRef } from "../../access/refs.ts";
import { may } from "../../graphql/scopes.ts";
import { addColumn } from "./add-column.ts";
import { columnKnown } from "./column.ts";
import { readersOf } from "./field-readers.ts";
import { createDataset } from "./create-dataset.ts";
import {
  AddColumnInput,
  CreateDatasetInput,
  DeleteDatasetInput,
  RemoveColumnInput,
  UpdateColumnInput,
  UpdateDatasetInput,
} from "./definition-inputs.ts";
import { removeColumn, updateColumn } from "./update-column.ts";
import { deleteDataset, updateDataset } from "./update-dataset.ts";

interface ChangedDataset {
  readonly datasetId: string;
}

interface ChangedColumn {
  readonly columnId: string;
}

/** What a change of a dataset, or the removal of one of its parts, answers. */
export const DatasetPayload = builder.objectRef<ChangedDataset>("DatasetPayload").implement({
  description: "What became of a dataset.",
  authScopes: () => true,
  fields: (t) => ({
    dataset: t.field({
      type: DatasetRef,
      description:
        "The dataset as it is now; null for a caller to whom no role gives an action on it, as may be the case of one that it has just made.",
      resolve: ({ datasetId }, _args, context) =>
        knownDatasets(context).load({ by: "id", value: datasetId }),
    }),
  }),
});

const DeleteDatasetPayload = builder.objectRef<ChangedDataset>("DeleteDatasetPayload").implement({
  description: "What was deleted.",
  authScopes: () => true,
  fields: (t) => ({
    id: t.id({
      description: "The id that the dataset had.",
      resolve: ({ datasetId }) => datasetId,
    }),
  }),
});

const ColumnPayload = builder.objectRef<ChangedColumn>("ColumnPayload").implement({
  description: "What became of a column.",
  authScopes: () => true,
  fields: (t) => ({
    column: t.field({
      type: ColumnRef,
      description: "The column as it is now; null for a caller who does not know it.",
      resolve: ({ columnId }, _args, context) => columnKnown(context, columnId),
    }),
    dataset: t.field({
      type: DatasetRef,
      description: "Its dataset; null for a caller who does not know it.",
      resolve: ({ columnId }, _args, context) =>
        knownDatasets(context).load({ by: "columnId", value: columnId }),
    }),
    readableBy: t.field({
      type: [RoleRef],
      nullable: { list: true, items: true },
      description:
        "The roles that give READ on the column, by name. Null without a permission on roles, and for a caller who does not know the column.",
      resolve: async ({ columnId }, _args, context) => {
        const column = await columnKnown(context, columnId);
        return column && (await readersOf(context, column));
      },
    }),
  }),
});

builder.mutationFields((t) => ({
  createDataset: t.field({
    type: DatasetPayload,
    description:
      "Makes a dataset. `CONFLICT`: the name is taken. Who may use it is said by the defaults of roles, and by grants.",
    authScopes: may("dataset::create"),
    args: {
      input: t.arg({
        type: CreateDatasetInput,
        required: true,
        description: "The dataset to make.",
      }),
    },
    resolve: async (_root, { input }, context) => ({
      datasetId: await createDataset(context, input),
    }),
  }),
  updateDataset: t.field({
    type: DatasetPayload,
    description: "Changes a dataset that the caller knows. `CONFLICT`: the name is taken.",
    authScopes: may("dataset::update"),
    changesRights: true,
    args: {
      input: t.arg({
        type: UpdateDatasetInput,
        required: true,
        description: "The dataset to change, and how.",
      }),
    },
    resolve: async (_root, { input }, context) => ({
      datasetId: await updateDataset(context, input),
    }),
  }),
  deleteDataset: t.field({
    type: DeleteDatasetPayload,
    description:
      "Deletes a dataset that the caller knows, with all its rows, and the links of other datasets that lead to it. `CONFLICT`: columns of other datasets take their options from it.",
    authScopes: may("dataset::delete"),
    args: {
      input: t.arg({
        type: DeleteDatasetInput,
        required: true,
        description: "The dataset to delete.",
      }),
    },
    resolve: async (_root, { input }, context) => {
      await deleteDataset(context, input.id);
      return { datasetId: input.id };
    },
  }),
}));

builder.mutationFields((t) => ({
  addColumn: t.field({
    type: ColumnPayload,
    description:
      "Adds a column to a dataset that the caller knows. Roles read it as they read the dataset, unless `readableBy` withholds it.",
    authScopes: may("column::add"),
    changesRights: true,
    args: {
      input: t.arg({
        type: AddColumnInput,
        required: true,
        description: "The column to add, and where.",
      }),
    },
    resolve: async (_root, { input }, context) => ({ columnId: await addColumn(context, input) }),
  }),
  updateColumn: t.field({
    type: ColumnPayload,
    description:
      "Changes a column that the caller knows. What depends on its cells (a type, required, unique, indexed), and `tellsTaken`, needs READ on it in every row.",
    authScopes: may("column::update"),
    args: {
      input: t.arg({
        type: UpdateColumnInput,
        required: true,
        description: "The column to change, and how.",
      }),
    },
    resolve: async (_root, { input }, context) => ({
      columnId: await updateColumn(context, input),
    }),
  }),
  removeColumn: t.field({
    type: DatasetPayload,
    description:
      "Removes a column that the caller knows, with all its cells. `CONFLICT`: it is a key column, or others take their options from it, or row filters of grants or conditions of access tokens name it.",
    authScopes: may("column::remove"),
    args: {
      input: t.arg({
        type: RemoveColumnInput,
        required: true,
        description: "The column to remove.",
      }),
    },
    resolve: async (_root, { input }, context) => ({
      datasetId: await removeColumn(context, input.id),
    }),
  }),
}));
