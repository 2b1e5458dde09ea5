import { expect, test } from "vitest";
import { recordsAfter } from "../../../src/db/row-log.ts";
import { decodeId } from "../../../src/db/id.ts";
import { snapshotOf } from "../../support/row-log.ts";
import { eventsDuring } from "../event/log.ts";
import { aShop, CREATE, UPDATE, type Written, written } from "./shop.ts";

const rowOf = ({ data }: { data: Written | null }, method: string) => data?.[method]?.rows?.[0];

test("what a token does is told with its client: in events, of rows, of datasets and in the change log", async () => {
  const shop = await aShop();
  const { world, key, sales } = shop;
  const client = { clientId: "acme", clientName: "ACME Corp" };
  const acting = await world.token({ key, ...client });
  const named = await world.token({ key, clientName: "Only a name" });
  const plain = await world.token({ key });
  const events = await eventsDuring(world, async () => {
    const made = await written(shop, CREATE, acting.asking, { rows: [{ region: "EU" }] });
    const by = `${acting.id} acme (ACME Corp)`;
    expect(rowOf(made, "createRows")).toMatchObject({ createdBy: by, updatedBy: by });
    const change = { rows: [{ id: sales.rows[0], values: { note: "new" } }] };
    expect(rowOf(await written(shop, UPDATE, named.asking, change), "updateRows")).toMatchObject({
      updatedBy: `${named.id} (Only a name)`,
    });
    expect(rowOf(await written(shop, UPDATE, plain.asking, change), "updateRows")).toMatchObject({
      updatedBy: plain.id,
    });
    await world.run("{ keys { totalCount } }", acting.asking);
  });
  expect(events).toMatchObject([
    {
      name: "row::create",
      outcome: "ALLOWED",
      principalKind: "ACCESS_TOKEN",
      principalId: acting.id,
      ...client,
    },
    { name: "row::update", clientId: null, clientName: "Only a name" },
    { name: "row::update", principalId: plain.id, clientId: null, clientName: null },
    { name: "key::find", outcome: "DENIED", principalId: acting.id, ...client },
  ]);
  const logged = {
    database: world.database,
    tenantId: world.tenantId,
    id: decodeId("Dataset", sales.id) ?? "",
  };
  const records = await snapshotOf(logged, (transaction) =>
    recordsAfter(transaction, logged, null, 100),
  );
  expect(records.slice(-3)).toMatchObject([
    { by: `${acting.id} acme (ACME Corp)`, ...client },
    { by: `${named.id} (Only a name)`, clientName: "Only a name" },
    { by: plain.id },
  ]);
});

test("making and revoking a token are events that name it, and nothing of its text", async () => {
  const { world, key, inEU } = await aShop();
  let [id, secret] = ["", ""];
  const events = await eventsDuring(world, async () => {
    ({ id, secret } = await world.token({ key, conditions: [{ ...inEU, value: "a cell value" }] }));
    await world.ask(
      `mutation ($id: ID!) { revokeAccessToken(input: { id: $id }) { accessToken { id } } }`,
      { variables: { id } },
    );
  });
  expect(events).toMatchObject([
    { name: "access_token::create", outcome: "ALLOWED", target: id, principalKind: "KEY" },
    { name: "access_token::revoke", outcome: "ALLOWED", target: id },
  ]);
  const text = JSON.stringify(events);
  for (const hidden of [secret.slice(-20), "a cell value"]) expect(text).not.toContain(hidden);
  const { rows } = await world.database.pool.query(
    "SELECT count(*)::int AS there FROM access_token a WHERE a::text LIKE '%' || $1 || '%'",
    [secret.slice(-40)],
  );
  expect(rows).toEqual([{ there: 0 }]);
});
