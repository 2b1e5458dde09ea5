import { describe, expect, test } from "vitest";
import { aWorld, type AnsweredError, type NewRole } from "../../support/world.ts";

const world = await aWorld();

const UPSERT = `mutation ($input: UpsertRowsInput!) {
  upsertRows(input: $input) {
    count
    results { index id operation version row { values } faults { column code currentVersion } }
  }
}`;

interface Upserted {
  upsertRows: {
    count: number;
    results: {
      id: string | null;
      operation: string | null;
      version: number | null;
      row: { values: Record<string, unknown> } | null;
      faults: { column: string | null; code: string; currentVersion: number | null }[];
    }[];
  };
}

/** Goods by their number, with a unique code and a hidden cost. */
async function goods(rows: readonly object[] = [{ sku: "1", shop: "EU", price: 10, cost: 5 }]) {
  return await world.dataset({
    columns: [
      { name: "sku", type: "DECIMAL" },
      { name: "shop", type: "TEXT" },
      { name: "price", type: "INTEGER", min: "0", default: 7 },
      { name: "code", type: "TEXT", unique: true },
      { name: "cost", type: "INTEGER" },
      { name: "made", type: "TEXT", editable: false },
    ],
    keyColumns: ["sku"],
    rows: rows as Record<string, unknown>[],
  });
}

type Goods = Awaited<ReturnType<typeof goods>>;

interface Row {
  readonly values: object;
  readonly expectedVersion?: number;
}

const upsert = (
  { id }: { id: string },
  rows: readonly (object | Row)[],
  more: { key?: string; onFault?: string; by?: string; datasetId?: string } = {},
) => {
  const { key, ...input } = more;
  const asked = rows.map((row) => ("values" in row ? row : { values: row }));
  return world.run<Upserted>(UPSERT, {
    ...(key !== undefined && { key }),
    variables: { input: { datasetId: id, rows: asked, ...input } },
  });
};

/** Row, column and code of every fault that an error lists. */
function faultsOf(errors: readonly AnsweredError[]): string[] {
  const faults = errors[0]?.extensions["errors"] as { row: number; column: string; code: string }[];
  return faults.map(({ row, column, code }) => `${row} ${column} ${code}`);
}

const codeOf = ({ errors }: { errors: readonly AnsweredError[] }) => errors[0]?.extensions.code;

async function valuesIn({ id }: { id: string }, key = world.admin): Promise<object[]> {
  const { dataset } = await world.ask<{ dataset: { rows: { nodes: { values: object }[] } } }>(
    `query ($id: ID!) { dataset(id: $id) { rows(orderBy: [{column: "sku", direction: ASC}]) { nodes { values } } } }`,
    { variables: { id }, key },
  );
  return dataset.rows.nodes.map(({ values }) => values);
}

/** A key with every right on goods but for what is said. */
async function writer({ id, columns }: Goods, role: Partial<NewRole>, withheld: object = {}) {
  const grants = Object.entries(withheld).map(([name, rights]) => ({
    datasetId: id,
    columnId: columns[name] ?? "",
    ...(rights as object),
  }));
  const all = { canRead: true, canCreate: true, canUpdate: true };
  const permissions = ["row::upsert", "row::get", "dataset::get"];
  return await world.key({
    roles: [{ permissions, ...all, ...role, grants: [...(role.grants ?? []), ...grants] }],
  });
}

describe("an upsert", () => {
  test("changes the row that has the key, makes the one that is not there, and says which", async () => {
    const made = await goods();
    const { data } = await upsert(made, [
      { sku: "2", shop: "US" },
      { sku: "1.00", price: 20 },
    ]);
    expect(data?.upsertRows).toMatchObject({
      count: 2,
      results: [
        { operation: "CREATED", version: 1, row: { values: { sku: "2", price: 7 } } },
        {
          operation: "UPDATED",
          version: 2,
          id: made.rows[0],
          row: { values: { sku: "1", shop: "EU", price: 20, cost: 5 } },
        },
      ],
    });
  });

  test("finds rows by a unique column that it names, and may change their key then", async () => {
    const made = await goods([{ sku: "1", code: "a" }]);
    const { data } = await upsert(made, [{ code: "a", sku: "3" }], { by: "code" });
    expect(data?.upsertRows.results[0]).toMatchObject({ operation: "UPDATED", id: made.rows[0] });
    expect(await valuesIn(made)).toMatchObject([{ sku: "3", code: "a" }]);
  });

  test("by a key of two columns finds the rows that have both", async () => {
    const made = await world.dataset({
      columns: ["a", "b", "c"].map((name) => ({ name, type: "TEXT" })),
      keyColumns: ["a", "b"],
      rows: [{ a: "1", b: "1" }],
    });
    const { data } = await upsert(made, [
      { a: "1", b: "1", c: "x" },
      { a: "1", b: "2", c: "y" },
    ]);
    const operations = data?.upsertRows.results.map(({ operation }) => operation);
    expect(operations).toEqual(["UPDATED", "CREATED"]);
  });

  test("in a column beyond those that are native finds them as well", async () => {
    const columns = Array.from({ length: 251 }, (_, place) => ({
      name: `c${place}`,
      type: "TEXT",
    }));
    const made = await world.dataset({ columns, keyColumns: ["c250"], rows: [{ c250: "k" }] });
    const { data } = await upsert(made, [{ c250: "k", c1: "x" }, { c250: "l" }]);
    const operations = data?.upsertRows.results.map(({ operation }) => operation);
    expect(operations).toEqual(["UPDATED", "CREATED"]);
  });

  test("names every fault of every row at once, and writes nothing", async () => {
    const made = await goods([{ sku: "1", code: "a" }, { sku: "2" }]);
    const { errors } = await upsert(made, [
      { sku: "1", price: -1 },
      { sku: "2", code: "a" },
      { shop: "no key" },
      { sku: null },
      { sku: "x" },
      { sku: "5.0", price: 1 },
      { sku: "5", price: "y" },
      { sku: "1.0", made: "x" },
      { sku: "9", nope: 1 },
      { sku: "2", made: "x" },
    ]);
    expect(faultsOf(errors)).toEqual([
      "0 price OUT_OF_RANGE",
      "0 sku REPEATED",
      "1 sku REPEATED",
      "2 sku REQUIRED",
      "3 sku REQUIRED",
      "4 sku WRONG_TYPE",
      "5 sku REPEATED",
      "6 price WRONG_TYPE",
      "6 sku REPEATED",
      "7 sku REPEATED",
      "8 nope UNKNOWN_COLUMN",
      "9 sku REPEATED",
    ]);
    expect(await valuesIn(made)).toHaveLength(2);
  });

  test("says of rows with the same key which they are", async () => {
    const { errors } = await upsert(await goods(), [{ sku: "3" }, { sku: "4" }, { sku: "3.0" }]);
    const faults = errors[0]?.extensions["errors"] as { row: number; message: string }[];
    expect(faults.map(({ row }) => row)).toEqual([0, 2]);
    expect(faults[1]?.message).toContain("0, 2");
  });

  test("keeps the good rows when asked to, new ones and changed ones", async () => {
    const made = await goods([{ sku: "1" }, { sku: "2" }]);
    const rows = [
      { sku: "1", price: 1 },
      { sku: "2", price: -1 },
      { sku: "3" },
      { sku: "4", price: -1 },
    ];
    const { data } = await upsert(made, rows, { onFault: "SKIP_ROW" });
    const operations = data?.upsertRows.results.map(({ operation }) => operation);
    expect(operations).toEqual(["UPDATED", null, "CREATED", null]);
    expect(await valuesIn(made)).toMatchObject([{ price: 1 }, { price: 7 }, { price: 7 }]);
  });

  test("is refused when the row has another version than expected, or is not there", async () => {
    const made = await goods();
    const stale = await upsert(made, [{ values: { sku: "1", price: 1 }, expectedVersion: 2 }]);
    expect(stale.errors[0]?.extensions).toMatchObject({
      code: "CONFLICT",
      errors: [{ row: 0, code: "CONFLICT", currentVersion: 1 }],
    });
    const gone = await upsert(made, [{ values: { sku: "9" }, expectedVersion: 1 }]);
    expect(codeOf(gone)).toBe("CONFLICT");
    const fresh = await upsert(made, [{ values: { sku: "1", price: 1 }, expectedVersion: 1 }]);
    expect(fresh.errors).toEqual([]);
  });

  test("does not change a column that is not editable, and sets it in a new row", async () => {
    const made = await goods();
    const { errors } = await upsert(made, [
      { sku: "1", made: "x" },
      { sku: "2", made: "x" },
    ]);
    expect(faultsOf(errors)).toEqual(["0 made NOT_EDITABLE"]);
    expect((await upsert(made, [{ sku: "2", made: "x" }])).errors).toEqual([]);
  });

  test("needs a key: the dataset's, or a unique column of a name that is known", async () => {
    const keyless = await world.dataset({ columns: [{ name: "a", type: "TEXT" }] });
    expect(codeOf(await upsert(keyless, [{ a: "x" }]))).toBe("BAD_USER_INPUT");
    const made = await goods();
    for (const by of ["price", "nope"]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(codeOf(await upsert(made, [{ sku: "1" }], { by }))).toBe("BAD_USER_INPUT");
    }
  });
});

describe("by rights an upsert", () => {
  test("makes rows by CREATE and changes them by UPDATE, and asks for neither in vain", async () => {
    const made = await goods();
    const maker = await writer(made, { canUpdate: false });
    const changer = await writer(made, { canCreate: false });
    const [old, fresh] = [{ sku: "1", price: 1 }, { sku: "2" }];
    expect(codeOf(await upsert(made, [old], { key: maker }))).toBe("FORBIDDEN");
    expect(codeOf(await upsert(made, [fresh], { key: changer }))).toBe("FORBIDDEN");
    expect((await upsert(made, [fresh], { key: maker })).errors).toEqual([]);
    expect((await upsert(made, [old], { key: changer })).errors).toEqual([]);
    const reader = await writer(made, { canCreate: false, canUpdate: false });
    expect(codeOf(await upsert(made, [old], { key: reader }))).toBe("FORBIDDEN");
  });

  test("needs the permission row::upsert, and no other", async () => {
    const made = await goods();
    const without = await writer(made, { permissions: ["row::create", "row::update", "row::get"] });
    expect(codeOf(await upsert(made, [{ sku: "1" }], { key: without }))).toBe("FORBIDDEN");
  });

  test("does not set the cells of the key, by which it finds rows, but all others that it names", async () => {
    const made = await goods();
    const key = await writer(
      made,
      {},
      { sku: { update: "WITHHOLD" }, shop: { update: "WITHHOLD" } },
    );
    expect((await upsert(made, [{ sku: "1", price: 3 }], { key })).errors).toEqual([]);
    expect(codeOf(await upsert(made, [{ sku: "1", shop: "EU" }], { key }))).toBe("FORBIDDEN");
    expect((await upsert(made, [{ sku: "2", shop: "EU" }], { key })).errors).toEqual([]);
  });

  test("judges changed rows as they are and become, and new rows whole", async () => {
    const made = await goods([
      { sku: "1", shop: "EU" },
      { sku: "2", shop: "US" },
    ]);
    const eu = { column: "shop", eq: "EU" };
    const key = await writer(made, {
      grants: [{ datasetId: made.id, rowFilter: { create: eu, update: eu } }],
    });
    const rows = [
      { sku: "1", price: 1 },
      { sku: "2", price: 1 },
      { sku: "1.5", shop: "EU" },
      { sku: "3", shop: "US" },
      { sku: "4" },
    ];
    const { data } = await upsert(made, rows, { key, onFault: "SKIP_ROW" });
    const codes = data?.upsertRows.results.map(({ faults }) => faults.map(({ code }) => code));
    expect(codes).toEqual([[], ["FORBIDDEN"], [], ["FORBIDDEN"], ["FORBIDDEN"]]);
    const moved = await upsert(made, [{ sku: "1", shop: "US" }], { key });
    expect(codeOf(moved)).toBe("FORBIDDEN");
  });

  test("is refused before any look-up where the key is not to be read in every row", async () => {
    const made = await goods([
      { sku: "1", shop: "US" },
      { sku: "3", shop: "EU" },
    ]);
    const blind = await writer(made, {}, { sku: { read: "WITHHOLD" } });
    const some = await writer(made, {
      grants: [{ datasetId: made.id, rowFilter: { read: { column: "shop", eq: "EU" } } }],
    });
    for (const key of [blind, some]) {
      // oxlint-disable-next-line no-await-in-loop
      const taken = await upsert(made, [{ sku: "1" }], { key });
      // oxlint-disable-next-line no-await-in-loop
      const free = await upsert(made, [{ sku: "2" }], { key });
      expect(codeOf(taken)).toBe("FORBIDDEN");
      expect(free.text).toBe(taken.text);
      // oxlint-disable-next-line no-await-in-loop
      expect((await upsert(made, [{ sku: "3" }], { key })).text).toBe(taken.text);
    }
  });

  test("does not name key columns to whoever knows not all of them", async () => {
    const made = await goods();
    const nothing = { read: "WITHHOLD", create: "WITHHOLD", update: "WITHHOLD" };
    const key = await writer(made, {}, { sku: nothing });
    const keyless = await world.dataset({ columns: [{ name: "a", type: "TEXT" }] });
    const unknown = await upsert(made, [{ shop: "x" }], { key });
    const none = await upsert(keyless, [{ a: "x" }], { key });
    expect(codeOf(unknown)).toBe("BAD_USER_INPUT");
    expect(unknown.text).toBe(none.text);
  });
});

describe("where a column tells what is taken, an upsert", async () => {
  const made = await world.dataset({
    columns: [
      { name: "code", type: "TEXT", unique: true, tellsTaken: true },
      { name: "shop", type: "TEXT" },
      { name: "price", type: "INTEGER" },
    ],
    rows: [
      { code: "seen", shop: "EU" },
      { code: "unseen", shop: "US" },
      { code: "unread", shop: "EU" },
    ],
  });
  const eu = { column: "shop", eq: "EU" };
  const permissions = ["row::upsert", "row::get"];
  const ofShop = await world.key({
    roles: [
      {
        permissions,
        grants: [
          {
            datasetId: made.id,
            read: "ALLOW",
            create: "ALLOW",
            update: "ALLOW",
            rowFilter: { read: eu },
          },
        ],
      },
    ],
  });
  const blind = await world.key({
    roles: [
      {
        permissions,
        canRead: true,
        canCreate: true,
        canUpdate: true,
        grants: [{ datasetId: made.id, columnId: made.columns["code"] ?? "", read: "WITHHOLD" }],
      },
    ],
  });

  test("reaches rows that are seen, and is told of any other that its key is taken", async () => {
    const by = { key: ofShop, by: "code" };
    expect((await upsert(made, [{ code: "seen", price: 1 }], by)).errors).toEqual([]);
    const { errors } = await upsert(made, [{ code: "unseen", price: 1 }], by);
    expect(faultsOf(errors)).toEqual(["0 code NOT_UNIQUE"]);
  });

  test("does not find a row that is seen by a key that may not be read in it", async () => {
    const by = { key: blind, by: "code" };
    const { errors } = await upsert(made, [{ code: "unread", price: 1 }], by);
    expect(faultsOf(errors)).toEqual(["0 code NOT_UNIQUE"]);
    expect((await upsert(made, [{ code: "free", price: 1 }], by)).errors).toEqual([]);
  });
});

describe("a unique value", () => {
  const UPDATE = `mutation ($input: UpdateRowsInput!) {
    updateRows(input: $input) { count results { faults { code } } }
  }`;
  const rows = [{ code: "a" }, { code: "b" }];

  /** Gives the first row the value of the second, and the second another. */
  async function swapped(onFault: string, second: object) {
    const made = await goods(rows.map((row, place) => ({ ...row, sku: String(place) })));
    const changes = [
      { id: made.rows[0], values: { code: "b" } },
      { id: made.rows[1], values: second },
    ];
    return await world.run<{ updateRows: { results: { faults: { code: string }[] }[] } }>(UPDATE, {
      variables: { input: { datasetId: made.id, rows: changes, onFault } },
    });
  }

  test("that another row is to give up in the same call is taken", async () => {
    const { errors } = await swapped("REJECT_ALL", { code: "a" });
    expect(faultsOf(errors)).toEqual(["0 code NOT_UNIQUE", "1 code NOT_UNIQUE"]);
  });

  test("that a faulty row keeps is taken, and the others are written", async () => {
    const { data } = await swapped("SKIP_ROW", { code: "c", price: -1 });
    const codes = data?.updateRows.results.map(({ faults }) => faults.map(({ code }) => code));
    expect(codes).toEqual([["NOT_UNIQUE"], ["OUT_OF_RANGE"]]);
  });
});
