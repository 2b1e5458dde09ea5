import { builder } from "../../../graphql/builder.ts";
import type { Context } from "../../../graphql/context.ts";
import { InputError } from "../../../graphql/errors.ts";
import { may } from "../../../graphql/scopes.ts";
import { type ExportRows, ExportRowsInput } from "./export-inputs.ts";
import { plannedExport } from "./planned-export.ts";
import { type PromisedTransfer, promiseTransfer } from "../promised-transfer.ts";

const ExportRowsPayload = builder.objectRef<PromisedTransfer>("ExportRowsPayload").implement({
  description: "Where an export is to be fetched.",
  authScopes: () => true,
  fields: (t) => ({
    url: t.exposeString("url", {
      nullable: false,
      description:
        "A one-time URL, to be resolved against that of the API: `GET` answers with the file, once, and needs no credential. It is as secret as what is in the file.",
    }),
    expiresAt: t.expose("expiresAt", {
      type: "DateTime",
      nullable: false,
      description: "Until when it can be fetched.",
    }),
  }),
});

builder.mutationField("exportRows", (t) =>
  t.field({
    type: ExportRowsPayload,
    description:
      "Promises a file of rows that the caller sees, however many, and answers with a one-time URL. The file is made when it is fetched, by the rights that the caller has then, narrowed as this request is; where a column that is exported, filtered or ordered by may not be read any more, there is no file. Without READ on any column it is FORBIDDEN.",
    authScopes: may("row::export"),
    args: {
      input: t.arg({
        type: ExportRowsInput,
        required: true,
        description: "What is to be exported.",
      }),
    },
    resolve: (_root, { input }, context) => promiseExport(context, input),
  }),
);

async function promiseExport(context: Context, input: ExportRows): Promise<PromisedTransfer> {
  if (context.rights.principal.kind === "OPERATOR") {
    throw new InputError("Export with the command fieldgate export.");
  }
  // Those that are there now, by name: a column that comes or goes meanwhile does not change the file unsaid.
  const { columns } = await plannedExport(context, input);
  return await promiseTransfer(context, "EXPORT", {
    ...input,
    columns: columns.map(({ name }) => name),
  });
}
