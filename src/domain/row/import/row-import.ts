import { encodeId } from "../../../db/id.ts";
import type { RowImport } from "../../../db/generated/client.ts";
import { knownDatasets } from "../../../access/known-dataset.ts";
import { DatasetRef } from "../../../access/refs.ts";
import { builder } from "../../../graphql/builder.ts";
import type { Context } from "../../../graphql/context.ts";
import { findNodesOf, Node } from "../../../graphql/node.ts";
import { may } from "../../../graphql/scopes.ts";
import { permits } from "../../../authz/rights.ts";
import type { ImportFault } from "./import-fault.ts";

/** An import that has not been heard of for so long in a state is no more: nothing came, or its process was killed. */
const LOST_MS: Readonly<Partial<Record<RowImport["state"], number>>> = {
  WAITING: 7 * 60_000,
  RECEIVING: 2 * 60_000,
  WRITING: 120 * 60_000,
};

const ImportStateEnum = builder.enumType("RowImportState", {
  description: "How far an import of rows is.",
  values: {
    WAITING: { description: "Its file has not come." },
    RECEIVING: { description: "Its file is coming, and what has come of it is checked." },
    WRITING: { description: "The file is there, and its rows are written, all at once." },
    DONE: { description: "Its rows are there." },
    FAILED: { description: "Nothing was written. `failure` says why." },
  } as const,
});

const RowImportFault = builder.objectRef<ImportFault>("RowImportFault").implement({
  description: "One thing that is wrong with one record of a file.",
  authScopes: () => true,
  fields: (t) => ({
    at: t.exposeString("at", {
      nullable: false,
      description: "Where in the file, such as `line 12`.",
    }),
    column: t.exposeString("column", {
      description: "The name of the column; null: the record as a whole.",
    }),
    code: t.exposeString("code", { nullable: false, description: "What kind of fault." }),
    message: t.exposeString("message", { nullable: false, description: "What to do about it." }),
  }),
});

/** The type `RowImport`. */
export const RowImportRef = builder.prismaObject("RowImport", {
  description:
    "An import of rows into a dataset. Seen by the key, token or user that asked for it, for a day after its last sign of life.",
  authScopes: may("row::import"),
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: "The id, for `node`.",
      resolve: ({ id }) => encodeId("RowImport", id),
    }),
    dataset: t.field({
      type: DatasetRef,
      description:
        "The dataset; null where the caller does not know it any more. For whoever holds `dataset::get`.",
      resolve: ({ datasetId }, _args, context) =>
        knownDatasets(context).load({ by: "id", value: datasetId }),
    }),
    state: t.field({
      type: ImportStateEnum,
      nullable: false,
      description: "How far it is.",
      resolve: (found, _args, { now }) => (isLost(found, now) ? "FAILED" : found.state),
    }),
    bytes: t.float({
      nullable: false,
      description: "How many bytes of the file have been read.",
      resolve: ({ bytes }) => Number(bytes),
    }),
    rows: t.exposeInt("rows", {
      nullable: false,
      description: "The rows that were made; before that, those that are to be.",
    }),
    faulty: t.exposeInt("faulty", {
      nullable: false,
      description: "The records that are at fault so far.",
    }),
    faults: t.field({
      type: [RowImportFault],
      nullable: false,
      description: "The first faults, in the order in which they were found; up to 100.",
      resolve: ({ faults }) => faults as unknown as ImportFault[],
    }),
    failure: t.string({
      description: "Why nothing was written; null where it was, or may be.",
      resolve: (found, _args, { now }) => (isLost(found, now) ? LOST : found.failure),
    }),
    createdAt: t.expose("createdAt", {
      type: "DateTime",
      nullable: false,
      description: "When it was asked for.",
    }),
  }),
});

const LOST = "Its file never came, or the server stopped meanwhile. Ask for another import.";

function isLost({ state, touchedAt }: RowImport, now: Date): boolean {
  return now.getTime() - touchedAt.getTime() > (LOST_MS[state] ?? Infinity);
}

/** An import of the caller's own; null for any other. */
export async function ownImport(context: Context, uuid: string): Promise<RowImport | null> {
  const { prisma, tenant, rights } = context;
  const { id: principal } = rights.principal;
  if (!tenant || principal === null || !permits(rights, "row::import")) return null;
  return await prisma.rowImport.findFirst({ where: { tenantId: tenant.id, id: uuid, principal } });
}

findNodesOf("RowImport", ownImport);
