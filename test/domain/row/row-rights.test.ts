import { beforeAll, describe, expect, test } from "vitest";
import { aWorld, type NewGrant, type World } from "../../support/world.ts";

const METHODS =
  "dataset::get row::get row::create row::update row::delete node::get role::get".split(" ");

const ROWS = [
  { name: "Ada", city: "Ulm", salary: 10 },
  { name: "Bob", city: "Bonn", salary: 20 },
  { name: "Cleo", city: null, salary: 30 },
];

const IN_ULM = { column: "city", eq: "Ulm" };
const IN_BONN = { column: "city", eq: "Bonn" };
const NOT_IN_ULM = { not: IN_ULM };

let world: World;
let people: Awaited<ReturnType<World["dataset"]>>;

beforeAll(async () => {
  world = await aWorld();
  people = await aDataset();
});

async function aDataset() {
  return await world.dataset({
    columns: [
      { name: "name", type: "TEXT" },
      { name: "city", type: "TEXT", default: "Ulm" },
      { name: "salary", type: "INTEGER" },
    ],
    rows: ROWS,
  });
}

type Grants = readonly Omit<NewGrant, "datasetId">[];

/** A key with a role for each list of grants. */
async function keyOf(...roles: readonly Grants[]): Promise<string> {
  const datasetId = people.id;
  return await world.key({
    roles: roles.map((grants) => ({
      permissions: METHODS,
      grants: grants.map((grant) => ({ datasetId, ...grant })),
    })),
  });
}

interface Read {
  readonly dataset: {
    readonly rowCount: number;
    readonly rows: {
      readonly totalCount: number;
      readonly nodes: readonly {
        readonly values: Readonly<Record<string, unknown>>;
        readonly hiddenColumns: readonly string[];
      }[];
    };
  };
}

/** What a key reads. */
async function read(key: string, args = "") {
  const { dataset } = await world.ask<Read>(
    `query ($id: ID!) { dataset(id: $id) {
       rowCount rows${args} { totalCount nodes { values hiddenColumns } } } }`,
    { key, variables: { id: people.id } },
  );
  return dataset;
}

const valuesOf = ({ rows }: Read["dataset"]) => rows.nodes.map(({ values }) => values);

describe("a row filter of READ", () => {
  test("leaves out of every list and count the rows that it does not let through", async () => {
    const key = await keyOf([{ read: "ALLOW", rowFilter: { read: IN_ULM } }]);
    const { rowCount, rows } = await read(key);
    expect(rowCount).toBe(1);
    expect(rows.totalCount).toBe(1);
    expect(rows.nodes).toEqual([{ values: ROWS[0], hiddenColumns: [] }]);
    const all = await read(await keyOf([{ read: "ALLOW" }]));
    expect(all.rowCount).toBe(3);
  });

  test("takes an unknown comparison for none, also under not", async () => {
    const key = await keyOf([{ read: "ALLOW", rowFilter: { read: NOT_IN_ULM } }]);
    expect(valuesOf(await read(key))).toEqual([ROWS[1]]);
  });

  test("holds also where the right comes from a column or from the role's default", async () => {
    const columnId = people.columns["name"] ?? "";
    const byColumn = await keyOf([{ rowFilter: { read: IN_ULM } }, { columnId, read: "ALLOW" }]);
    expect(valuesOf(await read(byColumn))).toEqual([{ name: "Ada" }]);
    const byDefault = await world.key({
      roles: [
        {
          permissions: METHODS,
          canRead: true,
          grants: [{ datasetId: people.id, rowFilter: { read: IN_BONN } }],
        },
      ],
    });
    expect(valuesOf(await read(byDefault))).toEqual([ROWS[1]]);
  });

  test("that names a variable without a value lets nothing through, wherever it stands", async () => {
    for (const filter of [
      { column: "city", eq: "$user.city" },
      { not: { column: "city", eq: "$client.id" } },
      { or: [IN_ULM, { column: "name", in: ["Ada", "$user.id"] }] },
    ]) {
      const key = await keyOf([{ read: "ALLOW", rowFilter: { read: filter } }]);
      expect((await read(key)).rowCount).toBe(0);
    }
    const literal = { not: { column: "city", eq: "$$user.city" } };
    const key = await keyOf([{ read: "ALLOW", rowFilter: { read: literal } }]);
    expect((await read(key)).rowCount).toBe(2);
  });
});

const columnIds = () => ({
  name: people.columns["name"] ?? "",
  salary: people.columns["salary"] ?? "",
});

describe("what two roles give separately", () => {
  test("is never multiplied: each role's columns are read in its own rows alone", async () => {
    const { name, salary } = columnIds();
    const key = await keyOf(
      [{ rowFilter: { read: IN_ULM } }, { columnId: name, read: "ALLOW" }],
      [{ rowFilter: { read: NOT_IN_ULM } }, { columnId: salary, read: "ALLOW" }],
    );
    const { rows } = await read(key);
    expect(rows.nodes).toEqual([
      { values: { name: "Ada" }, hiddenColumns: ["salary"] },
      { values: { salary: 20 }, hiddenColumns: ["name"] },
    ]);
    const joined = await keyOf([
      { read: "ALLOW", rowFilter: { read: { or: [IN_ULM, NOT_IN_ULM] } } },
    ]);
    expect(valuesOf(await read(joined))).toEqual([ROWS[0], ROWS[1]]);
  });

  test("is not there for filter and order either: a hidden cell is no value", async () => {
    const { name, salary } = columnIds();
    const key = await keyOf(
      [{ columnId: name, read: "ALLOW" }],
      [{ rowFilter: { read: IN_BONN } }, { columnId: salary, read: "ALLOW" }],
    );
    expect((await read(key, `(filter: {column: "salary", ge: 0})`)).rows.totalCount).toBe(1);
    expect((await read(key, `(filter: {column: "salary", isNull: true})`)).rows.totalCount).toBe(2);
    const ordered = await read(key, `(orderBy: [{column: "salary", direction: DESC}])`);
    expect(valuesOf(ordered)).toEqual([
      { name: "Bob", salary: 20 },
      { name: "Cleo" },
      { name: "Ada" },
    ]);
  });
});

async function write(key: string, document: string, variables: object = {}) {
  const { data, errors } = await world.run<Record<string, { count: number } | null>>(document, {
    key,
    variables: { datasetId: people.id, ...variables },
  });
  const missing = errors[0]?.extensions["missing"] as { name: string } | undefined;
  return errors[0]
    ? `${errors[0].extensions.code} ${missing?.name.split(" ")[0] ?? ""}`.trim()
    : Object.values(data ?? {})[0];
}

const create = async (key: string, ...rows: object[]) =>
  await write(
    key,
    `mutation ($datasetId: ID!, $rows: [JSON!]!) {
       createRows(input: {datasetId: $datasetId, rows: $rows}) { count rows { values } } }`,
    { rows },
  );
const update = async (key: string, id: string, values: object) =>
  await write(
    key,
    `mutation ($datasetId: ID!, $id: ID!, $values: JSON!) {
       updateRows(input: {datasetId: $datasetId, rows: [{id: $id, values: $values}]}) {
         count rows { values } } }`,
    { id, values },
  );
const remove = async (key: string, id: string) =>
  await write(
    key,
    `mutation ($datasetId: ID!, $id: ID!) {
       deleteRows(input: {datasetId: $datasetId, rows: [{id: $id}]}) { count } }`,
    { id },
  );

test("a unique column that is read in some rows alone is not set: it would tell of the others", async () => {
  const { id: datasetId } = await world.dataset({
    columns: [
      { name: "city", type: "TEXT" },
      { name: "code", type: "TEXT", unique: true },
    ],
    rows: [{ city: "Bonn", code: "taken" }],
  });
  const outcome = async (rowFilter?: object) => {
    const grant = { datasetId, read: "ALLOW", create: "ALLOW", ...(rowFilter && { rowFilter }) };
    const key = await world.key({ roles: [{ permissions: METHODS, grants: [grant as NewGrant] }] });
    const { errors } = await world.run(
      `mutation ($id: ID!) { createRows(input: {datasetId: $id, rows: [{city: "Ulm", code: "taken"}]}) { count } }`,
      { key, variables: { id: datasetId } },
    );
    return errors[0]?.extensions.code;
  };
  expect(await outcome({ read: IN_ULM })).toBe("FORBIDDEN");
  expect(await outcome()).toBe("BAD_USER_INPUT");
});

describe("a row filter of a write", () => {
  const all = { read: "ALLOW", create: "ALLOW", update: "ALLOW", delete: "ALLOW" } as const;

  beforeAll(async () => {
    people = await aDataset();
  });

  test("is asked of a complete new row, with its defaults", async () => {
    const key = await keyOf([{ ...all, rowFilter: { create: IN_ULM } }]);
    expect(await create(key, { name: "Dan" })).toMatchObject({ count: 1 });
    expect(await create(key, { name: "Eve", city: "Bonn" })).toBe("FORBIDDEN CREATE");
    expect(await create(key, { name: "Eve", city: null })).toBe("FORBIDDEN CREATE");
    expect(await create(key, { name: "Eve" }, { name: "Fay", city: "Bonn" })).toBe(
      "FORBIDDEN CREATE",
    );
  });

  test("is asked of the row before a change and after it", async () => {
    const [ada = "", bob = ""] = people.rows;
    const key = await keyOf([{ ...all, rowFilter: { update: IN_ULM } }]);
    expect(await update(key, ada, { salary: 11 })).toMatchObject({ count: 1 });
    expect(await update(key, ada, { city: "Bonn" })).toBe("FORBIDDEN UPDATE");
    expect(await update(key, bob, { city: "Ulm" })).toBe("FORBIDDEN UPDATE");
    expect(await update(key, bob, { salary: 20 })).toBe("FORBIDDEN UPDATE");
    const free = await keyOf([all]);
    expect(await update(free, bob, { city: "Ulm" })).toMatchObject({ count: 1 });
    expect(await update(free, bob, { city: "Bonn" })).toMatchObject({ count: 1 });
  });

  test("lets different cells of one change be covered by different roles", async () => {
    const [ada = "", bob = ""] = people.rows;
    const { name, salary } = columnIds();
    const key = await keyOf(
      [{ read: "ALLOW" }],
      [{ rowFilter: { update: IN_ULM } }, { columnId: name, update: "ALLOW" }],
      [
        { rowFilter: { update: { column: "salary", lt: 100 } } },
        { columnId: salary, update: "ALLOW" },
      ],
    );
    expect(await update(key, ada, { name: "Ada L.", salary: 12 })).toMatchObject({ count: 1 });
    expect(await update(key, bob, { name: "Rob", salary: 12 })).toBe("FORBIDDEN UPDATE");
    expect(await update(key, bob, { salary: 12 })).toMatchObject({ count: 1 });
    expect(await update(key, ada, { salary: 100 })).toBe("FORBIDDEN UPDATE");
    expect(await update(key, ada, { name: "Ada", salary: 100 })).toBe("FORBIDDEN UPDATE");
  });

  test("lets different cells of a new row be covered by different roles, each by its own rows", async () => {
    const { name, salary } = columnIds();
    const datasetGrant = { create: "ALLOW" } as const;
    const key = await keyOf(
      [{ read: "ALLOW" }],
      [
        { ...datasetGrant, rowFilter: { create: IN_ULM } },
        { columnId: salary, create: "WITHHOLD" },
      ],
      [
        { ...datasetGrant, rowFilter: { create: { column: "salary", lt: 100 } } },
        { columnId: name, create: "WITHHOLD" },
      ],
    );
    expect(await create(key, { name: "Ida", salary: 5 })).toMatchObject({ count: 1 });
    expect(await create(key, { name: "Ida", salary: 500 })).toBe("FORBIDDEN CREATE");
    expect(await create(key, { name: "Ida", city: "Bonn", salary: 5 })).toBe("FORBIDDEN CREATE");
    expect(await create(key, { city: "Bonn", salary: 5 })).toMatchObject({ count: 1 });
  });

  test("is asked of the row before it is deleted", async () => {
    const [ada = "", , cleo = ""] = people.rows;
    const key = await keyOf([{ ...all, rowFilter: { delete: IN_ULM } }]);
    expect(await remove(key, cleo)).toBe("FORBIDDEN DELETE");
    expect(await remove(key, ada)).toMatchObject({ count: 1 });
  });

  test("reaches only rows that the caller sees", async () => {
    const [, , cleo = ""] = people.rows;
    const key = await keyOf([{ ...all, rowFilter: { read: IN_BONN } }]);
    expect(await update(key, cleo, { salary: 1 })).toBe("NOT_FOUND");
    expect(await remove(key, cleo)).toBe("NOT_FOUND");
  });

  test("writes a row out of sight, and answers null for it", async () => {
    const [, bob = ""] = people.rows;
    const key = await keyOf([{ ...all, rowFilter: { read: IN_BONN } }]);
    expect(await update(key, bob, { city: "Ulm" })).toEqual({ count: 1, rows: [null] });
    const everything = await read(await keyOf([{ read: "ALLOW" }]));
    expect(valuesOf(everything)).toContainEqual(
      expect.objectContaining({ name: "Bob", city: "Ulm" }),
    );
  });

  test("is a fault of the row, where faulty rows are skipped", async () => {
    const key = await keyOf([{ ...all, rowFilter: { create: IN_ULM } }]);
    const { createRows } = await world.ask<{
      createRows: { count: number; results: { faults: object[] }[] };
    }>(
      `mutation ($id: ID!) { createRows(input: {datasetId: $id, onFault: SKIP_ROW, rows: [
         {name: "Gil"}, {name: "Hal", city: "Bonn"}]}) { count results { faults { code column } } } }`,
      { key, variables: { id: people.id } },
    );
    expect(createRows).toEqual({
      count: 1,
      results: [{ faults: [] }, { faults: [{ code: "FORBIDDEN", column: null }] }],
    });
  });
});
