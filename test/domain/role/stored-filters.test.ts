import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aWorld, type World } from "../../support/world.ts";

let world: World;
let sick: Awaited<ReturnType<World["dataset"]>>;
let sound: Awaited<ReturnType<World["dataset"]>>;
let roleId: string;
let key: string;

const METHODS =
  "dataset::get dataset::find row::get row::create row::update row::delete role::get".split(" ");

beforeAll(async () => {
  world = await aWorld();
  const columns = [
    { name: "city", type: "TEXT" },
    { name: "amount", type: "INTEGER" },
    { name: "data", type: "JSON" },
  ];
  const rows = [{ city: "Ulm", amount: 1 }];
  [sick, sound] = [
    await world.dataset({ columns, rows }),
    await world.dataset({ columns, rows, name: "sound" }),
  ];
  const all = { read: "ALLOW", create: "ALLOW", update: "ALLOW", delete: "ALLOW" } as const;
  const filter = { column: "city", eq: "Ulm" };
  roleId = await world.role({
    permissions: METHODS,
    grants: [
      {
        datasetId: sick.id,
        ...all,
        rowFilter: { read: filter, create: filter, update: filter, delete: filter },
      },
      { datasetId: sound.id, ...all },
    ],
  });
  key = await world.key({ roles: [roleId] });
});
afterAll(() => world.database.close());

const digitsOf = (id: string) => id.replace(/^[a-z]+_/, "");

/** Puts something in the place of the row filters, past the API. */
async function corrupt(stored: string): Promise<void> {
  await world.database.pool.query(
    `UPDATE role_grant SET row_filters = $1::jsonb WHERE role_id = $2::uuid AND dataset_id = $3::uuid`,
    [stored, digitsOf(roleId), digitsOf(sick.id)],
  );
}

const columnOf = (name: string) => {
  const digits = sick.columns[name]?.replace("column_", "") ?? "";
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};
const GONE = "0192f3a1-b2c3-7d4e-8f00-112233445566";

/** The same filter for every action. */
const ofAll = (filter: unknown) => ({
  READ: filter,
  CREATE: filter,
  UPDATE: filter,
  DELETE: filter,
});

const compare = (name: string, by: string, operand: unknown) => ({
  kind: "compare",
  columnId: columnOf(name),
  by,
  operand,
});

const nested = (depth: number): unknown =>
  JSON.parse(
    `${'{"kind":"not","of":'.repeat(depth)}{"kind":"all","of":[]}${"}".repeat(depth)}`,
  ) as unknown;

/** What is no policy, each in the place of the filters. */
const POLICIES: Readonly<Record<string, () => unknown>> = {
  "a text": () => "READ",
  "a number": () => 1,
  true: () => true,
  "JSON's null": () => null,
  "a list": () => [],
  "a filter by no action": () => compare("city", "eq", "Ulm"),
  "a filter of an unknown action": () => ({ LOOK: { kind: "all", of: [] } }),
  "actions in lower case": () => ({ read: { kind: "all", of: [] } }),
  "the name of a prototype as an action": () =>
    JSON.parse(`{"__proto__": {"kind": "all", "of": []}}`) as unknown,
  "no filter": () => ofAll(null),
  "a text for a filter": () => ofAll("all"),
  "a list for a filter": () => ofAll([{ kind: "all", of: [] }]),
  "an empty filter": () => ofAll({}),
  "an unknown kind": () => ofAll({ kind: "every", of: [] }),
  "a kind of a prototype": () => ofAll({ kind: "constructor", of: [] }),
  "an unknown kind within": () => ofAll({ kind: "any", of: [{ kind: "all", of: [] }, {}] }),
  "an unknown kind under not": () => ofAll({ kind: "not", of: { kind: "none" } }),
  "no parts": () => ofAll({ kind: "all" }),
  "parts that are no list": () => ofAll({ kind: "all", of: { length: 0 } }),
  "no part of not": () => ofAll({ kind: "not" }),
  "not with a list": () => ofAll({ kind: "not", of: [] }),
  "no column": () => ofAll({ kind: "isNull", is: false }),
  "no side of isNull": () => ofAll({ kind: "isNull", columnId: columnOf("city") }),
  "no operand": () => ofAll({ kind: "compare", columnId: columnOf("city"), by: "ne" }),
  "an operand that is null": () => ofAll(compare("city", "ne", null)),
  "an operand that is a number": () => ofAll(compare("amount", "eq", 1)),
  "an operand that is an object": () => ofAll(compare("city", "ne", { text: "x" })),
  "an operand of another type": () => ofAll(compare("amount", "ne", "many")),
  "an operand of another type, under not": () =>
    ofAll({ kind: "not", of: compare("amount", "eq", "many") }),
  "a comparison that there is none of": () => ofAll(compare("city", "like", "U%")),
  "a comparison of a prototype": () => ofAll(compare("city", "toString", "x")),
  "a comparison of texts with numbers": () => ofAll(compare("amount", "contains", "1")),
  "a comparison with JSON": () => ofAll(compare("data", "ne", "1")),
  "no operands of in": () => ofAll({ kind: "in", columnId: columnOf("city") }),
  "an operand of in that is null": () =>
    ofAll({ kind: "in", columnId: columnOf("city"), operands: ["Ulm", null] }),
  "a variable that there is none of": () => ofAll(compare("city", "ne", { variable: "__proto__" })),
  "a column that is gone": () => ofAll({ kind: "isNull", columnId: GONE, is: true }),
  "a column that is gone, under not": () =>
    ofAll({ kind: "not", of: { kind: "isNull", columnId: GONE, is: false } }),
  "a column that is no id": () => ofAll({ kind: "isNull", columnId: "'; --", is: true }),
  "an even number of nots, too deep": () => ofAll(nested(1_000)),
};

const READ = `query ($sick: ID!, $sound: ID!) {
  sound: dataset(id: $sound) { rowCount rows { totalCount nodes { values } } }
  sick: dataset(id: $sick) { rowCount rows { totalCount nodes { id } } }
  all: datasets { totalCount nodes { id rowCount } } }`;
const GRANTS = `query ($roleId: ID!) { role(id: $roleId) { grants { id rowFilter { read update } } } }`;

/** What a document of the key is refused with; null: it is done. */
async function refused(query: string, input: object): Promise<string | null> {
  const { errors } = await world.run(query, { key, variables: { input } });
  return errors[0]?.extensions.code ?? null;
}

describe("stored row filters that are no filters let no row through, and others are answered:", () => {
  test.each(Object.keys(POLICIES))("%s", async (name) => {
    await corrupt(JSON.stringify(POLICIES[name]?.()));
    const variables = { sick: sick.id, sound: sound.id };
    const read = await world.run<Record<string, { rowCount: number }>>(READ, { key, variables });
    expect(read.errors).toStrictEqual([]);
    expect(read.data).toMatchObject({
      sound: { rowCount: 1, rows: { totalCount: 1 } },
      sick: { rowCount: 0, rows: { totalCount: 0, nodes: [] } },
      all: { totalCount: 2 },
    });
    const [id] = sick.rows;
    const datasetId = sick.id;
    const create = `mutation ($input: CreateRowsInput!) { createRows(input: $input) { count } }`;
    const update = `mutation ($input: UpdateRowsInput!) { updateRows(input: $input) { count } }`;
    const remove = `mutation ($input: DeleteRowsInput!) { deleteRows(input: $input) { count } }`;
    expect(await refused(create, { datasetId, rows: [{ city: "Ulm" }] })).toBe("FORBIDDEN");
    expect(await refused(update, { datasetId, rows: [{ id, values: {} }] })).toBe("NOT_FOUND");
    expect(await refused(remove, { datasetId, rows: [{ id }] })).toBe("NOT_FOUND");
    const { errors } = await world.run(GRANTS, { variables: { roleId } });
    expect(errors).toStrictEqual([]);
  });
});

test("a filter that is sound lets through what it did before", async () => {
  await corrupt(JSON.stringify(ofAll(compare("city", "eq", "Ulm"))));
  const variables = { sick: sick.id, sound: sound.id };
  const { data } = await world.run(READ, { key, variables });
  expect(data).toMatchObject({ sick: { rowCount: 1 } });
});
