import { beforeAll, describe, expect, test } from "vitest";
import { aWorld, uniqueName, type World } from "../../support/world.ts";

let world: World;
let sales: Awaited<ReturnType<World["dataset"]>>;

beforeAll(async () => {
  world = await aWorld();
  sales = await world.dataset({
    columns: [
      { name: "region", type: "TEXT" },
      { name: "price", type: "DECIMAL" },
      { name: "sold", type: "DATETIME" },
      { name: "secret", type: "BOOLEAN" },
    ],
  });
});

const SHOWN = `query ($id: ID!) { role(id: $id) { grants { rowFilter { read create update delete } } } }`;

interface Shown {
  readonly role: { readonly grants: readonly { readonly rowFilter: object | null }[] };
}

async function shown(roleId: string, key = world.admin) {
  const { role } = await world.ask<Shown>(SHOWN, { key, variables: { id: roleId } });
  return role.grants.map(({ rowFilter }) => rowFilter);
}

const aRole = async (rowFilter: object) =>
  await world.role({ grants: [{ datasetId: sales.id, read: "ALLOW", rowFilter }] });

/** A role that looks at roles, and may not know one column. */
const looking = (columnId: string) => ({
  permissions: ["role::get", "role::find"],
  grants: [
    { datasetId: sales.id, read: "ALLOW" as const },
    { datasetId: sales.id, columnId, read: "WITHHOLD" as const },
  ],
});

describe("the row filter of a grant", () => {
  test("is shown as it is taken, variables, escapes and all", async () => {
    const read = {
      or: [
        { column: "price", in: ["1.50", "2"] },
        { column: "region", eq: "$$user.id" },
        { column: "region", startsWith: "$user.region" },
        { column: "sold", lt: "$now" },
        { not: { column: "secret", eq: true } },
        { column: "secret", isNull: false },
      ],
    };
    const [filters] = await shown(await aRole({ read }));
    expect(filters).toMatchObject({ create: null, update: null, delete: null });
    const again = (filters as { read: { or: object[] } }).read;
    expect(again.or).toHaveLength(6);
    expect(new Set(again.or.map((part) => JSON.stringify(part)))).toEqual(
      new Set(read.or.map((part) => JSON.stringify(part))),
    );
    expect(await shown(await aRole({ read: again }))).toEqual([filters]);
  });

  test("that lets every row through is none", async () => {
    expect(await shown(await aRole({ read: { and: [] } }))).toEqual([null]);
  });

  test("is replaced as a whole, with the grant", async () => {
    const roleId = await aRole({ read: { column: "region", eq: "US" } });
    await world.ask(
      `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`,
      { variables: { input: { roleId, datasetId: sales.id, read: "ALLOW" } } },
    );
    expect(await shown(roleId)).toEqual([null]);
  });

  test("is enough for a grant: the right may come from elsewhere", async () => {
    const roleId = await world.role({
      grants: [{ datasetId: sales.id, rowFilter: { delete: { column: "region", eq: "US" } } }],
    });
    expect(await shown(roleId)).toEqual([
      { read: null, create: null, update: null, delete: { column: "region", eq: "US" } },
    ]);
  });

  test("is not shown, nor its grant, to whoever may not know a column that it names", async () => {
    const roleId = await aRole({ read: { column: "secret", eq: true } });
    const [blind, seeing] = await Promise.all(
      ["secret", "price"].map((column) =>
        world.key({ roles: [looking(sales.columns[column] ?? "")] }),
      ),
    );
    expect(await shown(roleId, blind)).toEqual([]);
    expect(await shown(roleId, seeing)).toHaveLength(1);
  });
});

describe("the public's role", () => {
  test("takes a row filter of READ, which holds for what is open, and no other", async () => {
    const { role } = await world.ask<{ role: { id: string } }>(
      `{ role(name: "anonymous") { id } }`,
    );
    const open = await world.dataset({
      columns: [{ name: "region", type: "TEXT" }],
      rows: [{ region: "US" }, { region: "EU" }],
    });
    await world.ask(
      `mutation ($id: ID!) { updateDataset(input: {id: $id, accessLevel: OPEN}) { dataset { id } } }`,
      { variables: { id: open.id } },
    );
    const filter = { column: "region", eq: "US" };
    const set = async (rowFilter: object) =>
      await world.run(
        `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`,
        { variables: { input: { roleId: role.id, datasetId: open.id, rowFilter } } },
      );
    expect((await set({ update: filter })).errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
    const count = async () =>
      (
        await world.ask<{ dataset: { rowCount: number } }>(
          `query ($id: ID!) { dataset(id: $id) { rowCount } }`,
          { key: null, headers: { "x-fieldgate-tenant": world.slug }, variables: { id: open.id } },
        )
      ).dataset.rowCount;
    expect(await count()).toBe(2);
    expect((await set({ read: filter })).errors).toEqual([]);
    expect(await count()).toBe(1);
  });
});

describe("a cell that may not be read is answered by Row.cell", () => {
  test.each([
    ["ABSENT", null, null],
    ["NULL", { value: null }, null],
    ["ERROR", null, "FORBIDDEN"],
  ])("as its column says: %s", async (whenDenied, cell, code) => {
    const made = { name: uniqueName("people") };
    const { id: datasetId, columns } = await world.dataset({
      ...made,
      columns: [
        { name: "name", type: "TEXT" },
        { name: "salary", type: "INTEGER", whenDenied },
      ],
      rows: [{ name: "Ada", salary: 1 }],
    });
    const key = await world.key({
      roles: [
        {
          permissions: ["dataset::get", "row::get"],
          grants: [
            { datasetId, read: "ALLOW", update: "ALLOW" },
            { datasetId, columnId: columns["salary"] ?? "", read: "WITHHOLD" },
          ],
        },
      ],
    });
    const document = `query ($id: ID!) { dataset(id: $id) {
      rows { nodes { values cell(column: "salary") { value } hiddenColumns } } } }`;
    const { data, errors } = await world.run(document, { key, variables: { id: datasetId } });
    expect(data).toEqual({
      dataset: { rows: { nodes: [{ values: { name: "Ada" }, cell, hiddenColumns: ["salary"] }] } },
    });
    const missing = errors.map(({ extensions }) => [extensions.code, extensions["missing"]]);
    const read = { gate: "DATA", name: `READ ${made.name}.salary` };
    expect(missing).toEqual(code ? [[code, read]] : []);
    const all = await world.ask<object>(document, { variables: { id: datasetId } });
    expect(JSON.stringify(all)).toContain('"cell":{"value":1},"hiddenColumns":[]');
  });
});
