import { beforeAll, describe, expect, test } from "vitest";
import { statementsOf } from "../../support/statements.ts";
import { aWorld, type Answer, type NewGrant, type World } from "../../support/world.ts";

const NOTE = { name: "note", type: "TEXT" };
const METHODS =
  "dataset::get row::get row::create row::update row::delete node::get role::get".split(" ");

const CREATE = `mutation ($id: ID!, $rows: [JSON!]!, $onFault: OnFault) {
  createRows(input: {datasetId: $id, rows: $rows, onFault: $onFault}) {
    count rows { id } results { faults { column code message } } } }`;
const UPDATE = `mutation ($id: ID!, $rows: [UpdateRow!]!, $onFault: OnFault) {
  updateRows(input: {datasetId: $id, rows: $rows, onFault: $onFault}) {
    count rows { id version } results { faults { column code message } } } }`;
const DELETE = `mutation ($id: ID!, $rows: [DeleteRow!]!) {
  deleteRows(input: {datasetId: $id, rows: $rows}) { count } }`;

let world: World;
let scene: Awaited<ReturnType<typeof aScene>>;
beforeAll(async () => {
  world = await aWorld();
  scene = await aScene(world);
});

/** People who lead to one boss among them, and to many teams; four teams, of which one is not open. */
async function aScene({ dataset, link }: World) {
  const teams = await dataset({
    columns: [
      { name: "name", type: "TEXT" },
      { name: "open", type: "BOOLEAN" },
    ],
    rows: ["a", "b", "c", "d"].map((name) => ({ name, open: name !== "d" })),
  });
  const people = await dataset({
    columns: [
      { name: "name", type: "TEXT" },
      { name: "city", type: "TEXT", default: "Ulm" },
    ],
    rows: [{ name: "Ada" }, { name: "Bob", city: "Bonn" }],
  });
  const boss = await link({ datasetId: people.id, targetId: people.id, name: "boss" });
  const many = await link({
    datasetId: people.id,
    targetId: teams.id,
    name: "teams",
    many: true,
  });
  const [ada = "", bob = ""] = people.rows;
  return { teams, people, boss: boss.id, many: many.id, ada, bob };
}

type Faults = { column: string | null; code: string; message: string }[];
interface Written {
  readonly count: number;
  readonly rows: ({ id: string; version: number } | null)[];
  readonly results: { faults: Faults }[];
}

const send = async (query: string, rows: readonly object[], key?: string, onFault?: string) =>
  await world.run<Record<string, Written | null>>(query, {
    variables: { id: scene.people.id, rows, onFault },
    ...(key !== undefined && { key }),
  });
const create = (row: object, key?: string) => send(CREATE, [row], key);
const update = (id: string, values: object, key?: string) => send(UPDATE, [{ id, values }], key);

/** What a document that has to succeed has written. */
function written({ data, errors, text }: Answer): Written {
  if (!data || errors.length > 0) throw new Error(`The document failed: ${text}`);
  return Object.values(data)[0] as Written;
}

const codeOf = ({ errors }: Answer) => errors[0]?.extensions.code ?? null;
const faultsIn = ({ errors }: Answer) => errors[0]?.extensions["errors"] ?? null;

/** Where a row leads: the ids of rows. */
async function leadsTo(row: string, link: string): Promise<string[]> {
  const { node } = await world.ask<{ node: { linked: { nodes: { id: string }[] } } }>(
    `query ($id: ID!, $link: String!) {
       node(id: $id) { ... on Row { linked(link: $link) { nodes { id } } } } }`,
    { variables: { id: row, link } },
  );
  return node.linked.nodes.map(({ id }) => id);
}

const keyOf = async (...roles: readonly Omit<NewGrant, "datasetId">[][]) =>
  await world.key({
    roles: [
      ...roles.map((grants) => ({
        permissions: METHODS,
        grants: grants.map((grant) => ({ datasetId: scene.people.id, ...grant })),
      })),
      {
        permissions: METHODS,
        grants: [
          {
            datasetId: scene.teams.id,
            read: "ALLOW" as const,
            rowFilter: { read: { column: "open", eq: true } },
          },
        ],
      },
    ],
  });
const ALL = { read: "ALLOW", create: "ALLOW", update: "ALLOW", delete: "ALLOW" } as const;

describe("a link is written like a column", () => {
  test("with the id of a row, or with a list of them where it is many", async () => {
    const [a, b, c] = scene.teams.rows;
    const made = written(await create({ name: "New", boss: scene.ada, teams: [c, a] }));
    const id = made.rows[0]?.id ?? "";
    expect(await leadsTo(id, "boss")).toEqual([scene.ada]);
    expect(await leadsTo(id, "teams")).toEqual([a, c]);
    const changed = written(await update(id, { boss: scene.bob, teams: [b, c] }));
    expect(changed.rows).toEqual([{ id, version: 2 }]);
    expect(await leadsTo(id, "boss")).toEqual([scene.bob]);
    expect(await leadsTo(id, "teams")).toEqual([b, c]);
    written(await update(id, { name: "Newer" }));
    expect(await leadsTo(id, "teams")).toEqual([b, c]);
    written(await update(id, { boss: null, teams: [] }));
    expect([await leadsTo(id, "boss"), await leadsTo(id, "teams")]).toEqual([[], []]);
    written(await update(id, { boss: id, teams: [a] }));
    written(await update(id, { teams: null }));
    expect([await leadsTo(id, "boss"), await leadsTo(id, "teams")]).toEqual([[id], []]);
  });

  test("and is an edit of its row, whatever else is edited", async () => {
    const { node: before } = await world.ask<{ node: { version: number; updatedAt: string } }>(
      `query ($id: ID!) { node(id: $id) { ... on Row { version updatedAt } } }`,
      { variables: { id: scene.ada } },
    );
    world.wait(60);
    written(await update(scene.ada, { boss: scene.bob }));
    const { node: after } = await world.ask<{ node: { version: number; updatedAt: string } }>(
      `query ($id: ID!) { node(id: $id) { ... on Row { version updatedAt } } }`,
      { variables: { id: scene.ada } },
    );
    expect(after.version).toBe(before.version + 1);
    expect(Date.parse(after.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt));
  });

  test("with a value of another kind it is a fault, and so are too many and the same twice", async () => {
    const [a] = scene.teams.rows;
    const many = Array.from({ length: 1_001 }, (_, place) => `row_${place}`);
    const rows = [
      { boss: [scene.ada] },
      { boss: 7 },
      { teams: a },
      { teams: [a, null] },
      { teams: { id: a } },
      { teams: many },
      { teams: [a, a] },
    ];
    const faults = rows.map((row, place) => ({ row: place, column: Object.keys(row)[0] }));
    const codes = [...Array.from({ length: 5 }, () => "WRONG_TYPE"), "TOO_LARGE", "REPEATED"];
    const created = await send(CREATE, rows);
    expect(codeOf(created)).toBe("BAD_USER_INPUT");
    expect(faultsIn(created)).toMatchObject(
      faults.map((fault, place) => ({ ...fault, code: codes[place] })),
    );
    const updated = await update(scene.ada, { boss: 7, teams: a });
    expect(faultsIn(updated)).toMatchObject([{ column: "boss" }, { column: "teams" }]);
  });
});

/** What is answered to a write that names a row, without the name. */
const naming = async (id: string | undefined, key: string) => [
  (await create({ boss: id }, key)).text,
  (await create({ teams: [scene.teams.rows[0], id] }, key)).text,
  (await update(scene.ada, { teams: [id] }, key)).text,
  (await send(CREATE, [{ teams: [id] }, { name: "kept" }], key, "SKIP_ROW")).text,
];

const plain = (texts: string[]) =>
  texts.map((text) => text.replaceAll(/row_[0-9a-f]{32}/g, "row_…"));

describe("a row that the caller does not see", () => {
  test("is answered like an id that never existed, whatever it is the id of", async () => {
    const other = await aWorld();
    const foreign = await other.dataset({ columns: [{ name: "a", type: "TEXT" }], rows: [{}] });
    const stranger = await world.dataset({ columns: [{ name: "a", type: "TEXT" }], rows: [{}] });
    const key = await keyOf([ALL]);
    const never = `row_01930000000070008000${"0".repeat(4)}${scene.teams.rows[0]?.slice(-8)}`;
    const unseen = [
      scene.teams.rows[3],
      foreign.rows[0],
      stranger.rows[0],
      scene.teams.id,
      `row_${"0".repeat(32)}`,
      "nonsense",
    ];
    const expected = plain(await naming(never, key));
    expect(expected[0]).toContain('"code":"NOT_FOUND"');
    expect(expected[3]).toContain('"count":1');
    for (const id of unseen) expect(plain(await naming(id, key))).toEqual(expected);
    expect(codeOf(await create({ teams: [scene.teams.rows[0]] }, key))).toBeNull();
    expect(codeOf(await create({ teams: [scene.teams.rows[3]] }))).toBeNull();
  });

  test("is not asked for by another number of statements than one that never existed", async () => {
    const ask = statementsOf(world.database);
    const key = await keyOf([ALL]);
    const sent = async (id: string | undefined) =>
      (
        await ask(CREATE, key, {
          id: scene.people.id,
          rows: [{ teams: [id] }],
          onFault: "SKIP_ROW",
        })
      ).length;
    const never = `row_01930000000070008000${"0".repeat(4)}${scene.teams.rows[0]?.slice(-8)}`;
    expect(await sent(scene.teams.rows[3])).toBe(await sent(never));
  });
});

test("as many statements are sent for one row as for many", async () => {
  const ask = statementsOf(world.database);
  const row = { boss: scene.ada, teams: scene.teams.rows };
  const sent = async (count: number) => {
    const rows = Array.from({ length: count }, () => row);
    return (await ask(CREATE, world.admin, { id: scene.people.id, rows })).length;
  };
  // What its answer asks for is not read again.
  await sent(1);
  expect(await sent(50)).toBe(await sent(1));
});

describe("the right to write a link", () => {
  test("is that on the dataset, unless a grant on the link says otherwise", async () => {
    const { boss } = scene;
    const none = await keyOf([ALL, { linkId: boss, create: "WITHHOLD", update: "WITHHOLD" }]);
    const refused = [
      await create({ boss: scene.ada }, none),
      await update(scene.ada, { boss: null }, none),
    ];
    expect(refused.map(({ errors }) => errors[0]?.extensions)).toMatchObject([
      { code: "FORBIDDEN", missing: { gate: "DATA" } },
      { code: "FORBIDDEN", missing: { gate: "DATA" } },
    ]);
    expect(refused[0]?.text).toContain(".boss");
    expect(codeOf(await create({ teams: [] }, none))).toBeNull();
    expect(codeOf(await update(scene.ada, { teams: [] }, none))).toBeNull();
    const only = await keyOf([{ read: "ALLOW" }, { linkId: boss, update: "ALLOW" }]);
    expect(codeOf(await update(scene.ada, { boss: null }, only))).toBeNull();
    expect(codeOf(await update(scene.ada, { name: "x" }, only))).toBe("FORBIDDEN");
    expect(codeOf(await update(scene.ada, { teams: [] }, only))).toBe("FORBIDDEN");
  });

  test("is not there for a link that the caller does not know, as for one that does not exist", async () => {
    const hidden = { read: "WITHHOLD", create: "WITHHOLD", update: "WITHHOLD" } as const;
    const key = await keyOf([ALL, { linkId: scene.many, ...hidden }]);
    const [unknown, nonsense] = [
      await create({ teams: [] }, key),
      await create({ tames: [] }, key),
    ];
    expect(faultsIn(unknown)).toMatchObject([{ column: "teams", code: "UNKNOWN_COLUMN" }]);
    expect(unknown.text.replaceAll("teams", "…")).toBe(nonsense.text.replaceAll("tames", "…"));
    expect(unknown.text).toContain("Columns and links that you may set: name, city, boss.");
  });

  test("holds on the rows that the same role's filter lets through, before and after", async () => {
    const inUlm = { column: "city", eq: "Ulm" };
    const key = await keyOf([{ ...ALL, rowFilter: { create: inUlm, update: inUlm } }]);
    const open = await keyOf([ALL]);
    const change = async (id: string, values: object, by: string) =>
      codeOf(await update(id, values, by));
    expect(await change(scene.ada, { boss: scene.bob }, key)).toBeNull();
    expect(await change(scene.bob, { boss: scene.ada }, key)).toBe("FORBIDDEN");
    expect(await change(scene.bob, { boss: scene.ada }, open)).toBeNull();
    expect(await change(scene.ada, { boss: null, city: "Bonn" }, key)).toBe("FORBIDDEN");
    expect(codeOf(await create({ boss: scene.ada }, key))).toBeNull();
    expect(codeOf(await create({ boss: scene.ada, city: "Bonn" }, key))).toBe("FORBIDDEN");
  });

  test("of different roles covers a column and a link of one change", async () => {
    const { people, boss, many } = scene;
    const key = await keyOf(
      [{ read: "ALLOW" }],
      [{ columnId: people.columns["name"] ?? "", update: "ALLOW" }],
      [
        { rowFilter: { update: { column: "city", eq: "Ulm" } } },
        { linkId: boss, update: "ALLOW" },
        { linkId: many, create: "ALLOW" },
      ],
    );
    const values = { name: "N", boss: null };
    expect(codeOf(await update(scene.ada, values, key))).toBeNull();
    expect(codeOf(await update(scene.bob, values, key))).toBe("FORBIDDEN");
    expect(codeOf(await update(scene.bob, { name: "N" }, key))).toBeNull();
    expect(codeOf(await update(scene.ada, { teams: [] }, key))).toBe("FORBIDDEN");
  });
});

const linksOf = async (row: string) => {
  const { rows } = await world.database.pool.query<{ count: string }>(
    "SELECT count(*) FROM row_link WHERE source_id = $1 OR target_id = $1",
    [row.slice("row_".length)],
  );
  return Number(rows[0]?.count);
};

describe("deleting a row", () => {
  test("removes the links from it and to it, and is not refused because of one", async () => {
    const made = written(await create({ name: "Gone", boss: scene.ada, teams: scene.teams.rows }));
    const id = made.rows[0]?.id ?? "";
    const under = written(await create({ boss: id }));
    const underId = under.rows[0]?.id ?? "";
    expect(await linksOf(id)).toBe(6);
    const onlyDelete = await keyOf([{ read: "ALLOW", delete: "ALLOW" }]);
    const { errors } = await send(DELETE, [{ id }], onlyDelete);
    expect(errors).toEqual([]);
    expect(await linksOf(id)).toBe(0);
    expect(await leadsTo(underId, "boss")).toEqual([]);
  });

  test("is no edit of the rows that led to it", async () => {
    const boss = written(await create({})).rows[0]?.id ?? "";
    const under = written(await create({ boss })).rows[0]?.id ?? "";
    await send(DELETE, [{ id: boss }]);
    const { node } = await world.ask<{ node: object }>(
      `query ($id: ID!) { node(id: $id) { ... on Row { version } } }`,
      { variables: { id: under } },
    );
    expect(node).toEqual({ version: 1 });
  });

  test("leaves no link to it behind while others link to it at the same moment", async () => {
    const targets = await world.dataset({
      columns: [NOTE],
      rows: Array.from({ length: 16 }, () => ({})),
    });
    const sources = await world.dataset({
      columns: [NOTE],
      rows: Array.from({ length: 8 }, () => ({})),
    });
    const to = { datasetId: sources.id, targetId: targets.id };
    const { id: linkId, name } = await world.link({ ...to, many: true });
    const outcomes = await Promise.all(
      targets.rows.flatMap((target, place) => [
        world.run(DELETE, { variables: { id: targets.id, rows: [{ id: target }] } }),
        world.run(UPDATE, {
          variables: {
            id: sources.id,
            rows: [{ id: sources.rows[place % 8], values: { [name]: [target] } }],
          },
        }),
        world.run(CREATE, { variables: { id: sources.id, rows: [{ [name]: [target] }] } }),
      ]),
    );
    const codes = new Set(outcomes.map(codeOf));
    codes.delete(null);
    codes.delete("NOT_FOUND");
    expect([...codes]).toEqual([]);
    const { rows } = await world.database.pool.query(
      "SELECT target_id FROM row_link WHERE link_id = $1",
      [linkId.slice("link_".length)],
    );
    expect(rows).toEqual([]);
  });
});

test("deleting a dataset leaves nothing behind while rows are led to it at the same moment", async () => {
  const sources = await world.dataset({ columns: [NOTE], rows: [{}] });
  for (let round = 0; round < 3; round += 1) {
    const targets = await world.dataset({ columns: [NOTE], rows: [{}] });
    const { id, name } = await world.link({ datasetId: sources.id, targetId: targets.id });
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, () =>
        world.run(CREATE, {
          variables: { id: sources.id, rows: [{ [name]: targets.rows[0] }] },
        }),
      ),
      world.run(`mutation ($id: ID!) { deleteDataset(input: {id: $id}) { id } }`, {
        variables: { id: targets.id },
      }),
    ]);
    expect(answers.at(-1)?.errors).toEqual([]);
    // A row is made before the link is gone, or finds that there is none of that name.
    for (const answer of answers) expect([null, "BAD_USER_INPUT"]).toContain(codeOf(answer));
    const { rows } = await world.database.pool.query("SELECT FROM row_link WHERE link_id = $1", [
      id.slice("link_".length),
    ]);
    expect(rows).toEqual([]);
  }
});

test("two that lead rows to each other's at the same moment both succeed", async () => {
  const pair = await world.dataset({ columns: [NOTE], rows: [{}, {}] });
  const { name } = await world.link({ datasetId: pair.id, targetId: pair.id });
  const [one, other] = pair.rows;
  for (let round = 0; round < 8; round += 1) {
    const answers = await Promise.all(
      [
        [one, other],
        [other, one],
      ].map(([id, target]) =>
        world.run(UPDATE, {
          variables: { id: pair.id, rows: [{ id, values: { [name]: target } }] },
        }),
      ),
    );
    expect(answers.map(codeOf)).toEqual([null, null]);
  }
});
