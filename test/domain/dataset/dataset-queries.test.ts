import { beforeAll, describe, expect, test } from "vitest";
import { statementsOf } from "../../support/statements.ts";
import { aWorld, uniqueName, type World } from "../../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await aWorld();
});

const LOOK = ["dataset::get", "dataset::find", "node::get"];
const COLUMN = { name: "a", type: "TEXT" } as const;
const NOWHERE = `dataset_${"0".repeat(32)}`;

/** What the look-up by id, by name and as a node answer. */
const lookUp = (id: string, name: string, key?: string) =>
  world.run(
    `query ($id: ID!, $name: String!) {
       byId: dataset(id: $id) { id name } byName: dataset(name: $name) { id name }
       node(id: $id) { id }
     }`,
    { variables: { id, name }, ...(key !== undefined && { key }) },
  );

describe("one dataset", () => {
  test("is found by its id, by its name and as a node", async () => {
    const name = uniqueName("d");
    const { id } = await world.dataset({ name, columns: [COLUMN] });
    const { data, errors } = await lookUp(id, name);
    expect({ data, errors }).toStrictEqual({
      data: { byId: { id, name }, byName: { id, name }, node: { id } },
      errors: [],
    });
  });

  test.each([
    ["neither", "dataset"],
    ["both", `dataset(id: "${NOWHERE}", name: "a")`],
  ])("has to be named by one of id and name, not by %s", async (_, field) => {
    const { errors } = await world.run(`{ ${field} { id } }`);
    expect(errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
  });

  test("that the caller does not know answers like one that never was", async () => {
    const name = uniqueName("d");
    const { id } = await world.dataset({ name, columns: [COLUMN] });
    const foreign = await (await aWorld()).dataset({ name: uniqueName("d"), columns: [COLUMN] });
    const key = await world.key({ roles: [{ permissions: LOOK }] });
    const answers = await Promise.all([
      lookUp(id, name, key),
      lookUp(NOWHERE, "never_was", key),
      lookUp("nonsense", "Nonsense!", key),
      lookUp(foreign.id, "never_was"),
    ]);
    expect(answers[0]?.data).toStrictEqual({ byId: null, byName: null, node: null });
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  test("needs the permission", async () => {
    const key = await world.key({ roles: [{ permissions: ["dataset::find"], canRead: true }] });
    const { errors } = await lookUp(NOWHERE, "never_was", key);
    expect(errors[0]?.extensions).toMatchObject({
      code: "FORBIDDEN",
      missing: { gate: "PERMISSION", name: "dataset::get" },
    });
  });

  test("tells of changes of its definition only who may change it", async () => {
    const { id } = await world.dataset({ columns: [COLUMN] });
    const query = `{ dataset(id: "${id}") { version updatedAt updatedBy createdBy } }`;
    const reader = await world.key({ roles: [{ permissions: LOOK, canRead: true }] });
    const editor = await world.key({
      roles: [{ permissions: [...LOOK, "dataset::update"], canRead: true }],
    });
    expect(await world.ask(query, { key: reader })).toMatchObject({
      dataset: {
        version: null,
        updatedAt: null,
        updatedBy: null,
        createdBy: expect.any(String) as string,
      },
    });
    expect(await world.ask(query, { key: editor })).toMatchObject({
      dataset: {
        version: 1,
        updatedAt: expect.any(String) as string,
        updatedBy: expect.any(String) as string,
      },
    });
  });
});

describe("a column that the caller does not know", () => {
  const QUERY = `query ($id: ID!, $column: ID!) {
    dataset(id: $id) {
      keyColumns canRead canCreate canUpdate canDelete
      columns { name position canRead canCreate canUpdate }
    }
    node(id: $column) { id }
  }`;

  test("is not there, nor in places, keys or by its id", async () => {
    const columns = ["key", "open", "set", "last"].map((name) => ({ name, type: "TEXT" }));
    const input = { name: uniqueName("d"), columns, keyColumns: ["key", "open"] };
    const made = await world.dataset(input);
    const secret = made.columns["key"] ?? "";
    const key = await world.key({
      roles: [
        {
          permissions: LOOK,
          grants: [
            { datasetId: made.id, columnId: made.columns["open"] ?? "", read: "ALLOW" },
            { datasetId: made.id, columnId: made.columns["set"] ?? "", create: "ALLOW" },
            { datasetId: made.id, columnId: made.columns["last"] ?? "", update: "ALLOW" },
          ],
        },
      ],
    });
    const rights = { canRead: false, canCreate: false, canUpdate: false };
    expect(
      await world.ask(QUERY, { key, variables: { id: made.id, column: secret } }),
    ).toStrictEqual({
      dataset: {
        keyColumns: ["open"],
        canRead: true,
        canCreate: true,
        canUpdate: true,
        canDelete: false,
        columns: [
          { name: "open", position: 1, ...rights, canRead: true },
          { name: "set", position: 2, ...rights, canCreate: true },
          { name: "last", position: 3, ...rights, canUpdate: true },
        ],
      },
      node: null,
    });
    const all = await world.ask<{ node: object; dataset: { keyColumns: string[] } }>(QUERY, {
      variables: { id: made.id, column: secret },
    });
    expect(all.dataset.keyColumns).toStrictEqual(["key", "open"]);
    expect(all.node).toStrictEqual({ id: secret });
  });
});

/** Columns that take their options from another. */
function chosen(from: string | undefined, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    name: `c${index}`,
    type: "SELECT",
    optionsFrom: from,
  }));
}

describe("the list of datasets", () => {
  const LIST = `query ($first: Int, $after: String) {
    datasets(first: $first, after: $after) {
      totalCount nodes { name columns { name } } edges { cursor } pageInfo { hasNextPage endCursor }
    }
  }`;
  interface List {
    datasets: {
      totalCount: number;
      nodes: { name: string; columns: object[] }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  }
  const read = (asking: object) => world.ask<List>(LIST, asking);

  test("holds what the caller knows, by name, a page at a time", async () => {
    world = await aWorld();
    const names = ["beta", "alpha", "delta", "gamma", "al_pha"];
    const made = new Map<string, string>();
    for (const name of names) {
      // eslint-disable-next-line no-await-in-loop
      made.set(name, (await world.dataset({ name, columns: [COLUMN] })).id);
    }
    const hidden = { datasetId: made.get("gamma") ?? "", read: "WITHHOLD" } as const;
    const key = await world.key({
      roles: [{ permissions: LOOK, canRead: true, grants: [hidden] }],
    });
    const first = await read({ key, variables: { first: 3 } });
    const after = first.datasets.pageInfo.endCursor;
    const rest = await read({ key, variables: { first: 3, after } });
    expect(first.datasets.nodes.map(({ name }) => name)).toStrictEqual(["al_pha", "alpha", "beta"]);
    expect(first.datasets).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: true } });
    expect(rest.datasets.nodes.map(({ name }) => name)).toStrictEqual(["delta"]);
    expect(rest.datasets).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: false } });
    expect((await read({})).datasets.totalCount).toBe(5);
  });

  test("takes as many statements for one dataset as for ten", async () => {
    const few = await aWorld();
    const many = await aWorld();
    const source = await few.dataset({ columns: [COLUMN] });
    await few.dataset({ columns: chosen(source.columns["a"], 1) });
    for (let index = 0; index < 5; index += 1) {
      // eslint-disable-next-line no-await-in-loop
      const { columns } = await many.dataset({ columns: [COLUMN] });
      // eslint-disable-next-line no-await-in-loop
      await many.dataset({ columns: chosen(columns["a"], 10) });
    }
    const query = `{
      datasets { totalCount nodes {
        name version keyColumns columns { name position options optionsFrom { name dataset { name } } }
      } }
    }`;
    const [ofFew, ofMany] = [
      await statementsOf(few.database)(query, few.admin),
      await statementsOf(many.database)(query, many.admin),
    ];
    expect(ofMany).toHaveLength(ofFew.length);
    expect(ofFew.length).toBeLessThanOrEqual(7);
  });

  test("is empty where nothing is known, and for the public of a tenant that opened nothing", async () => {
    const key = await world.key({ roles: [{ permissions: LOOK }] });
    expect((await read({ key })).datasets).toMatchObject({ totalCount: 0, nodes: [] });
    const asPublic = { key: null, headers: { "x-fieldgate-tenant": world.slug } };
    expect((await read(asPublic)).datasets).toMatchObject({ totalCount: 0, nodes: [] });
    const nobody = { key: null, headers: { "x-fieldgate-tenant": "never_was" } };
    expect((await read(nobody)).datasets).toMatchObject({ totalCount: 0, nodes: [] });
  });

  test("holds for the public what was opened, without the columns that are withheld", async () => {
    const tenant = await aWorld();
    const input = { columns: [COLUMN, { name: "b", type: "TEXT" }], accessLevel: "OPEN" };
    const opened = await tenant.dataset(input);
    await tenant.dataset({ columns: [COLUMN] });
    const { roles } = await tenant.ask<{ roles: { nodes: { id: string; name: string }[] } }>(
      `{ roles { nodes { id name } } }`,
    );
    const roleId = roles.nodes.find(({ name }) => name === "anonymous")?.id;
    await tenant.ask(
      `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`,
      {
        variables: {
          input: { roleId, datasetId: opened.id, columnId: opened.columns["b"], read: "WITHHOLD" },
        },
      },
    );
    const { datasets } = await tenant.ask<List>(LIST, {
      key: null,
      headers: { "x-fieldgate-tenant": tenant.slug },
    });
    expect(datasets.nodes.map(({ columns }) => columns)).toStrictEqual([[{ name: "a" }]]);
    expect(datasets.totalCount).toBe(1);
  });
});
