import { beforeAll, describe, expect, test } from "vitest";
import { type Asking, aWorld } from "../../support/world.ts";
import {
  allSales,
  aShop,
  codes,
  CREATE,
  DELETE,
  seen,
  type Shop,
  UPDATE,
  written,
} from "./shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await aShop();
});

const everything = { notes: ["four", "one", "three", "two"], counts: [4, 4, 4], sum: "60" };

describe("A token with a condition", () => {
  test("sees the rows that meet it, in lists, counts and sums, by filters and by id", async () => {
    const { world, key, inEU, sales } = shop;
    const token = await world.token({ key, conditions: [inEU] });
    expect(await seen(shop, { key })).toEqual(everything);
    expect(await seen(shop, token.asking)).toEqual({
      notes: ["one", "three"],
      counts: [2, 2, 2],
      sum: "40",
    });
    expect(await seen(shop, token.asking, { column: "note", ne: "three" })).toMatchObject({
      notes: ["one"],
      sum: "10",
    });
    expect(await seen(shop, token.asking, { column: "region", eq: "US" })).toMatchObject({
      notes: [],
      sum: null,
    });
    const nodes = await Promise.all(
      sales.rows.map((id) =>
        world.ask<{ node: object | null }>(`query ($id: ID!) { node(id: $id) { id } }`, {
          ...token.asking,
          variables: { id },
        }),
      ),
    );
    expect(nodes.map(({ node }) => node !== null)).toEqual([true, false, true, false]);
  });

  test.each([
    ["eq", "20", ["two"]],
    ["ne", "20", ["one", "three"]],
    ["lt", 20, ["one"]],
    ["le", "20.0", ["one", "two"]],
    ["gt", 20, ["three"]],
    ["ge", "20", ["three", "two"]],
  ])("compares by %s, and a cell without a value meets none", async (op, value, notes) => {
    const { world, key, sales } = shop;
    const condition = { datasetId: sales.id, column: "amount", op, value };
    const token = await world.token({ key, conditions: [condition] });
    expect((await seen(shop, token.asking))?.notes).toEqual(notes);
  });

  test("needs all of its conditions", async () => {
    const { world, key, inEU, sales } = shop;
    const large = { datasetId: sales.id, column: "amount", op: "gt", value: 15 };
    const token = await world.token({ key, conditions: [inEU, large] });
    expect((await seen(shop, token.asking))?.notes).toEqual(["three"]);
  });

  test("exports what it sees", async () => {
    const { world, key, inEU, sales } = shop;
    const token = await world.token({ key, conditions: [inEU] });
    const EXPORT = `mutation ($id: ID!) { exportRows(input: { datasetId: $id, format: CSV }) { url } }`;
    const exported = async (asking: Asking) => {
      const { exportRows } = await world.ask<{ exportRows: { url: string } }>(EXPORT, {
        ...asking,
        variables: { id: sales.id },
      });
      return (await world.download(exportRows.url)).split("\r\n").slice(1, -1);
    };
    expect(await exported({ key })).toHaveLength(4);
    expect(await exported(token.asking)).toEqual(["EU,10,one", "EU,30,three"]);
  });

  test("reaches the datasets that its conditions name and those that it lists; no other is there", async () => {
    const { world, key, inEU, sales, staff } = shop;
    const tokens = {
      own: { key },
      narrow: (await world.token({ key, conditions: [inEU] })).asking,
      wider: (await world.token({ key, conditions: [inEU], datasetIds: [staff.id] })).asking,
      listed: (await world.token({ key, datasetIds: [staff.id] })).asking,
      nothing: (await world.token({ key, datasetIds: [] })).asking,
    };
    const namesOf = async (asking: Asking) => {
      const { datasets } = await world.ask<{ datasets: { nodes: { name: string }[] } }>(
        "{ datasets { nodes { name } } }",
        asking,
      );
      return datasets.nodes.map(({ name }) => name).toSorted();
    };
    expect(await namesOf(tokens.own)).toEqual(["sales", "staff"]);
    expect(await namesOf(tokens.narrow)).toEqual(["sales"]);
    expect(await namesOf(tokens.wider)).toEqual(["sales", "staff"]);
    expect(await namesOf(tokens.listed)).toEqual(["staff"]);
    expect(await namesOf(tokens.nothing)).toEqual([]);
    const none = sales.id.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
    const DATASET = `query ($id: ID!) { dataset(id: $id) { name } node(id: $id) { id } }`;
    const WRITE = `mutation ($id: ID!) { createRows(input: { datasetId: $id, rows: [{}] }) { count } }`;
    for (const document of [DATASET, WRITE]) {
      const [hidden, absent] = await Promise.all(
        [staff.id, none].map((id) => world.run(document, { ...tokens.narrow, variables: { id } })),
      );
      expect(hidden?.text).toBe(absent?.text);
    }
    const there = await world.run(DATASET, { ...tokens.wider, variables: { id: staff.id } });
    expect(there.data).toMatchObject({ dataset: { name: "staff" } });
  });

  test("is judged by the true value, whether or not it may read that", async () => {
    const { world, key, inEU, sales, METHODS } = shop;
    const region = sales.columns["region"] ?? "";
    const roleId = await world.role({
      permissions: METHODS,
      canRead: true,
      grants: [{ datasetId: sales.id, columnId: region, read: "WITHHOLD" }],
    });
    const all = await world.role({ permissions: METHODS, canRead: true });
    const both = await world.key({ roles: [roleId, all] });
    const blind = { roleIds: [roleId] };
    const token = await world.token({ key: both, ...blind, conditions: [inEU] });
    const whole = await world.token({ key: both, ...blind });
    const filter = { column: "region", eq: "EU" };
    const query = `query ($id: ID!, $filter: RowFilter) { dataset(id: $id) { rows(filter: $filter) { nodes { values } } } }`;
    for (const { asking } of [token, whole]) {
      const { errors } = await world.run(query, { ...asking, variables: { id: sales.id, filter } });
      expect(errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
    }
    expect((await seen(shop, whole.asking))?.notes).toEqual(everything.notes);
    expect((await seen(shop, token.asking))?.notes).toEqual(["one", "three"]);
    expect((await seen(shop, { key }))?.notes).toEqual(everything.notes);
  });
});

/** A shop to change, and who changes it. */
async function changing() {
  const own = await aShop();
  const token = await own.world.token({ key: own.key, conditions: [own.inEU] });
  return { own, token: token.asking, key: { key: own.key } };
}

describe("A token with a condition changes", () => {
  test("rows that meet it before and after, and no others", async () => {
    const { own, token, key } = await changing();
    const [inEU, inUS] = own.sales.rows;
    const change = (asking: Asking, id: string | undefined, values: object) =>
      written(own, UPDATE, asking, { rows: [{ id, values }] });
    expect(codes(await change(token, inEU, { note: "new" }))).toEqual([]);
    expect(codes(await change(token, inUS, { note: "new" }))).toEqual(["NOT_FOUND"]);
    const moved = await change(token, inEU, { region: "US" });
    expect(moved.errors).toMatchObject([
      { extensions: { code: "FORBIDDEN", missing: { gate: "DATA" } } },
    ]);
    expect(codes(await change(key, inUS, { note: "new" }))).toEqual([]);
    expect(codes(await change(key, inEU, { region: "US" }))).toEqual([]);
  });

  test("and deletes those alone that meet it", async () => {
    const { own, token, key } = await changing();
    const [inEU, inUS] = own.sales.rows;
    const remove = (asking: Asking, id: string | undefined) =>
      written(own, DELETE, asking, { rows: [{ id }] });
    expect(codes(await remove(token, inUS))).toEqual(["NOT_FOUND"]);
    expect(codes(await remove(token, inEU))).toEqual([]);
    expect(codes(await remove(key, inUS))).toEqual([]);
    expect(await allSales(own)).toHaveLength(2);
  });

  test("and links rows to those that it sees", async () => {
    const { own, token, key } = await changing();
    const { world, sales } = own;
    const [inEU, inUS, other] = sales.rows;
    const { name } = await world.link({ datasetId: sales.id, targetId: sales.id });
    const lead = (asking: Asking, to: string | undefined) =>
      written(own, UPDATE, asking, { rows: [{ id: inEU, values: { [name]: to } }] });
    expect(codes(await lead(token, inUS))).toEqual(["NOT_FOUND"]);
    expect(codes(await lead(token, other))).toEqual([]);
    expect(codes(await lead(key, inUS))).toEqual([]);
    const query = `query ($id: ID!, $link: String!) { node(id: $id) { ... on Row { linked(link: $link) { totalCount } } } }`;
    const led = async (asking: Asking) =>
      (await world.ask(query, { ...asking, variables: { id: inEU, link: name } })) as object;
    expect(await led(key)).toEqual({ node: { linked: { totalCount: 1 } } });
    expect(await led(token)).toEqual({ node: { linked: { totalCount: 0 } } });
  });

  test("no unique column, since that would tell of rows which it does not see", async () => {
    const world = await aWorld();
    const dataset = await world.dataset({
      columns: [
        { name: "code", type: "TEXT", unique: true },
        { name: "region", type: "TEXT" },
      ],
      rows: [{ code: "a", region: "US" }],
    });
    const data = { canRead: true, canCreate: true, canUpdate: true };
    const permissions = ["access_token::create", "row::get", "row::create"];
    const key = await world.key({ roles: [{ permissions, ...data }] });
    const condition = { datasetId: dataset.id, column: "region", op: "eq", value: "EU" };
    const token = await world.token({ key, conditions: [condition] });
    const listed = await world.token({ key, datasetIds: [dataset.id] });
    const make = (asking: Asking, code: string) =>
      world.run(CREATE, {
        ...asking,
        variables: { input: { datasetId: dataset.id, rows: [{ code }] } },
      });
    const refused = await make(token.asking, "a");
    expect(codes(refused)).toEqual(["FORBIDDEN"]);
    expect((await make(token.asking, "b")).text).toBe(refused.text);
    expect(codes(await make(listed.asking, "b"))).toEqual([]);
    expect(codes(await make({ key }, "c"))).toEqual([]);
    const setting = { ...condition, column: "code", value: "mine" };
    const byItself = await world.token({ key, conditions: [setting] });
    const made = await world.run(CREATE, {
      ...byItself.asking,
      variables: { input: { datasetId: dataset.id, rows: [{}] } },
    });
    expect(codes(made)).toEqual(["FORBIDDEN"]);
  });
});

test("it takes no column, link or dataset from rows that it does not reach", async () => {
  const { world, sales, inEU } = await aShop();
  const link = await world.link({ datasetId: sales.id, targetId: sales.id });
  const permissions = ["column::remove", "link::remove", "dataset::delete", "access_token::create"];
  const key = await world.key({ roles: [{ permissions, canRead: true }] });
  const [filtered, listed] = [
    await world.token({ key, conditions: [inEU] }),
    await world.token({ key, datasetIds: [sales.id] }),
  ];
  const takings = [
    ["removeColumn", sales.columns["note"]],
    ["removeLink", link.id],
    ["deleteDataset", sales.id],
  ] as const;
  const take = async (asking: Asking, [field, id]: (typeof takings)[number]) =>
    await world.run(`mutation ($id: ID!) { ${field}(input: { id: $id }) { __typename } }`, {
      ...asking,
      variables: { id },
    });
  for (const taking of takings) {
    expect((await take(filtered.asking, taking)).errors).toMatchObject([
      { extensions: { code: "FORBIDDEN", missing: { gate: "RESTRICTION", name: "sales" } } },
    ]);
    expect(codes(await take(listed.asking, taking))).toEqual([]);
  }
});

test("a row filter that names the client lets a token of that client through, and no key", async () => {
  const { world, sales, METHODS } = await aShop();
  const rowFilter = { read: { column: "note", eq: "$client.id" } };
  const roleId = await world.role({
    permissions: METHODS,
    canRead: true,
    grants: [{ datasetId: sales.id, rowFilter }],
  });
  const key = await world.key({ roles: [roleId] });
  const shown = async (asking: Asking) =>
    (
      await world.ask<{ dataset: { rows: { nodes: { values: { note: string } }[] } } }>(
        `query ($id: ID!) { dataset(id: $id) { rows { nodes { values } } } }`,
        { ...asking, variables: { id: sales.id } },
      )
    ).dataset.rows.nodes.map(({ values }) => values.note);
  expect(await shown((await world.token({ key, clientId: "two" })).asking)).toEqual(["two"]);
  expect(await shown((await world.token({ key, clientId: "other" })).asking)).toEqual([]);
  expect(await shown((await world.token({ key, clientName: "two" })).asking)).toEqual([]);
  expect(await shown({ key })).toEqual([]);
});
