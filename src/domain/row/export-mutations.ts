import { decodeId, newUuid } from "../../db/id.ts";
import { insertTransfer, pendingTransfers } from "../../db/transfers.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { InputError, LimitError, NotFoundError } from "../../graphql/errors.ts";
import { may } from "../../graphql/scopes.ts";
import { newTransferText } from "../../identity/transfer-text.ts";
import { type ExportRows, ExportRowsInput } from "./export-inputs.ts";
import { plannedExport } from "./planned-export.ts";

/** How long a one-time URL lasts, in milliseconds. */
const LASTS_MS = 5 * 60_000;

/** How many exports one key, or the public, may have promised and not fetched. */
const MOST_PENDING = 100;

/** How much text the input of an export may be: it is kept until the export is fetched. */
const MOST_BYTES = 256 * 1024;

interface Promised {
  readonly url: string;
  readonly expiresAt: Date;
}

const ExportRowsPayload = builder.objectRef<Promised>("ExportRowsPayload").implement({
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

async function promiseExport(context: Context, input: ExportRows): Promise<Promised> {
  const { tenant, transaction, rights, narrowedTo, now } = context;
  if (!tenant) throw new NotFoundError("dataset");
  const { kind, id: principalId } = rights.principal;
  if (kind === "OPERATOR") throw new InputError("Export with the command fieldgate export.");
  // Those that are there now, by name: a column that comes or goes meanwhile does not change the file unsaid.
  const { columns } = await plannedExport(context, input);
  const promised = JSON.stringify({ ...input, columns: columns.map(({ name }) => name) });
  if (Buffer.byteLength(promised) > MOST_BYTES) {
    throw new LimitError(`An export is described in at most ${MOST_BYTES} bytes. Filter by less.`);
  }
  const keyId = principalId === null ? null : decodeId("Key", principalId);
  if ((await pendingTransfers(transaction, keyId, now)) >= MOST_PENDING) {
    throw new LimitError(
      `At most ${MOST_PENDING} exports wait to be fetched. Fetch them, or try again when they have expired, in five minutes.`,
    );
  }
  const id = newUuid();
  const { text, hash } = newTransferText(tenant.id, id);
  const expiresAt = new Date(now.getTime() + LASTS_MS);
  await insertTransfer(transaction, {
    tenantId: tenant.id,
    id,
    kind: "EXPORT",
    principalKind: kind,
    keyId,
    narrowedTo,
    arguments: promised,
    hash,
    expiresAt,
  });
  return { url: `/transfers/${text}`, expiresAt };
}
