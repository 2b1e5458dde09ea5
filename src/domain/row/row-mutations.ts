import { decodeId } from "../../db/id.ts";
import { beginCommit } from "../../db/row-commit.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { type KnownDataset, requireDataset } from "../../access/known-dataset.ts";
import { may } from "../../graphql/scopes.ts";
import { createRows } from "./create-rows.ts";
import { deleteRows } from "./delete-rows.ts";
import { CreateRowsInput, DeleteRowsInput, UpdateRowsInput } from "./row-write-inputs.ts";
import { RowsPayload, type Written } from "./rows-payload.ts";
import { updateRows } from "./update-rows.ts";
import { type OnFault, requireFew, stampOf, type WriteResult } from "./write-result.ts";

interface RowsInput<Row> {
  readonly datasetId: string;
  readonly rows: readonly Row[];
  readonly onFault?: OnFault | null | undefined;
}

type Write<Row> = (
  context: Context,
  dataset: KnownDataset,
  rows: readonly Row[],
  onFault: OnFault,
) => Promise<WriteResult[]>;

/** How a method writes rows, and the action that it needs on each. */
interface Writing<Row> {
  readonly action: "CREATE" | "UPDATE" | "DELETE";
  readonly work: Write<Row>;
}

async function write<Row>(
  context: Context,
  { datasetId, rows, onFault }: RowsInput<Row>,
  { action, work }: Writing<Row>,
): Promise<Written> {
  requireFew(rows);
  await begin(context, datasetId);
  const dataset = await requireDataset(context, datasetId);
  const results = await work(context, dataset, rows, onFault ?? "REJECT_ALL");
  if (results.some(({ faults }) => faults.some(({ code }) => code === "FORBIDDEN"))) {
    const reason = `DATA ${action} ${dataset.definition.name}`;
    context.noteDenied(`row::${action.toLowerCase()}`, datasetId, reason);
  }
  return { datasetId: dataset.definition.id, results };
}

builder.mutationFields((t) => ({
  createRows: t.field({
    type: RowsPayload,
    description:
      "Makes rows. Needs CREATE on the dataset and on every column and link that a row sets, and sight of the rows that it leads to. All or nothing, unless faulty rows are to be skipped.",
    authScopes: may("row::create"),
    args: {
      input: t.arg({
        type: CreateRowsInput,
        required: true,
        description: "The rows to make, and where.",
      }),
    },
    resolve: (_root, { input }, context) =>
      write(context, input, { action: "CREATE", work: createRows }),
  }),
  updateRows: t.field({
    type: RowsPayload,
    description:
      "Changes cells of rows that the caller sees, and where they lead. Needs UPDATE on every column and link that a row sets, and sight of the rows that it is to lead to. All or nothing, unless faulty rows are to be skipped.",
    authScopes: may("row::update"),
    args: {
      input: t.arg({
        type: UpdateRowsInput,
        required: true,
        description: "The rows to change, and how.",
      }),
    },
    resolve: (_root, { input }, context) =>
      write(context, input, { action: "UPDATE", work: updateRows }),
  }),
  deleteRows: t.field({
    type: RowsPayload,
    description:
      "Deletes rows that the caller sees, with the links from and to them. Needs DELETE on the dataset. All or nothing, unless faulty rows are to be skipped.",
    authScopes: may("row::delete"),
    args: {
      input: t.arg({ type: DeleteRowsInput, required: true, description: "The rows to delete." }),
    },
    resolve: (_root, { input }, context) =>
      write(context, input, { action: "DELETE", work: deleteRows }),
  }),
}));

/** Keeps the definition of the dataset as it is while rows are written by it. */
async function begin(context: Context, id: string): Promise<void> {
  const { transaction, tenant } = context;
  const datasetId = decodeId("Dataset", id);
  if (!tenant || !datasetId) return;
  await beginCommit(transaction, { tenantId: tenant.id, datasetId }, stampOf(context));
}
