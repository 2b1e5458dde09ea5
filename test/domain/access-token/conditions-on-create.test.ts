import { beforeEach, describe, expect, test } from "vitest";
import { type Asking, aWorld } from "../../support/world.ts";
import { allSales, aShop, codes, CREATE, DATA, type Shop, UPSERT, written } from "./shop.ts";

let shop: Shop;
let token: Asking;
beforeEach(async () => {
  shop = await aShop();
  token = (await shop.world.token({ key: shop.key, conditions: [shop.inEU] })).asking;
});

const create = (asking: Asking, rows: readonly object[], more: object = {}) =>
  written(shop, CREATE, asking, { rows, ...more });

const valuesOf = ({ data }: Awaited<ReturnType<typeof create>>, method = "createRows") =>
  data?.[method]?.rows?.map((row) => row?.values ?? null);

/** The restriction that stands in the way of a row. */
const restricted = (name: string) => [
  { extensions: { code: "FORBIDDEN", missing: { gate: "RESTRICTION", name } } },
];

describe("A row that a token makes", () => {
  test("is given the value of its condition, also in a column that has to be set", async () => {
    expect(valuesOf(await create(token, [{ note: "new" }, {}]))).toEqual([
      { region: "EU", amount: null, note: "new" },
      { region: "EU", amount: null, note: null },
    ]);
    expect(codes(await create({ key: shop.key }, [{ note: "new" }]))).toEqual(["BAD_USER_INPUT"]);
  });

  test("may say the same, and no other", async () => {
    expect(valuesOf(await create(token, [{ region: "EU" }]))).toEqual([
      { region: "EU", amount: null, note: null },
    ]);
    for (const region of ["US", "eu", ""]) {
      const { errors } = await create(token, [{ note: "fits" }, { region }]);
      expect(errors).toMatchObject(restricted("sales.region"));
      expect(errors[0]?.message).toContain("row 1 of the call");
    }
    expect(codes(await create({ key: shop.key }, [{ region: "US" }]))).toEqual([]);
    expect(await allSales(shop)).toHaveLength(6);
  });

  test("is left out where it says another, if faulty rows are to be", async () => {
    const { data, errors } = await create(token, [{ region: "US" }, { note: "fits" }], {
      onFault: "SKIP_ROW",
    });
    expect(errors).toEqual([]);
    expect(data?.["createRows"]?.results).toMatchObject([
      { operation: null, faults: [{ column: "region", code: "FORBIDDEN" }] },
      { operation: "CREATED", faults: [] },
    ]);
  });

  test("says no value as little as another one", async () => {
    const { world, key, sales } = shop;
    const condition = { datasetId: sales.id, column: "note", op: "eq", value: "x" };
    const { asking } = await world.token({ key, conditions: [condition] });
    expect((await create(asking, [{ region: "EU", note: null }])).errors).toMatchObject(
      restricted("sales.note"),
    );
    expect(codes(await create({ key }, [{ region: "EU", note: null }]))).toEqual([]);
  });

  test("compares numbers as numbers, and keeps them as they were written", async () => {
    const { world, key, sales } = shop;
    const condition = { datasetId: sales.id, column: "amount", op: "eq", value: "1.50" };
    const { asking } = await world.token({ key, conditions: [condition] });
    const rows = [{ region: "EU" }, { region: "EU", amount: 1.5 }];
    expect(valuesOf(await create(asking, rows))).toMatchObject([
      { amount: "1.50" },
      { amount: "1.5" },
    ]);
    expect((await create(asking, [{ region: "EU", amount: "1.51" }])).errors).toMatchObject(
      restricted("sales.amount"),
    );
  });

  test("is not given a value where the condition does not set one, and has to meet it", async () => {
    const { world, key, inEU } = shop;
    const { asking } = await world.token({ key, conditions: [{ ...inEU, set: false }] });
    expect(codes(await create(asking, [{ note: "new" }]))).toEqual(["BAD_USER_INPUT"]);
    expect(valuesOf(await create(asking, [{ region: "EU" }]))).toHaveLength(1);
    expect((await create(asking, [{ region: "US" }])).errors).toMatchObject([
      { extensions: { code: "FORBIDDEN", missing: { gate: "DATA", name: "CREATE sales" } } },
    ]);
  });

  test.each(["ne", "lt", "le", "gt", "ge"])(
    "is given setValue by a condition with %s that sets, and nothing by one that does not",
    async (op) => {
      const { world, key, sales } = shop;
      const setValue = { ne: "8", lt: "6", le: "7", gt: "8", ge: "7" }[op];
      const condition = { datasetId: sales.id, column: "amount", op, value: 7 };
      const plain = await world.token({ key, conditions: [condition] });
      const setting = await world.token({
        key,
        conditions: [{ ...condition, set: true, setValue }],
      });
      const row = { region: "EU" };
      expect(valuesOf(await create(setting.asking, [row]))).toMatchObject([{ amount: setValue }]);
      expect(codes(await create(plain.asking, [row]))).toEqual(["FORBIDDEN"]);
      expect(valuesOf(await create(plain.asking, [{ ...row, amount: setValue }]))).toHaveLength(1);
      const other = { ne: "9", lt: "5", le: "6", gt: "9", ge: "8" }[op];
      expect((await create(setting.asking, [{ ...row, amount: other }])).errors).toMatchObject(
        restricted("sales.amount"),
      );
    },
  );

  test("takes the value before a default", async () => {
    const world = await aWorld();
    const dataset = await world.dataset({
      name: "orders",
      columns: [{ name: "state", type: "TEXT", default: "new" }],
    });
    const key = await world.key({ roles: [{ permissions: shop.METHODS, ...DATA }] });
    const condition = { datasetId: dataset.id, column: "state", op: "eq", value: "mine" };
    const { asking } = await world.token({ key, conditions: [condition] });
    const states = async (by: Asking) =>
      valuesOf(
        await world.run(CREATE, {
          ...by,
          variables: { input: { datasetId: dataset.id, rows: [{}] } },
        }),
      );
    expect(await states(asking)).toEqual([{ state: "mine" }]);
    expect(await states({ key })).toEqual([{ state: "new" }]);
  });

  test("needs no right of the token on the column that its condition sets, unless the call names it", async () => {
    const { world, sales, METHODS, inEU } = shop;
    const region = sales.columns["region"] ?? "";
    const without = await world.role({
      permissions: METHODS,
      ...DATA,
      grants: [{ datasetId: sales.id, columnId: region, create: "WITHHOLD" }],
    });
    const all = await world.role({ permissions: METHODS, ...DATA });
    const key = await world.key({ roles: [without, all] });
    const carrying = { key, roleIds: [without] };
    const { asking } = await world.token({ ...carrying, conditions: [inEU] });
    expect(valuesOf(await create(asking, [{ note: "new" }]))).toMatchObject([{ region: "EU" }]);
    expect((await create(asking, [{ region: "EU" }])).errors).toMatchObject([
      { extensions: { missing: { gate: "DATA", name: "CREATE sales.region" } } },
    ]);
    const free = await world.token(carrying);
    expect(codes(await create(free.asking, [{ note: "new" }]))).toEqual(["FORBIDDEN"]);
    expect(codes(await create({ key }, [{ region: "EU" }]))).toEqual([]);
  });

  test("is refused when the rules of the column have changed so that it cannot have the value", async () => {
    const { world, sales } = shop;
    expect(codes(await create(token, [{}]))).toEqual([]);
    await world.ask(
      `mutation ($id: ID!) { updateColumn(input: { id: $id, maxLength: 1 }) { column { id } } }`,
      { variables: { id: sales.columns["region"] } },
    );
    expect((await create(token, [{}])).errors).toMatchObject(restricted("conditions"));
  });

  test("comes by an upsert as by a create", async () => {
    const { world, METHODS } = shop;
    const dataset = await world.dataset({
      name: "stock",
      columns: [
        { name: "code", type: "TEXT", unique: true, tellsTaken: true },
        { name: "region", type: "TEXT" },
        { name: "count", type: "INTEGER" },
      ],
      rows: [
        { code: "a", region: "EU", count: 1 },
        { code: "b", region: "US", count: 1 },
      ],
    });
    const key = await world.key({ roles: [{ permissions: METHODS, ...DATA }] });
    const condition = { datasetId: dataset.id, column: "region", op: "eq", value: "EU" };
    const { asking } = await world.token({ key, conditions: [condition] });
    const upsert = (by: Asking, ...rows: object[]) =>
      world.run(UPSERT, {
        ...by,
        variables: {
          input: { datasetId: dataset.id, by: "code", rows: rows.map((values) => ({ values })) },
        },
      }) as ReturnType<typeof create>;
    const done = await upsert(asking, { code: "a", count: 2 }, { code: "c", count: 3 });
    expect(valuesOf(done, "upsertRows")).toEqual([
      { code: "a", region: "EU", count: 2 },
      { code: "c", region: "EU", count: 3 },
    ]);
    expect((await upsert(asking, { code: "d", region: "US" })).errors).toMatchObject(
      restricted("stock.region"),
    );
    // What the token does not see is not there, and its key is taken.
    expect(codes(await upsert(asking, { code: "b", count: 2 }))).toEqual(["BAD_USER_INPUT"]);
    expect(codes(await upsert({ key }, { code: "b", count: 2 }))).toEqual([]);
    expect(codes(await upsert({ key }, { code: "d", region: "US" }))).toEqual([]);
  });

  test("comes from a file as from a call", async () => {
    const { world, sales, key } = shop;
    const send = async (by: Asking, file: string) => {
      const { importRows } = await world.ask<{ importRows: { url: string } }>(
        `mutation ($id: ID!) { importRows(input: { datasetId: $id, format: CSV }) { url } }`,
        { ...by, variables: { id: sales.id } },
      );
      return await world.upload(importRows.url, file);
    };
    expect(await send(token, "note\nfirst\nsecond\n")).toBe("OK");
    expect(await send(token, "note,region\nthird,EU\n")).toBe("OK");
    expect(await send(token, "note,region\nfourth,EU\nfifth,US\n")).toBe("FORBIDDEN");
    expect(await send({ key }, "note\nsixth\n")).toBe("BAD_USER_INPUT");
    expect(await send({ key }, "note,region\nseventh,US\n")).toBe("OK");
    expect((await allSales(shop)).slice(4)).toEqual([
      { region: "EU", amount: null, note: "first" },
      { region: "EU", amount: null, note: "second" },
      { region: "EU", amount: null, note: "third" },
      { region: "US", amount: null, note: "seventh" },
    ]);
  });
});
