import sql, { type Sql } from "sql-template-tag";
import { isName } from "../../cell/column-name.ts";
import { decodeId } from "../../db/id.ts";
import { isKnownSql } from "../../db/is-known-sql.ts";
import { builder } from "../../graphql/builder.ts";
import { connectionOf, MOST } from "../../graphql/connection.ts";
import type { Context } from "../../graphql/context.ts";
import { InputError } from "../../graphql/errors.ts";
import { keysetPage } from "../../graphql/keyset-page.ts";
import { type KnownDataset, knownDatasets } from "../../access/known-dataset.ts";
import { DatasetRef } from "../../access/refs.ts";
import { may } from "../../graphql/scopes.ts";

const DatasetConnection = connectionOf("Dataset", DatasetRef);

builder.queryFields((t) => ({
  dataset: t.field({
    type: DatasetRef,
    description:
      "One dataset by its id or by its name; null where there is none that the caller knows.",
    authScopes: may("dataset::get"),
    args: {
      id: t.arg.id({ description: "Its id; or else its name." }),
      name: t.arg.string({ description: "Its name; or else its id." }),
    },
    resolve: (_root, { id, name }, context) => datasetBy(context, id ?? null, name ?? null),
  }),
  datasets: t.field({
    type: DatasetConnection,
    description: "The datasets that the caller knows, by name.",
    authScopes: may("dataset::find"),
    args: {
      first: t.arg.int({ description: `At most so many, up to ${MOST.others}; 100 if not set.` }),
      after: t.arg.string({ description: "The cursor of a dataset: the page begins after it." }),
    },
    resolve: (_root, args, context) =>
      keysetPage(context, args, {
        scope: "datasets",
        read: (take, after) => datasetsAfter(context, take, after ?? ""),
        place: ({ definition }) => definition.name,
        count: () => countKnown(context),
      }),
  }),
}));

async function datasetBy(context: Context, id: string | null, name: string | null) {
  if ((id === null) === (name === null)) {
    throw new InputError("Name the dataset by its id or by its name: by one of the two.");
  }
  if (name !== null) return await datasetByName(context, name);
  const uuid = decodeId("Dataset", id ?? "");
  return uuid === null ? null : await knownDatasets(context).load({ by: "id", value: uuid });
}

/** What is no name of anything is not asked for: the database refuses some texts, and with them the request. */
async function datasetByName(context: Context, name: string): Promise<KnownDataset | null> {
  return isName(name) ? await knownDatasets(context).load({ by: "name", value: name }) : null;
}

async function datasetsAfter(
  context: Context,
  take: number,
  name: string,
): Promise<KnownDataset[]> {
  const ids = await onKnown<{ id: string }>(
    context,
    (known) => sql`
      SELECT d.id FROM ${known} AND d.name > ${name} COLLATE "C"
      ORDER BY d.name COLLATE "C" LIMIT ${take}`,
  );
  const found = await knownDatasets(context).loadMany(
    ids.map(({ id }) => ({ by: "id", value: id }) as const),
  );
  return found.flatMap((dataset) => {
    if (dataset instanceof Error) throw dataset;
    return dataset ?? [];
  });
}

async function countKnown(context: Context): Promise<number> {
  const [row] = await onKnown<{ count: number }>(
    context,
    (known) => sql`SELECT count(*)::integer AS count FROM ${known}`,
  );
  return row?.count ?? 0;
}

/** Asks the datasets that the caller knows; of no tenant, there are none. */
async function onKnown<Row extends object>(
  { tenant, transaction, rights }: Context,
  statement: (known: Sql) => Sql,
): Promise<Row[]> {
  if (!tenant) return [];
  const known = sql`dataset d WHERE d.tenant_id = ${tenant.id}::uuid AND ${isKnownSql(rights)}`;
  return await transaction.query<Row>(statement(known));
}
