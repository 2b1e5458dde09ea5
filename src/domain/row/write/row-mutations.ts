import { decodeId } from "../../../db/id.ts";
import { beginCommit } from "../../../db/row-commit.ts";
import { builder } from "../../../graphql/builder.ts";
import type { Context } from "../../../graphql/context.ts";
import { type KnownDataset, requireDataset } from "../../../access/known-dataset.ts";
import { may } from "../../../graphql/scopes.ts";
import { createRows } from "./create-rows.ts";
import { deleteRows } from "./delete-rows.ts";
import { doneOnce } from "./idempotency.ts";
import {
  CreateRowsInput,
  DeleteRowsInput,
  UpdateRowsInput,
  UpsertRowsInput,
} from "./row-write-inputs.ts";
import { RowsPayload, type Written } from "./rows-payload.ts";
import { updateRows } from "./update-rows.ts";
import { upsertRows } from "./upsert-rows.ts";
import { type OnFault, requireFew, stampOf } from "./write-result.ts";
import type { Work } from "./write-rows.ts";

interface RowsInput {
  readonly datasetId: string;
  readonly rows: readonly unknown[];
  readonly onFault?: OnFault | null | undefined;
  readonly idempotencyKey?: string | null | undefined;
}

/** How a method writes rows. */
interface Writing {
  readonly permission: string;
  /** The action that it needs on each row, in words. */
  readonly needs: string;
  /** Whether one call at a time is done in a dataset. */
  readonly inTurn?: boolean;
  /** Asks for the rights that the call needs by what it names. */
  readonly prepare: (dataset: KnownDataset, onFault: OnFault) => Work;
}

async function write(
  context: Context,
  input: RowsInput,
  { permission, needs, inTurn = false, prepare }: Writing,
): Promise<Written> {
  requireFew(input.rows);
  await begin(context, input.datasetId);
  const dataset = await requireDataset(context, input.datasetId);
  const { id, tenantId, name } = dataset.definition;
  const work = prepare(dataset, input.onFault ?? "REJECT_ALL");
  // Only who may do it waits for others who do.
  if (inTurn) context.requireTurn(`${permission} ${id}`);
  const call = { tenantId, method: permission, input };
  const results = await doneOnce(context, call, async () => {
    const written = await work(context);
    if (written.some(({ faults }) => faults.some(({ code }) => code === "FORBIDDEN"))) {
      context.notes.addDenied(permission, input.datasetId, `DATA ${needs} ${name}`);
    }
    return written;
  });
  return { datasetId: id, results };
}

const ALL_OR_NOTHING = "All or nothing, unless faulty rows are to be skipped.";

builder.mutationFields((t) => ({
  createRows: t.field({
    type: RowsPayload,
    description: `Makes rows. Needs CREATE on the dataset and on every column and link that a row sets, and sight of the rows that it leads to. ${ALL_OR_NOTHING}`,
    authScopes: may("row::create"),
    args: {
      input: t.arg({
        type: CreateRowsInput,
        required: true,
        description: "The rows to make, and where.",
      }),
    },
    resolve: (_root, { input }, context) =>
      write(context, input, {
        permission: "row::create",
        needs: "CREATE",
        prepare: (dataset, onFault) => createRows(dataset, input.rows, onFault),
      }),
  }),
  updateRows: t.field({
    type: RowsPayload,
    description: `Changes cells of rows that the caller sees, and where they lead. Needs UPDATE on every column and link that a row sets, and sight of the rows that it is to lead to. ${ALL_OR_NOTHING}`,
    authScopes: may("row::update"),
    args: {
      input: t.arg({
        type: UpdateRowsInput,
        required: true,
        description: "The rows to change, and how.",
      }),
    },
    resolve: (_root, { input }, context) =>
      write(context, input, {
        permission: "row::update",
        needs: "UPDATE",
        prepare: (dataset, onFault) => updateRows(dataset, input.rows, onFault),
      }),
  }),
  upsertRows: t.field({
    type: RowsPayload,
    description: `Changes the rows that have the keys of the call, and makes those that are not there. Needs READ on the columns of the key in every row, unless they are \`tellsTaken\`; for a row that is there what \`updateRows\` needs, where the columns of the key are not among those that it sets; for any other what \`createRows\` needs. A row that the caller does not see, or of which it may not read the key, is not there, and its key is taken. ${ALL_OR_NOTHING}`,
    authScopes: may("row::upsert"),
    args: {
      input: t.arg({
        type: UpsertRowsInput,
        required: true,
        description: "The rows to change or make, and by which key.",
      }),
    },
    resolve: (_root, { input }, context) =>
      write(context, input, {
        permission: "row::upsert",
        needs: "CREATE or UPDATE",
        inTurn: true,
        prepare: (dataset, onFault) =>
          upsertRows(dataset, { rows: input.rows, by: input.by ?? null, onFault }),
      }),
  }),
  deleteRows: t.field({
    type: RowsPayload,
    description: `Deletes rows that the caller sees, with the links from and to them. Needs DELETE on the dataset. ${ALL_OR_NOTHING}`,
    authScopes: may("row::delete"),
    args: {
      input: t.arg({ type: DeleteRowsInput, required: true, description: "The rows to delete." }),
    },
    resolve: (_root, { input }, context) =>
      write(context, input, {
        permission: "row::delete",
        needs: "DELETE",
        prepare: (dataset, onFault) => deleteRows(dataset, input.rows, onFault),
      }),
  }),
}));

/** Keeps the definition of the dataset as it is while rows are written by it. */
async function begin(context: Context, id: string): Promise<void> {
  const { transaction, tenant } = context;
  const datasetId = decodeId("Dataset", id);
  if (!tenant || !datasetId) return;
  await beginCommit(transaction, { tenantId: tenant.id, datasetId }, stampOf(context));
}
