import { decodeId } from "../../../db/id.ts";
import { builder } from "../../../graphql/builder.ts";
import type { Context } from "../../../graphql/context.ts";
import { knownDatasets } from "../../../access/known-dataset.ts";
import { may } from "../../../graphql/scopes.ts";
import type { RowFault } from "./row-fault.ts";
import { seenRows } from "../row-loaders.ts";
import { RowRef, type SeenRow } from "../row-ref.ts";
import type { Operation, WriteResult } from "./write-result.ts";

/** What a write of rows answers. */
export interface Written {
  readonly datasetId: string;
  readonly results: readonly WriteResult[];
}

const RowFaultType = builder.objectRef<RowFault>("RowFault").implement({
  description: "One thing that is wrong with one row of a write.",
  authScopes: () => true,
  fields: (t) => ({
    column: t.exposeString("column", {
      description: "The name of the column or link; null: the row as a whole.",
    }),
    code: t.exposeString("code", { nullable: false, description: "What kind of fault." }),
    message: t.exposeString("message", { nullable: false, description: "What to do about it." }),
    currentVersion: t.int({
      description: "Of a stale write, the version that the row has now; null otherwise.",
      resolve: ({ currentVersion }) => currentVersion ?? null,
    }),
  }),
});

const OperationEnum = builder.enumType("RowOperation", {
  description: "What a write did to a row.",
  values: {
    CREATED: { description: "The row was made." },
    UPDATED: { description: "The row was there, and was changed." },
    DELETED: { description: "The row was deleted." },
  } satisfies Record<Operation, object>,
});

const RowResult = builder
  .objectRef<WriteResult & { readonly datasetId: string }>("RowResult")
  .implement({
    description: "What became of one row of a write.",
    authScopes: () => true,
    fields: (t) => ({
      index: t.exposeInt("index", {
        nullable: false,
        description: "Its place in the call, from 0.",
      }),
      id: t.id({
        description: "Its id; null where it was not written.",
        resolve: ({ written }) => written?.id ?? null,
      }),
      operation: t.field({
        type: OperationEnum,
        description: "What was done to it; null where it was not written.",
        resolve: ({ written }) => written?.operation ?? null,
      }),
      version: t.int({
        description:
          "The version that the write gave it; null where it was not written, or deleted.",
        resolve: ({ written }) => written?.version ?? null,
      }),
      row: t.field({
        type: RowRef,
        description:
          "The row as the caller sees it now; null where it was not written, is deleted, or is out of the caller's sight.",
        authScopes: may("row::get"),
        resolve: async ({ datasetId, written }, _args, context) =>
          written && (await seenRow(context, datasetId, written.id)),
      }),
      faults: t.field({
        type: [RowFaultType],
        nullable: false,
        description: "What is wrong with it; empty: it was written.",
        resolve: ({ faults }) => [...faults],
      }),
    }),
  });

/** What every write of rows answers. */
export const RowsPayload = builder.objectRef<Written>("RowsPayload").implement({
  description: "What a write of rows did.",
  authScopes: () => true,
  fields: (t) => ({
    count: t.int({
      nullable: false,
      description: "How many rows were written.",
      resolve: ({ results }) => results.filter(({ written }) => written !== null).length,
    }),
    results: t.field({
      type: [RowResult],
      nullable: false,
      description: "What became of each row, in the order of the call.",
      resolve: ({ datasetId, results }) => results.map((result) => ({ ...result, datasetId })),
    }),
    rows: t.field({
      type: [RowRef],
      nullable: { list: true, items: true },
      description:
        "The rows that were written, as the caller sees them now, in the order of the call; null for one that is deleted or out of the caller's sight.",
      authScopes: may("row::get"),
      resolve: async ({ datasetId, results }, _args, context) =>
        await Promise.all(
          results.flatMap(({ written }) =>
            written ? [seenRow(context, datasetId, written.id)] : [],
          ),
        ),
    }),
  }),
});

async function seenRow(context: Context, datasetId: string, id: string): Promise<SeenRow | null> {
  const dataset = await knownDatasets(context).load({ by: "id", value: datasetId });
  const uuid = decodeId("Row", id);
  const row = dataset && uuid && (await seenRows(context).load({ dataset, id: uuid }));
  return dataset && row ? { dataset, row } : null;
}
