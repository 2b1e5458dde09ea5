import { beforeAll, describe, expect, test } from "vitest";
import { aWorld, type NewGrant, type NewRole, type World } from "../../support/world.ts";
import { explained, explainedToItself, type Question, stepsAt } from "./explaining.ts";

const METHODS = "viewer::get dataset::get row::get row::create row::update row::delete".split(" ");

const EXPLAINS = [...METHODS, "access::explain"];

const IN_ULM = { column: "city", eq: "Ulm" };

let world: World;
let people: Awaited<ReturnType<World["dataset"]>>;

beforeAll(async () => {
  world = await aWorld();
  people = await world.dataset({
    name: "people",
    columns: [
      { name: "name", type: "TEXT" },
      { name: "city", type: "TEXT" },
      { name: "salary", type: "INTEGER" },
    ],
    rows: [
      { name: "Ada", city: "Ulm", salary: 10 },
      { name: "Bob", city: "Bonn", salary: 20 },
    ],
  });
});

const columnId = (name: string) => people.columns[name] ?? "";
const salary = () => ({ columnId: columnId("salary") });
const rowId = (place: number) => people.rows[place] ?? "";

type Grants = readonly Omit<NewGrant, "datasetId">[];

/** The id of a role that has every method of rows, and these grants on the dataset. */
async function aRole(role: NewRole, grants: Grants = []) {
  const datasetId = people.id;
  const own = grants.map((grant) => ({ datasetId, ...grant }));
  return await world.role({ permissions: METHODS, ...role, grants: own });
}

/** What the administrator is told of whoever holds some roles. */
async function ofRoles(roleIds: readonly string[], question: Omit<Question, "subject">) {
  return await explained(world, { subject: { roleIds }, ...question });
}

describe("an explanation names the role and the grant that decided", () => {
  test("a grant on the column", async () => {
    const reader = await aRole({ name: "reader", canRead: true }, [
      { columnId: columnId("salary"), read: "WITHHOLD" },
    ]);
    const hidden = await ofRoles([reader], { object: salary(), action: "READ" });
    expect(hidden).toMatchObject({
      allowed: false,
      why: "Not allowed: the data right READ people.salary is missing. The role reader does not give READ on people.salary: its grant on the column withholds it. For the subject the column does not exist.",
      missing: { gate: "DATA", name: "READ people.salary" },
    });
    expect(stepsAt(hidden, "READ people.salary")).toMatchObject([
      {
        gate: "DATA",
        passed: false,
        roleName: "reader",
        role: { name: "reader" },
        source: "COLUMN_GRANT",
        grant: { column: { name: "salary" } },
        rowFilter: null,
      },
    ]);
    const other = { columnId: columnId("name") };
    expect(await ofRoles([reader], { object: other, action: "READ" })).toMatchObject({
      allowed: true,
      why: "Allowed. The role reader gives READ on people.name: it gives READ by default, and no grant of it says otherwise.",
      missing: null,
    });
  });

  test("a grant on the dataset, of one role among several", async () => {
    const [none, payroll] = [
      await aRole({ name: "none" }),
      await aRole({ name: "payroll" }, [{ read: "ALLOW" }]),
    ];
    const both = await ofRoles([none, payroll], { object: salary(), action: "READ" });
    expect(both).toMatchObject({
      allowed: true,
      why: "Allowed. The role payroll gives READ on people.salary: its grant on the dataset allows it.",
    });
    expect(stepsAt(both, "READ people.salary")).toMatchObject([
      { roleName: "none", passed: false, source: "DEFAULT", grant: null },
      { roleName: "payroll", passed: true, source: "DATASET_GRANT", grant: { column: null } },
    ]);
    expect(await ofRoles([none], { object: salary(), action: "READ" })).toMatchObject({
      allowed: false,
      why: "Not allowed: the data right READ people.salary is missing. The role none does not give READ on people.salary: it does not give READ by default, and no grant of it allows it here. For the subject the dataset does not exist.",
    });
  });

  test("a permission, and the administrator's, who has every one there is", async () => {
    const reader = await aRole({ name: "looks_at_roles", permissions: ["role::find"] });
    const asked = (permission: string) => ofRoles([reader], { object: { permission } });
    expect(await asked("role::find")).toMatchObject({
      allowed: true,
      why: "Allowed. The role looks_at_roles has the permission role::find.",
      steps: [{ gate: "PERMISSION", name: "role::find", passed: true }],
    });
    expect(await asked("role::create")).toMatchObject({
      allowed: false,
      why: "Not allowed: the permission role::create is missing. The role looks_at_roles does not have the permission role::create.",
      missing: { gate: "PERMISSION", name: "role::create" },
    });
    const object = { permission: "tenant::update" };
    expect(await explained(world, { object })).toMatchObject({
      allowed: true,
      steps: [
        { source: "ADMINISTRATOR", text: "The role administrator gives everything there is." },
      ],
    });
  });

  test("the permission of the method comes before the data right", async () => {
    const mute = await aRole({ name: "mute", canRead: true, permissions: ["dataset::get"] });
    expect(
      await ofRoles([mute], { object: { datasetId: people.id }, action: "READ" }),
    ).toMatchObject({
      allowed: false,
      missing: { gate: "PERMISSION", name: "row::get" },
      steps: [
        { gate: "PERMISSION", passed: false },
        { gate: "DATA", passed: true },
      ],
    });
  });

  test("two roles that each give a half of a new row give nothing together", async () => {
    const object = { datasetId: people.id, column: "salary" };
    const rows = await aRole({ name: "rows", canCreate: true }, [
      { columnId: columnId("salary"), create: "WITHHOLD" },
    ]);
    const cells = await aRole({ name: "cells" }, [
      { columnId: columnId("salary"), create: "ALLOW" },
    ]);
    const halves = await ofRoles([rows, cells], { object, action: "CREATE" });
    expect(halves).toMatchObject({
      allowed: false,
      missing: { gate: "DATA", name: "CREATE people.salary" },
    });
    expect(stepsAt(halves, "CREATE people.salary").map(({ text }) => text)).toEqual([
      "The role cells does not give CREATE on people.salary: it does not give CREATE by default, and no grant of it allows it here. It gives the column; a new row needs the dataset of the same role too.",
      "The role rows does not give CREATE on people.salary: its grant on the column withholds it.",
    ]);
    const whole = await aRole({ name: "whole", canCreate: true });
    expect(await ofRoles([rows, cells, whole], { object, action: "CREATE" })).toMatchObject({
      allowed: true,
    });
  });
});

describe("of a row an explanation says whether the row filters hold on it", () => {
  test("for what is read, changed and deleted", async () => {
    const ulm = await aRole({ name: "ulm", canRead: true }, [
      { update: "ALLOW", delete: "ALLOW", rowFilter: { update: IN_ULM, delete: IN_ULM } },
    ]);
    const asked = (place: number, action: string) =>
      ofRoles([ulm], { object: { rowId: rowId(place) }, action });
    expect(await asked(0, "UPDATE")).toMatchObject({
      allowed: true,
      why: "Allowed. The role ulm gives UPDATE on people, on the rows of its row filter: its grant on the dataset allows it. It holds on this row. The filter is asked of the row as it is, and again of the row as it becomes.",
    });
    const bob = await asked(1, "UPDATE");
    expect(bob).toMatchObject({
      allowed: false,
      missing: { gate: "DATA", name: "UPDATE people" },
    });
    const [step] = stepsAt(bob, "UPDATE people");
    expect(step).toMatchObject({ passed: false, rowFilter: IN_ULM });
    expect(step?.text).toMatch(/It does not hold on this row\.$/);
    expect(await asked(0, "DELETE")).toMatchObject({ allowed: true });
    expect(await asked(1, "DELETE")).toMatchObject({ allowed: false });
    expect(await asked(1, "READ")).toMatchObject({ allowed: true });
  });

  test("and names a variable that has no value", async () => {
    const filter = { column: "city", eq: "$user.city" };
    const own = await aRole({ name: "own" }, [{ read: "ALLOW", rowFilter: { read: filter } }]);
    const object = { rowId: rowId(0), column: "name" };
    const asked = await ofRoles([own], { object, action: "READ" });
    expect(asked).toMatchObject({ allowed: false });
    expect(stepsAt(asked, "READ people.name")).toMatchObject([
      {
        passed: false,
        rowFilter: filter,
        text: "The role own gives READ on people.name, on the rows of its row filter: its grant on the dataset allows it. The filter lets no row through: $user.city has no value.",
      },
    ]);
    const all = await aRole({ name: "all", canRead: true });
    expect(await ofRoles([own, all], { object, action: "READ" })).toMatchObject({
      allowed: true,
      why: "Allowed. The role all gives READ on people.name: it gives READ by default, and no grant of it says otherwise.",
    });
  });

  test("a cell is read by a role that gives both its row and its column", async () => {
    const names = await aRole({ name: "names" }, [{ columnId: columnId("name"), read: "ALLOW" }]);
    const pay = await aRole({ name: "pay" }, [
      { rowFilter: { read: IN_ULM } },
      { columnId: columnId("salary"), read: "ALLOW" },
    ]);
    const asked = async (place: number, column: string) => {
      const object = { rowId: rowId(place), column };
      return (await ofRoles([names, pay], { object, action: "READ" }))?.allowed;
    };
    expect([await asked(0, "name"), await asked(0, "salary")]).toEqual([true, true]);
    expect([await asked(1, "name"), await asked(1, "salary")]).toEqual([true, false]);
  });

  test("changes and deletions reach only rows that are seen", async () => {
    const blind = await aRole({ name: "blind", canUpdate: true, canDelete: true });
    const sees = await aRole({ name: "sees", canRead: true });
    for (const action of ["UPDATE", "DELETE"]) {
      const object = { rowId: rowId(0) };
      expect(await ofRoles([blind], { object, action })).toMatchObject({
        allowed: false,
        missing: { gate: "DATA", name: "READ people" },
      });
      expect(await ofRoles([blind, sees], { object, action })).toMatchObject({ allowed: true });
    }
  });
});

describe("what a write needs besides is a step where it is missing", () => {
  test("READ in every row on a unique column that is set", async () => {
    const coded = await world.dataset({
      name: "coded",
      columns: [
        { name: "code", type: "TEXT", unique: true },
        { name: "note", type: "TEXT" },
      ],
    });
    const writer = await world.role({ permissions: METHODS, canUpdate: true, canCreate: true });
    const reader = await world.role({ permissions: METHODS, canRead: true });
    const asked = (roleIds: string[], column: string, action: string) =>
      ofRoles(roleIds, { object: { datasetId: coded.id, column }, action });
    expect(await asked([writer], "code", "CREATE")).toMatchObject({
      allowed: false,
      missing: { gate: "DATA", name: "READ coded.code" },
      why: "Not allowed: the data right READ coded.code is missing. Making a row tells which values of a unique column are taken, and so needs READ on it in every row.",
    });
    expect(await asked([writer], "note", "CREATE")).toMatchObject({ allowed: true });
    expect(await asked([writer, reader], "code", "CREATE")).toMatchObject({ allowed: true });
    expect(await asked([writer, reader], "code", "UPDATE")).toMatchObject({ allowed: true });
  });

  test("CREATE on the columns that have to be set", async () => {
    const strict = await world.dataset({
      name: "strict",
      columns: [
        { name: "due", type: "TEXT", required: true },
        { name: "note", type: "TEXT" },
      ],
    });
    const asked = async (roleId: string) =>
      await ofRoles([roleId], { object: { datasetId: strict.id }, action: "CREATE" });
    const part = { datasetId: strict.id, columnId: strict.columns["due"] ?? "" };
    const without = await world.role({
      permissions: METHODS,
      canCreate: true,
      grants: [{ ...part, create: "WITHHOLD" }],
    });
    expect(await asked(without)).toMatchObject({
      allowed: false,
      missing: { gate: "DATA", name: "CREATE strict" },
      why: "Not allowed: the data right CREATE strict is missing. A new row needs a value in a column that no role in effect lets be set.",
    });
    const whole = await world.role({ permissions: METHODS, canCreate: true });
    expect(await asked(whole)).toMatchObject({ allowed: true });
  });
});

describe("what narrows a credential is a step", () => {
  const READ = { object: () => ({ datasetId: people.id }), action: "READ" };

  test("a publishable key can only look", async () => {
    const roles = [await aRole({ name: "writer", canRead: true, canUpdate: true })];
    const shown = await world.keyWithId({ roles, publishable: true });
    const plain = await world.keyWithId({ roles });
    const asked = (keyId: string, action: string) =>
      explained(world, { subject: { keyId }, object: READ.object(), action });
    expect(await asked(shown.id, "UPDATE")).toMatchObject({
      allowed: false,
      missing: { gate: "PERMISSION", name: "row::update" },
      why: "Not allowed: the permission row::update is missing. The key is publishable: it can only look, whatever its roles.",
    });
    expect(await asked(shown.id, "READ")).toMatchObject({ allowed: true });
    expect(await asked(plain.id, "UPDATE")).toMatchObject({ allowed: true });
    const question = { object: READ.object(), action: "UPDATE" };
    const told = await explainedToItself(world, question, { key: shown.secret });
    expect(stepsAt(told, "row::update")).toEqual([]);
    expect(stepsAt(told, "UPDATE people")).toEqual([]);
  });

  test("a key that is revoked or expired", async () => {
    const roles = [await aRole({ name: "sees_all", canRead: true })];
    const revoked = await world.keyWithId({ roles });
    const expired = await world.keyWithId({ roles, expiresAt: new Date(Date.now() + 60_000) });
    const asked = (keyId: string) =>
      explained(world, { subject: { keyId }, object: READ.object(), action: READ.action });
    expect([await asked(revoked.id), await asked(expired.id)]).toMatchObject([
      { allowed: true },
      { allowed: true },
    ]);
    await world.ask(`mutation ($id: ID!) { revokeKey(input: {id: $id}) { key { id } } }`, {
      variables: { id: revoked.id },
    });
    world.wait(120);
    expect(await asked(revoked.id)).toMatchObject({
      allowed: false,
      missing: { gate: "RESTRICTION", name: "ACTIVE" },
      why: "Not allowed. The key is revoked: whoever presents it is UNAUTHENTICATED.",
    });
    expect(await asked(expired.id)).toMatchObject({
      allowed: false,
      why: "Not allowed. The key is expired: whoever presents it is UNAUTHENTICATED.",
    });
  });

  test("the public sees what is OPEN", async () => {
    const { roles } = await world.ask<{ roles: { nodes: { id: string; name: string }[] } }>(
      "{ roles { nodes { id name } } }",
    );
    const roleIds = roles.nodes.flatMap(({ id, name }) => (name === "anonymous" ? [id] : []));
    const open = await world.dataset({ name: "open", columns: [{ name: "a", type: "TEXT" }] });
    const asked = () => ofRoles(roleIds, { object: { datasetId: open.id }, action: "READ" });
    expect(await asked()).toMatchObject({
      allowed: false,
      why: "Not allowed: the data right READ open is missing. Without a credential one can only look, and see only datasets that are OPEN. For the subject the dataset does not exist.",
    });
    await world.ask(
      `mutation ($id: ID!) { updateDataset(input: {id: $id, accessLevel: OPEN}) { dataset { id } } }`,
      { variables: { id: open.id } },
    );
    expect(await asked()).toMatchObject({
      allowed: true,
      why: "Allowed. The role anonymous gives READ on open: the dataset is OPEN, and no grant of the role withholds it.",
    });
    const headers = { "x-fieldgate-tenant": world.slug };
    const question = { object: { datasetId: open.id }, action: "READ" };
    const own = await explainedToItself(world, question, { key: null, headers });
    expect(own).toMatchObject({ allowed: true });
    expect(stepsAt(own, "READ open")).toMatchObject([{ source: "OPEN_DATASET", role: null }]);
  });

  test("of oneself the roles in effect count", async () => {
    const [reads, writes] = [
      await aRole({ name: "reads", canRead: true }),
      await aRole({ name: "writes", canRead: true, canUpdate: true }),
    ];
    const key = await world.key({ roles: [reads, writes] });
    const question = { object: READ.object(), action: "UPDATE" };
    const narrowed = (roles: string) =>
      explainedToItself(world, question, { key, headers: { "x-fieldgate-roles": roles } });
    expect(await explainedToItself(world, question, { key })).toMatchObject({ allowed: true });
    expect(await narrowed("writes")).toMatchObject({ allowed: true });
    expect(await narrowed("reads")).toMatchObject({
      allowed: false,
      missing: { gate: "DATA", name: "UPDATE people" },
    });
    expect(await ofRoles([], question)).toMatchObject({
      allowed: false,
      why: "Not allowed: the permission row::update is missing. No role is in effect. For the subject the dataset does not exist.",
    });
  });
});

const toRead = (object: object) => ({ object, action: "READ" });

/** A dataset with one row and a link of its own. */
async function linked() {
  const columns = [{ name: "name", type: "TEXT" }];
  const { id, rows } = await world.dataset({ columns, rows: [{ name: "Ada" }] });
  const link = await world.link({ datasetId: id, targetId: id });
  return { id, rowId: rows[0] ?? "", linkId: link.id };
}

async function aHolder(grants: readonly NewGrant[], permissions = METHODS) {
  return await world.role({ permissions, grants });
}

describe("links count as columns do", () => {
  test("a row is seen by whoever may read a link of it alone", async () => {
    const { id, rowId: row, linkId } = await linked();
    const holder = await aHolder([{ datasetId: id, linkId, read: "ALLOW" }]);
    const key = await world.key({ roles: [holder] });
    const { dataset } = await world.ask<{ dataset: { row: object | null } }>(
      `{ dataset(id: "${id}") { row(id: "${row}") { id } } }`,
      { key },
    );
    expect(dataset.row).toEqual({ id: row });
    const ofRow = await ofRoles([holder], toRead({ rowId: row }));
    expect(ofRow).toMatchObject({ allowed: true });
    expect(ofRow?.why).toMatch(/grants of it on columns or links allow it\.$/);
  });

  test("the grant that decided is the one on the dataset, whatever there are on its links", async () => {
    const { id, linkId } = await linked();
    const onLink = { datasetId: id, linkId, read: "WITHHOLD" } as const;
    const onDataset = { datasetId: id, read: "ALLOW" } as const;
    const grantOf = async (grants: readonly NewGrant[]) => {
      const explanation = await ofRoles([await aHolder(grants)], toRead({ datasetId: id }));
      const { grant } = explanation?.steps.find(({ gate }) => gate === "DATA") ?? {};
      return await world.ask(`{ node(id: "${grant?.id}") { ... on Grant { read } } }`);
    };
    expect(await grantOf([onDataset, onLink])).toEqual({ node: { read: "ALLOW" } });
    expect(await grantOf([onLink, onDataset])).toEqual({ node: { read: "ALLOW" } });
  });

  test("of another subject, those that the caller knows", async () => {
    const { id, linkId } = await linked();
    const reader = await aHolder([{ datasetId: id, linkId, read: "ALLOW" }]);
    const hidden = { datasetId: id, linkId, read: "WITHHOLD" } as const;
    const asker = await aHolder([{ datasetId: id, read: "ALLOW" }, hidden], EXPLAINS);
    const key = await world.key({ roles: [asker] });
    const question = { subject: { roleIds: [reader] }, ...toRead({ datasetId: id }) };
    expect(await explained(world, question, key)).toMatchObject({ allowed: false });
    expect(await explained(world, question)).toMatchObject({ allowed: true });
  });
});
