import { LOOKING } from "../../src/authz/role.ts";
import { inTurn } from "../in-turn.ts";
import type { Ask } from "./api.ts";
import { chunksOfOrders, orderColumns, unasked } from "./orders.ts";

interface MadeDataset {
  readonly id: string;
  readonly columns: readonly { readonly id: string; readonly name: string }[];
}

/** Makes the dataset through the API, as its administrator would, and tells how many rows are there. */
export async function fillDataset(
  ask: Ask,
  count: number,
  onRows: (rows: number) => void,
): Promise<MadeDataset> {
  const columns = orderColumns.map(({ name, type, options }) => ({ name, type, options }));
  const { createDataset } = await ask<{ createDataset: { dataset: MadeDataset } }>(
    `mutation ($input: CreateDatasetInput!) {
       createDataset(input: $input) { dataset { id columns { id name } } } }`,
    { input: { name: "orders", columns } },
  );
  const { dataset } = createDataset;
  let written = 0;
  await inTurn(chunksOfOrders(count), async (rows) => {
    await ask(`mutation ($input: CreateRowsInput!) { createRows(input: $input) { __typename } }`, {
      input: { datasetId: dataset.id, rows },
    });
    onRows((written += rows.length));
  });
  return dataset;
}

/** Makes a key that reads all datasets, but of this one only the columns that are asked for. */
export async function limitedKey(ask: Ask, { id: datasetId, columns }: MadeDataset) {
  const { createRole } = await ask<{ createRole: { role: { id: string } } }>(
    `mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }`,
    { input: { name: "clerk", canRead: true, permissions: LOOKING } },
  );
  const roleId = createRole.role.id;
  const withheld = columns.filter(({ name }) => unasked.includes(name));
  await inTurn(withheld, ({ id: columnId }) =>
    ask(`mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`, {
      input: { roleId, datasetId, columnId, read: "WITHHOLD" },
    }),
  );
  const { createKey } = await ask<{ createKey: { secret: string } }>(
    `mutation ($input: CreateKeyInput!) { createKey(input: $input) { secret } }`,
    { input: { name: "clerk", roleIds: [roleId] } },
  );
  return createKey.secret;
}
