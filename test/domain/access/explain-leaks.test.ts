import { beforeAll, describe, expect, test } from "vitest";
import { encodeId, newUuid } from "../../../src/db/id.ts";
import { aWorld, type NewGrant, type NewRole, type World } from "../../support/world.ts";
import {
  explained,
  explainedToItself,
  OF_ANOTHER,
  OF_ONESELF,
  type Question,
  stepsAt,
} from "./explaining.ts";

const METHODS = "viewer::get dataset::get row::get row::update".split(" ");
const EXPLAINS = [...METHODS, "access::explain"];

let world: World;
let other: World;
let people: Awaited<ReturnType<World["dataset"]>>;
let secret: Awaited<ReturnType<World["dataset"]>>;

beforeAll(async () => {
  world = await aWorld();
  other = await aWorld();
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
  secret = await world.dataset({
    name: "secret",
    columns: [{ name: "a", type: "TEXT" }],
    rows: [{ a: "x" }],
  });
});

const columnId = (name: string) => people.columns[name] ?? "";
const rowId = (place: number) => people.rows[place] ?? "";
const ulm = { column: "city", eq: "Ulm" };
const rich = { column: "salary", gt: "15" };

type Grants = readonly Omit<NewGrant, "datasetId">[];

async function aRole(role: NewRole, grants: Grants = []) {
  const own = grants.map((grant) => ({ datasetId: people.id, ...grant }));
  return await world.role({ permissions: METHODS, ...role, grants: own });
}

/** A key with one role of its own. */
async function aKey(permissions: readonly string[], grants: Grants) {
  return await world.key({ roles: [await aRole({ permissions }, grants)] });
}

/** A question about data. */
const of = (object: object, action = "READ") => ({ object, action });

/** Everything that a question can name, each hidden thing beside one that never was. */
const pairs = (): Record<string, [Question, Question, Question]> => {
  return {
    dataset: [
      of({ datasetId: secret.id }),
      of({ datasetId: encodeId("Dataset", newUuid()) }),
      of({ datasetId: people.id }),
    ],
    column: [
      of({ columnId: columnId("salary") }),
      of({ columnId: encodeId("Column", newUuid()) }),
      of({ columnId: columnId("name") }),
    ],
    "column of a dataset that is not known": [
      of({ columnId: secret.columns["a"] ?? "" }),
      of({ columnId: "nonsense" }),
      of({ columnId: columnId("city") }),
    ],
    "column by its name": [
      of({ datasetId: people.id, column: "salary" }),
      of({ datasetId: people.id, column: "zzzzzz" }),
      of({ datasetId: people.id, column: "name" }),
    ],
    row: [
      of({ rowId: rowId(1) }),
      of({ rowId: `${rowId(1).slice(0, 24)}${"0".repeat(12)}` }),
      of({ rowId: rowId(0) }),
    ],
    "row to change": [
      of({ rowId: rowId(1) }, "UPDATE"),
      of({ rowId: encodeId("Row", newUuid()) }, "UPDATE"),
      of({ rowId: rowId(0) }, "UPDATE"),
    ],
    "cell by the name of its column": [
      of({ rowId: rowId(0), column: "salary" }),
      of({ rowId: rowId(0), column: "zzzzzz" }),
      of({ rowId: rowId(0), column: "city" }),
    ],
    permission: [
      { object: { permission: "no::such" } },
      { object: { permission: "toString" } },
      { object: { permission: "role::find" } },
    ],
  };
};

/** Grants that hide one row and one column. */
const grants = (): Grants => [
  { read: "ALLOW", rowFilter: { read: ulm } },
  { columnId: columnId("salary"), read: "WITHHOLD" },
];

/** The text of an answer without the names of columns that were asked for. */
const masked = (text = "") => text.replaceAll("salary", "…").replaceAll("zzzzzz", "…");

const toReadPeople = () => of({ datasetId: people.id });
const toReadColumn = (name: string) => of({ columnId: columnId(name) });

/** The answer about a subject, to the byte. */
const textAbout = async (subject: object) =>
  (await world.run(OF_ANOTHER, { variables: { subject, ...toReadPeople() } })).text;

/** What is told of whoever holds a role and wants to read the dataset. */
const toldOfRole = async (roleId: string, key?: string) =>
  await explained(world, { subject: { roleIds: [roleId] }, ...toReadPeople() }, key);

/** The steps by which a key is told that it reads a column. */
const ownSteps = async (key: string) =>
  stepsAt(await explainedToItself(world, toReadColumn("name"), { key }), "READ people.name");

/** With what a question is refused. */
const refused = async (variables: object) => {
  const { errors } = await world.run(OF_ANOTHER, { variables: { ...variables } });
  return [errors[0]?.extensions.code, errors[0]?.message];
};

describe("what the caller does not know of is answered like what there is not", () => {
  test.each([
    ["itself", OF_ONESELF],
    ["another", OF_ANOTHER],
  ])("about %s", async (about, document) => {
    const key = await aKey(EXPLAINS, grants());
    const subject =
      about === "another" ? { subject: { roleIds: [await aRole({ canRead: true })] } } : {};
    for (const [hidden, never, known] of Object.values(pairs())) {
      const [one, two, three] = await Promise.all(
        [hidden, never, known].map(
          async (question) =>
            await world.run(document, { key, variables: { ...subject, ...question } }),
        ),
      );
      expect(masked(one?.text)).toBe(masked(two?.text));
      expect(one?.text).not.toContain("allowed");
      expect(three?.text).toContain("allowed");
    }
  });

  test("and a row by the permission to read rows alone", async () => {
    const object = { rowId: rowId(0) };
    const without = await aKey(["viewer::get"], grants());
    expect(await explainedToItself(world, { object, action: "READ" }, { key: without })).toBeNull();
    const object2 = { datasetId: people.id };
    expect(
      await explainedToItself(world, { object: object2, action: "READ" }, { key: without }),
    ).toMatchObject({ allowed: false, missing: { name: "row::get" } });
  });
});

describe("other subjects", () => {
  test("need access::explain, which is asked for before anything is looked at", async () => {
    const subject = { roleIds: [await aRole({ canRead: true })] };
    const without = await aKey(METHODS, [{ read: "ALLOW" }]);
    const forbidden = {
      code: "FORBIDDEN",
      missing: { gate: "PERMISSION", name: "access::explain" },
    };
    for (const variables of [
      { subject, ...toReadPeople() },
      { subject: { keyId: "nonsense" }, object: {}, action: "READ" },
      toReadPeople(),
    ]) {
      expect(await world.run(OF_ANOTHER, { key: without, variables })).toMatchObject({
        data: { explainAccess: null },
        errors: [{ extensions: forbidden }],
      });
    }
    const holds = await aKey(EXPLAINS, [{ read: "ALLOW" }]);
    expect(await explained(world, { subject, ...toReadPeople() }, holds)).toMatchObject({
      allowed: true,
    });
  });

  test("of another tenant are answered like those that never were", async () => {
    const [key, role] = [
      await other.keyWithId({ roles: [{ canRead: true }] }),
      await other.role({ canRead: true }),
    ];
    const never = await textAbout({ keyId: encodeId("Key", newUuid()) });
    expect(never).toContain("NOT_FOUND");
    for (const keyId of [key.id, "nonsense", encodeId("Role", newUuid())]) {
      expect(await textAbout({ keyId })).toBe(never);
    }
    const noRole = await textAbout({ roleIds: [encodeId("Role", newUuid())] });
    expect(noRole).toContain("NOT_FOUND");
    const own = await aRole({ canRead: true });
    for (const roleIds of [[role], ["nonsense"], [own, role]]) {
      expect(await textAbout({ roleIds })).toBe(noRole);
    }
    expect(await textAbout({ roleIds: [own] })).toContain('"allowed":true');
  });

  test("tell nothing of columns that the caller does not know", async () => {
    const hidden = columnId("salary");
    const holds = await aKey(EXPLAINS, [{ read: "ALLOW" }, { columnId: hidden, read: "WITHHOLD" }]);
    const pay = await aRole({ name: "pay" }, [{ columnId: hidden, read: "ALLOW" }]);
    const nothing = await aRole({ name: "pax" });
    const told = JSON.stringify(await toldOfRole(pay, holds)).replaceAll("pay", "pax");
    expect(told).toBe(JSON.stringify(await toldOfRole(nothing, holds)));
    expect(await toldOfRole(pay)).toMatchObject({ allowed: true });
  });

  test("tell nothing that depends on cells which the caller may not read", async () => {
    const subject = {
      roleIds: [await aRole({ name: "rich" }, [{ read: "ALLOW", rowFilter: { read: rich } }])],
    };
    const holds = await aKey(EXPLAINS, [
      { read: "ALLOW", update: "ALLOW" },
      { columnId: columnId("salary"), read: "WITHHOLD" },
    ]);
    for (const place of [0, 1]) {
      const asked = { subject, object: { rowId: rowId(place), column: "name" }, action: "READ" };
      const told = await explained(world, asked, holds);
      expect(told).toMatchObject({
        allowed: null,
        why: "Whether it is allowed depends on cells of the row that you may not read.",
        missing: null,
      });
      const [step] = stepsAt(told, "READ people.name");
      expect(step?.passed).toBeNull();
      expect(step?.text).toMatch(/depends on cells that you may not read\.$/);
      expect(await explained(world, asked)).toMatchObject({ allowed: place === 1 });
    }
  });
});

describe("row filters, grants and roles are told to those who may look at them", () => {
  const GRANTS: Grants = [{ read: "ALLOW", rowFilter: { read: rich } }];

  test("and of oneself to nobody else", async () => {
    const [plain, looks] = [
      await aKey(METHODS, GRANTS),
      await aKey([...METHODS, "role::get"], GRANTS),
    ];
    expect(await ownSteps(plain)).toMatchObject([
      { passed: true, rowFilter: null, grant: null, role: null, source: "DATASET_GRANT" },
    ]);
    expect(await ownSteps(looks)).toMatchObject([
      { passed: true, rowFilter: rich, grant: { column: null }, role: {} },
    ]);
  });

  test("where they name no column that the caller does not know", async () => {
    const subject = { roleIds: [await aRole({ name: "filtered" }, GRANTS)] };
    const permissions = [...EXPLAINS, "role::get"];
    const [some, all] = [
      await aKey(permissions, [{ columnId: columnId("name"), read: "ALLOW" }]),
      await aKey(permissions, [{ read: "ALLOW" }]),
    ];
    const told = async (key: string) =>
      stepsAt(
        await explained(world, { subject, ...toReadColumn("name") }, key),
        "READ people.name",
      );
    expect(await told(some)).toMatchObject([
      { passed: true, rowFilter: null, grant: null, roleName: "filtered" },
    ]);
    expect(await told(all)).toMatchObject([{ rowFilter: rich, grant: { column: null } }]);
  });
});

test("a question that makes no sense is refused before anything is looked at", async () => {
  const one = "Name one object: a permission, a datasetId, a columnId or a rowId.";
  expect(await refused({ object: {} })).toEqual(["BAD_USER_INPUT", one]);
  expect(await refused({ object: { datasetId: "x", rowId: "y" }, action: "READ" })).toEqual([
    "BAD_USER_INPUT",
    one,
  ]);
  for (const question of [
    { object: { datasetId: people.id } },
    { object: { permission: "role::find" }, action: "READ" },
    { object: { columnId: columnId("name"), column: "name" }, action: "READ" },
    { object: { columnId: columnId("name") }, action: "DELETE" },
    { object: { rowId: rowId(0) }, action: "CREATE" },
    { subject: {}, object: { datasetId: people.id }, action: "READ" },
    { subject: { keyId: "x", roleIds: [] }, object: { datasetId: people.id }, action: "READ" },
  ]) {
    expect((await refused(question))[0]).toBe("BAD_USER_INPUT");
  }
});
