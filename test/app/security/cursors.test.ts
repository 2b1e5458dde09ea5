import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, aWorld, type World } from "../../support/world.ts";

let world: World;
let dataset: Awaited<ReturnType<World["dataset"]>>;
let analyst: string;
let cursor: string;

const COLUMNS = [
  { name: "name", type: "TEXT" },
  { name: "salary", type: "INTEGER" },
];
const METHODS = "dataset::get dataset::find row::get role::find key::find".split(" ");
const ROWS = `query ($id: ID!, $after: String, $filter: RowFilter, $orderBy: [RowOrder!]) {
  dataset(id: $id) { rows(first: 1, after: $after, filter: $filter, orderBy: $orderBy) {
    totalCount edges { cursor node { id } } } } }`;
const ORDER = [{ column: "name", direction: "ASC" }];

interface Page {
  readonly dataset: {
    readonly rows: { readonly edges: readonly { readonly cursor: string }[] };
  };
}

beforeAll(async () => {
  world = await aWorld();
  const rows = ["Ada", "Bob", "Cleo"].map((name, row) => ({ name, salary: 41_414_141 + row }));
  dataset = await world.dataset({ columns: COLUMNS, rows });
  const grants = [
    { datasetId: dataset.id, read: "ALLOW" as const },
    { datasetId: dataset.id, columnId: dataset.columns["salary"] ?? "", read: "WITHHOLD" as const },
  ];
  analyst = await world.key({ roles: [{ permissions: METHODS, grants }] });
  cursor = await cursorOf(analyst);
});
afterAll(() => world.database.close());

async function cursorOf(key: string, variables: object = { orderBy: ORDER }): Promise<string> {
  const found = await world.ask<Page>(ROWS, { key, variables: { id: dataset.id, ...variables } });
  return found.dataset.rows.edges[0]?.cursor ?? "";
}

const read = (after: unknown, variables: object = {}, key = analyst): Promise<Answer> =>
  world.run(ROWS, { key, variables: { id: dataset.id, orderBy: ORDER, after, ...variables } });

/** What is said of every cursor that is not one for the question. */
async function refusal(): Promise<string> {
  const { text, errors } = await read("no cursor");
  expect(errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
  return text;
}

describe("a cursor", () => {
  test("goes on after its place, as often as it is used", async () => {
    for (let time = 0; time < 2; time += 1) {
      const { data, errors } = await read(cursor);
      expect(errors).toStrictEqual([]);
      expect(data).toMatchObject({
        dataset: { rows: { edges: [{ node: { id: dataset.rows[1] } }] } },
      });
    }
  });

  test("holds what its reader was shown, and nothing else of the row", async () => {
    const body = Buffer.from(cursor, "base64url").subarray(16).toString();
    expect(body).toContain("Ada");
    expect(body).not.toContain("4141");
  });

  test("is refused with any bit flipped, in the same words", async () => {
    const expected = await refusal();
    const bytes = Buffer.from(cursor, "base64url");
    const flipped = Array.from({ length: bytes.length * 8 }, (_none, bit) => {
      const copy = Buffer.from(bytes);
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return copy.toString("base64url");
    });
    const texts = await allAnswers(flipped);
    expect(texts).toStrictEqual([expected]);
  });

  test("is refused cut, lengthened or spelt otherwise, in the same words", async () => {
    const expected = await refusal();
    const bytes = Buffer.from(cursor, "base64url");
    const others = [
      "",
      " ",
      "=",
      "AAAA",
      "null",
      "0",
      "__proto__",
      "💥",
      `${cursor}=`,
      ` ${cursor}`,
      `${cursor}A`,
      bytes.toString("base64"),
      bytes.toString("hex"),
      bytes.toString("latin1"),
      cursor.slice(0, -1),
      cursor.slice(1),
      cursor + cursor,
      bytes.subarray(16).toString("base64url"),
      bytes.subarray(0, 16).toString("base64url"),
    ].filter((text) => text !== cursor);
    expect(await allAnswers(others)).toStrictEqual([expected]);
  });

  test("is refused for another order, filter or direction of the same rows", async () => {
    const expected = await refusal();
    for (const variables of [
      { orderBy: [] },
      { orderBy: [{ column: "name", direction: "DESC" }] },
      { orderBy: [{ column: "name", direction: "ASC", nulls: "FIRST" }] },
      {
        orderBy: [...ORDER, ...ORDER.map((key) => ({ ...key, column: "salary" }))],
        key: world.admin,
      },
      { filter: { column: "name", gt: "A" } },
      { filter: { and: [{ column: "name", gt: "A" }] } },
    ]) {
      const { key = analyst, ...asked } = variables as { key?: string };
      expect((await read(cursor, asked, key)).text).toBe(expected);
    }
  });

  test("is refused for another dataset, key or list, in the same words", async () => {
    const other = await world.dataset({ columns: COLUMNS, rows: [{ name: "Dan" }] });
    const expected = await refusal();
    const [theirs, ours] = [await cursorOf(world.admin), await cursorOf(analyst)];
    expect(theirs).not.toBe(ours);
    expect((await read(theirs)).text).toBe(expected);
    expect((await read(ours, {}, world.admin)).text).toBe(expected);
    expect((await read(ours, { id: other.id }, world.admin)).text).toBe(expected);
    for (const list of ["datasets", "roles", "keys"]) {
      const query = `query ($after: String) { ${list}(after: $after) { totalCount } }`;
      const { errors } = await world.run(query, { key: analyst, variables: { after: ours } });
      expect(errors[0]?.message).toBe(JSON.parse(expected).errors[0].message);
    }
  });

  test("is refused by another tenant, and by the public, in the same words", async () => {
    const stranger = await aWorld();
    const there = await stranger.dataset({ columns: COLUMNS, rows: [{ name: "Ada" }] });
    const asked = { id: there.id, orderBy: ORDER, after: cursor };
    const { errors } = await stranger.run(ROWS, { variables: asked });
    expect(errors[0]?.message).toBe(JSON.parse(await refusal()).errors[0].message);
  });

  test("brings back no column that the roles left after narrowing do not give", async () => {
    const both = await world.key({
      roles: [
        {
          name: "reader",
          permissions: METHODS,
          grants: [{ datasetId: dataset.id, read: "ALLOW" }],
        },
        {
          name: "part",
          permissions: METHODS,
          grants: [
            { datasetId: dataset.id, columnId: dataset.columns["name"] ?? "", read: "ALLOW" },
          ],
        },
      ],
    });
    const bySalary = { orderBy: [{ column: "salary", direction: "ASC" }] };
    const place = await cursorOf(both, bySalary);
    const narrowed = await world.run(ROWS, {
      key: both,
      variables: { id: dataset.id, ...bySalary, after: place },
      headers: { "x-fieldgate-roles": "part" },
    });
    expect(narrowed.errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
    expect(narrowed.text).toContain('No column \\"salary\\"');
  });

  test("cannot be made by who belongs to no tenant, for whom there is no secret", async () => {
    const body = Buffer.from(JSON.stringify([null, "x"]));
    const signature = createHmac("sha256", "")
      .update(JSON.stringify([null, null, "datasets"]))
      .update(body)
      .digest()
      .subarray(0, 16);
    for (const forged of [
      Buffer.concat([signature, body]).toString("base64url"),
      Buffer.concat([
        createHmac("sha256", "")
          .update('[null,null,"datasets"]')
          .update("{")
          .digest()
          .subarray(0, 16),
        Buffer.from("{"),
      ]).toString("base64url"),
    ]) {
      const { errors } = await world.run(
        "query ($after: String) { datasets(after: $after) { totalCount } }",
        {
          key: null,
          headers: { "x-fieldgate-tenant": "no_such_tenant" },
          variables: { after: forged },
        },
      );
      expect(errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
    }
  });
});

/** The different answers to cursors. */
async function allAnswers(cursors: readonly string[]): Promise<string[]> {
  const texts = new Set<string>();
  for (let start = 0; start < cursors.length; start += 20) {
    const some = cursors.slice(start, start + 20).map((after) => read(after));
    for (const { text } of await Promise.all(some)) texts.add(text);
  }
  return [...texts];
}
