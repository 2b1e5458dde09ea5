import { expect, it } from "vitest";
import { asOperator } from "../../../src/cli/as-operator.ts";
import { deleteTenant } from "../../../src/domain/tenant/delete-tenant.ts";
import { aWorld } from "../../support/world.ts";
import { eventsDuring, eventsOf, inShort } from "./log.ts";

const allowed = (name: string, target: string | null) => ({
  name,
  outcome: "ALLOWED",
  target,
  reason: null,
});

it("What is done is logged in the order in which it was done, with the id of what it is about", async () => {
  const world = await aWorld();
  const ids: Record<string, string> = {};
  const written = await eventsDuring(world, async () => {
    const dataset = await world.dataset({
      columns: [{ name: "a", type: "TEXT" }],
      rows: [{ a: "a secret cell" }],
    });
    const role = await world.role({ grants: [{ datasetId: dataset.id, read: "ALLOW" }] });
    const key = await world.keyWithId({ roles: [role] });
    const added = await world.ask<{ addColumn: { column: { id: string } } }>(
      `mutation ($id: ID!) {
         addColumn(input: { datasetId: $id, column: { name: "b", type: TEXT } }) { column { id } } }`,
      { variables: { id: dataset.id } },
    );
    await world.ask(`mutation ($id: ID!) { revokeKey(input: { id: $id }) { key { id } } }`, {
      variables: { id: key.id },
    });
    const renamed = await world.ask<{ updateTenant: { tenant: { id: string } } }>(
      `mutation { updateTenant(input: { label: "Renamed" }) { tenant { id } } }`,
    );
    const granted = await world.ask<{ role: { grants: { id: string }[] } }>(
      `query ($id: ID!) { role(id: $id) { grants { id } } }`,
      { variables: { id: role } },
    );
    Object.assign(ids, {
      grant: granted.role.grants[0]?.id,
      dataset: dataset.id,
      role,
      key: key.id,
      column: added.addColumn.column.id,
      tenant: renamed.updateTenant.tenant.id,
    });
  });

  expect(written.map(inShort)).toEqual([
    allowed("dataset::create", ids["dataset"] ?? ""),
    allowed("row::create", ids["dataset"] ?? ""),
    allowed("role::create", ids["role"] ?? ""),
    allowed("grant::set", ids["grant"] ?? ""),
    allowed("key::create", ids["key"] ?? ""),
    allowed("column::add", ids["column"] ?? ""),
    allowed("key::revoke", ids["key"] ?? ""),
    allowed("tenant::update", ids["tenant"] ?? ""),
  ]);
  expect(JSON.stringify(written)).not.toContain("a secret cell");
});

it("An event says who did it, when, and from where; of a key, no client", async () => {
  const world = await aWorld();
  const { id, secret } = await world.keyWithId({
    name: "Ada's",
    roles: [{ permissions: ["event::write"] }],
  });
  const begun = Date.now();
  const [written] = await eventsDuring(world, () =>
    world.ask(`mutation { writeEvent(input: { name: "custom::x" }) { __typename } }`, {
      key: secret,
      ip: "192.0.2.7",
    }),
  );

  expect(written).toMatchObject({
    principalKind: "KEY",
    principalId: id,
    principalName: "Ada's",
    clientId: null,
    clientName: null,
    ip: "192.0.2.7",
    count: 1,
    number: null,
  });
  expect(Date.parse(written?.at ?? "")).toBeGreaterThanOrEqual(begun - 1);
});

it("A mutation that fails leaves nothing but an event that says so, with its code", async () => {
  const world = await aWorld();
  const role = await world.role({ name: "taken" });
  const written = await eventsDuring(world, async () => {
    await world.run(`mutation { createRole(input: { name: "taken" }) { role { id } } }`);
    await world.run(`mutation { createRole(input: { name: "NOT A NAME" }) { role { id } } }`);
    await world.run(`mutation ($id: ID!) { deleteRole(input: { id: $id }) { id } }`, {
      variables: { id: role.replaceAll(/.$/g, (last) => (last === "0" ? "1" : "0")) },
    });
    await world.run(
      `mutation { deleteRole(input: { id: "${"no id of anything ".repeat(100)}" }) { id } }`,
    );
  });

  expect(written.map(({ name, outcome, reason }) => [name, outcome, reason])).toEqual([
    ["role::create", "FAILED", "CONFLICT"],
    ["role::create", "FAILED", "BAD_USER_INPUT"],
    ["role::delete", "FAILED", "NOT_FOUND"],
    ["role::delete", "FAILED", "NOT_FOUND"],
  ]);
  expect(written.map(({ target }) => target !== null)).toEqual([false, false, true, false]);
});

it("Each mutation of a document writes its own event, and one that fails leaves those of the others", async () => {
  const world = await aWorld();
  await world.role({ name: "taken" });
  const written = await eventsDuring(world, () =>
    world.run(`mutation {
      a: createRole(input: { name: "first" }) { role { id } }
      b: createRole(input: { name: "taken" }) { role { id } }
      c: createRole(input: { name: "third" }) { role { id } }
      d: createRole(input: { name: "taken" }) { role { id } }
    }`),
  );

  // Of the failed ones, after the request.
  expect(written.map(({ outcome }) => outcome)).toEqual(["ALLOWED", "ALLOWED", "FAILED", "FAILED"]);
});

it("A right that is lacking in a mutation is denied, with the gate and its name", async () => {
  const world = await aWorld();
  const { id: datasetId } = await world.dataset({
    name: "films",
    columns: [{ name: "a", type: "TEXT" }],
  });
  const key = await world.key({ roles: [{ canRead: true, permissions: ["row::create"] }] });
  const written = await eventsDuring(world, () =>
    world.run(
      `mutation ($id: ID!) { createRows(input: { datasetId: $id, rows: [{ a: "x" }] }) { count } }`,
      { key, variables: { id: datasetId } },
    ),
  );

  expect(written.map(inShort)).toEqual([
    { name: "row::create", outcome: "DENIED", target: null, reason: "DATA CREATE films" },
  ]);
});

it("The command line writes events as the operator", async () => {
  const world = await aWorld();
  const ask = asOperator(world.database, world.tenantId);
  const written = await eventsDuring(world, async () => {
    await ask(`mutation { createRole(input: { name: "made" }) { role { id } } }`);
    await ask(`mutation { createRole(input: { name: "made" }) { role { id } } }`).catch(() => null);
  });
  const [first] = (await eventsOf(world)).toReversed();

  expect(written.map(({ name, outcome }) => [name, outcome])).toEqual([
    ["role::create", "ALLOWED"],
    ["role::create", "FAILED"],
  ]);
  expect(written[0]).toMatchObject({ principalKind: "OPERATOR", principalId: null, ip: null });
  expect(first).toMatchObject({ name: "system::create_tenant", principalKind: "OPERATOR" });
});

it("A tenant that is deleted takes its log with it", async () => {
  const [gone, stays] = [await aWorld(), await aWorld()];
  await gone.seal();
  await stays.seal();
  await deleteTenant(gone.database, gone.slug);
  const count = async (tenantId: string) => {
    const { rows } = await gone.database.pool.query<{ count: string }>(
      "SELECT (SELECT count(*) FROM event WHERE tenant_id = $1) + (SELECT count(*) FROM event_head WHERE tenant_id = $1) AS count",
      [tenantId],
    );
    return Number(rows[0]?.count);
  };

  expect(await count(gone.tenantId)).toBe(0);
  expect(await count(stays.tenantId)).toBe(2);
});
