import { LOOKING } from "../../src/authz/role.ts";
import { inTurn, range } from "../in-turn.ts";
import type { Ask } from "./api.ts";
import { chunksOfOrders, orderColumns, REGION, unasked } from "./orders.ts";

/** A dataset with the ids by which it is spoken of. */
export interface MadeDataset {
  readonly id: string;
  readonly columns: readonly { readonly id: string; readonly name: string }[];
}

/** Makes an empty dataset with the columns of orders through the API, as its administrator would. */
export async function makeDataset(ask: Ask, name: string): Promise<MadeDataset> {
  const columns = orderColumns.map(({ name: column, type, options }) => ({
    name: column,
    type,
    options,
    indexed: column === "region",
  }));
  const { createDataset } = await ask<{ createDataset: { dataset: MadeDataset } }>(
    `mutation ($input: CreateDatasetInput!) {
       createDataset(input: $input) { dataset { id columns { id name } } } }`,
    { input: { name, columns } },
  );
  return createDataset.dataset;
}

/** Writes the first rows through the API, and tells how many are there. */
export async function fillDataset(
  ask: Ask,
  { id: datasetId }: MadeDataset,
  count: number,
  onRows: (rows: number) => void,
): Promise<void> {
  let written = 0;
  await inTurn(chunksOfOrders(count), async (rows) => {
    await ask(`mutation ($input: CreateRowsInput!) { createRows(input: $input) { __typename } }`, {
      input: { datasetId, rows },
    });
    onRows((written += rows.length));
  });
}

/** What a role says of a dataset. */
export interface Share {
  /** The columns that it does not give. */
  readonly withheld: readonly string[];
  readonly filter: object;
}

/** The rows of the region, as a filter. */
export const inRegion = { column: "region", eq: REGION };

/** A role that reads and makes the rows of the region, and of their columns those that are asked for. */
const CLERK: Share = { withheld: unasked, filter: inRegion };

/** A key with one role, of this name. */
export async function limitedKey(
  ask: Ask,
  dataset: MadeDataset,
  { name, share = CLERK }: { readonly name: string; readonly share?: Share },
): Promise<string> {
  return await makeKey(ask, name, [await makeRole(ask, name, { dataset, share })]);
}

const ROLES = 20;

/**
 * A key of twenty roles that reads the same: by one role, and parts of it again by four others, each with a
 * row filter and columns of its own; the rest give nothing here.
 */
export async function manyRolesKey(ask: Ask, dataset: MadeDataset): Promise<string> {
  const shares = ["status", "currency", "carrier", "points"].map((column, place): Share => ({
    withheld: [...unasked, column],
    filter: { and: [inRegion, { column: "quantity", gt: place + 1 }] },
  }));
  const sharing = await inTurn([CLERK, ...shares].entries(), ([place, share]) =>
    makeRole(ask, `share_${place}`, { dataset, share }),
  );
  const others = range(sharing.length + 1, ROLES);
  const looking = await inTurn(others, (number) => makeRole(ask, `looking_${number}`));
  return await makeKey(ask, "many_roles", [...sharing, ...looking]);
}

async function makeRole(
  ask: Ask,
  name: string,
  on?: { readonly dataset: MadeDataset; readonly share: Share },
): Promise<string> {
  const { createRole } = await ask<{ createRole: { role: { id: string } } }>(
    `mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }`,
    { input: { name, permissions: [...LOOKING, "row::create"] } },
  );
  const roleId = createRole.role.id;
  const { id: datasetId, columns } = on?.dataset ?? { id: "", columns: [] };
  const grant = (input: object) =>
    ask(`mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`, {
      input: { roleId, datasetId, ...input },
    });
  if (!on) return roleId;
  const { filter, withheld } = on.share;
  await grant({ read: "ALLOW", create: "ALLOW", rowFilter: { read: filter, create: filter } });
  await inTurn(
    columns.filter(({ name: column }) => withheld.includes(column)),
    ({ id: columnId }) => grant({ columnId, read: "WITHHOLD", create: "WITHHOLD" }),
  );
  return roleId;
}

async function makeKey(ask: Ask, name: string, roleIds: readonly string[]): Promise<string> {
  const { createKey } = await ask<{ createKey: { secret: string } }>(
    `mutation ($input: CreateKeyInput!) { createKey(input: $input) { secret } }`,
    { input: { name, roleIds } },
  );
  return createKey.secret;
}
