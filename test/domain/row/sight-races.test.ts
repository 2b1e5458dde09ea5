import sql, { raw } from "sql-template-tag";
import { expect, test } from "vitest";
import { inTransaction } from "../../../src/db/transaction.ts";
import { WRITING } from "../../db/as-role.ts";
import { aWorld, type World } from "../../support/world.ts";

const UPDATE = `mutation ($input: UpdateRowsInput!) { updateRows(input: $input) { count } }`;
const DELETE = `mutation ($input: DeleteRowsInput!) { deleteRows(input: $input) { count } }`;

const shown = (region: string) => ({ read: { column: "region", eq: region } });

/** A row that a key sees in the EU, by a role for whole rows; another role shows titles in the US. */
async function sceneOf(world: World) {
  const { id, columns, rows } = await world.dataset({
    columns: [
      { name: "title", type: "TEXT" },
      { name: "region", type: "TEXT" },
    ],
    rows: [{ title: "one", region: "EU" }],
  });
  const titles = { datasetId: id, columnId: columns["title"] ?? "", read: "ALLOW" } as const;
  const key = await world.key({
    roles: [
      {
        permissions: ["row::update", "row::delete", "row::get", "dataset::get"],
        canUpdate: true,
        canDelete: true,
        grants: [{ datasetId: id, read: "ALLOW", rowFilter: shown("EU") }],
      },
      { grants: [{ datasetId: id, rowFilter: shown("US") }, titles] },
    ],
  });
  return { id, key, row: rows[0] ?? "" };
}

/** Takes every row of a dataset out of sight in a transaction, for which what is asked meanwhile waits. */
async function whileItGoes<Found>(
  { database, tenantId }: World,
  datasetId: string,
  ask: () => Promise<Found>,
): Promise<Found> {
  const reach = { role: "fieldgate_member", tenantId, mode: "write" } as const;
  const table = raw(`data.d_${datasetId.split("_")[1]}`);
  const asked = await inTransaction(database, reach, async (transaction) => {
    await transaction.query(raw(WRITING));
    await transaction.query(sql`UPDATE ${table} SET c2 = 'XX', version = version + 1`);
    const answer = ask();
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { answer };
  });
  return await asked.answer;
}

test("a row that goes out of sight while its change waits for it is not found", async () => {
  const world = await aWorld();
  const { id, key, row } = await sceneOf(world);
  const rows = [{ id: row, values: { title: "two" } }];
  const { text } = await whileItGoes(world, id, () =>
    world.run(UPDATE, { key, variables: { input: { datasetId: id, rows } } }),
  );
  expect(text).toContain("No such row.");
});

test("a row that goes out of sight while its deletion waits for it does not tell its version", async () => {
  const world = await aWorld();
  const { id, key, row } = await sceneOf(world);
  const rows = [{ id: row, expectedVersion: 1 }];
  const { text } = await whileItGoes(world, id, () =>
    world.run(DELETE, { key, variables: { input: { datasetId: id, rows } } }),
  );
  expect(text).toContain("No such row.");
});
