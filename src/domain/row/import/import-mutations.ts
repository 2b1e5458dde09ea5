import { insertRowImport } from "../../../db/row-imports.ts";
import { requireDataset } from "../../../access/known-dataset.ts";
import { builder } from "../../../graphql/builder.ts";
import type { Context } from "../../../graphql/context.ts";
import { InputError, NotFoundError } from "../../../graphql/errors.ts";
import { may } from "../../../graphql/scopes.ts";
import { importable } from "./import-decision.ts";
import { type ImportRows, ImportRowsInput } from "./import-inputs.ts";
import { requireColumns } from "./import-records.ts";
import { type PromisedTransfer, promiseTransfer } from "../promised-transfer.ts";
import { ownImport, RowImportRef } from "./row-import.ts";
import { requiredColumns, requireWhole } from "../write/write-rights.ts";

const ImportRowsPayload = builder.objectRef<PromisedTransfer>("ImportRowsPayload").implement({
  description: "Where the file of an import is to be sent.",
  authScopes: () => true,
  fields: (t) => ({
    url: t.exposeString("url", {
      nullable: false,
      description:
        "A one-time URL, to be resolved against that of the API: `PUT` the file there, once, as it is; it needs no credential. The answer comes when the rows are there. It is as secret as a credential that can make these rows.",
    }),
    expiresAt: t.expose("expiresAt", {
      type: "DateTime",
      nullable: false,
      description: "Until when the file has to begin to come.",
    }),
    import: t.field({
      type: RowImportRef,
      description: "The import, which `node` tells of while its file comes and afterwards.",
      resolve: ({ id }, _args, context) => ownImport(context, id),
    }),
  }),
});

builder.mutationField("importRows", (t) =>
  t.field({
    type: ImportRowsPayload,
    description:
      "Promises to make rows of a file, however many, and answers with a one-time URL to send it to. Needs CREATE on the dataset and on every column that the file sets. All that `createRows` checks is checked while the file comes, by the rights that the caller has then, narrowed as this request is, and the rows are there all at once when it has come; where rights or the definition of the dataset change meanwhile it is a CONFLICT and nothing is written. Links are not set. All or nothing, unless faulty rows are to be skipped.",
    authScopes: may("row::import"),
    args: {
      input: t.arg({
        type: ImportRowsInput,
        required: true,
        description: "What is to be imported, and where.",
      }),
    },
    resolve: (_root, { input }, context) => promiseImport(context, input),
  }),
);

async function promiseImport(context: Context, input: ImportRows): Promise<PromisedTransfer> {
  const { tenant, rights, transaction, now: at } = context;
  if (!tenant) throw new NotFoundError("dataset");
  const { id: principal } = rights.principal;
  if (principal === null) throw new InputError("Import with a credential.");
  const dataset = importable(await requireDataset(context, input.datasetId));
  requireWhole(dataset, "CREATE");
  requiredColumns(dataset);
  requireColumns(dataset, input.columns ?? []);
  const promised = await promiseTransfer(context, "IMPORT", input);
  await insertRowImport(transaction, {
    tenantId: tenant.id,
    id: promised.id,
    datasetId: dataset.definition.id,
    principal,
    at,
  });
  return promised;
}
