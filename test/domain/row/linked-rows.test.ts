import { beforeAll, describe, expect, test } from "vitest";
import { statementsOf } from "../../support/statements.ts";
import {
  aWorld,
  type NewGrant,
  type NewRole,
  uniqueName,
  type World,
} from "../../support/world.ts";

const METHODS =
  "dataset::get dataset::find row::get row::create row::update row::delete node::get".split(" ");

/** Two datasets: people lead to teams, by `team` to one and by `teams` to many. */
interface Scene {
  readonly people: string;
  readonly teams: string;
  /** The ids of rows by their names. */
  readonly rows: Readonly<Record<string, string>>;
  readonly columns: Readonly<Record<string, string>>;
  readonly links: Readonly<Record<"team" | "teams", string>>;
}

const PEOPLE = [
  { name: "Ada", city: "Ulm", team: "red", teams: ["red", "blue", "green"] },
  { name: "Bob", city: "Bonn", team: "blue", teams: ["blue"] },
  { name: "Cleo", city: "Ulm", team: null, teams: [] },
];
const TEAMS = ["red", "blue", "green"].map((name) => ({ name, open: name !== "blue" }));

async function aScene(world: World): Promise<Scene> {
  const teams = await world.dataset({
    name: uniqueName("teams"),
    columns: [
      { name: "name", type: "TEXT" },
      { name: "open", type: "BOOLEAN" },
    ],
    rows: TEAMS,
  });
  const people = await world.dataset({
    name: uniqueName("people"),
    columns: [
      { name: "name", type: "TEXT" },
      { name: "city", type: "TEXT" },
    ],
  });
  const to = { datasetId: people.id, targetId: teams.id };
  const team = await world.link({ ...to, name: "team" });
  const many = await world.link({ ...to, name: "teams", many: true });
  const rows = Object.fromEntries(TEAMS.map(({ name }, place) => [name, teams.rows[place] ?? ""]));
  const made = await world.ask<{ createRows: { rows: { id: string }[] } }>(
    `mutation ($input: CreateRowsInput!) { createRows(input: $input) { rows { id } } }`,
    {
      variables: {
        input: {
          datasetId: people.id,
          rows: PEOPLE.map((person) => ({
            ...person,
            team: person.team && rows[person.team],
            teams: person.teams.map((name) => rows[name]),
          })),
        },
      },
    },
  );
  PEOPLE.forEach(({ name }, place) => {
    rows[name] = made.createRows.rows[place]?.id ?? "";
  });
  return {
    people: people.id,
    teams: teams.id,
    rows,
    columns: people.columns,
    links: { team: team.id, teams: many.id },
  };
}

let world: World;
let scene: Scene;
beforeAll(async () => {
  world = await aWorld();
  scene = await aScene(world);
});

/** A key with a role for each list of grants on people, and one that reads teams as it is said. */
async function keyOf(...roles: readonly Omit<NewGrant, "datasetId">[][]): Promise<string> {
  const onPeople = roles.map((grants) => ({
    permissions: METHODS,
    grants: grants.map((grant) => ({ datasetId: scene.people, ...grant })),
  }));
  return await world.key({ roles: [...onPeople, seesTeams()] });
}

const seesTeams = (rowFilter?: object): NewRole => ({
  permissions: METHODS,
  grants: [{ datasetId: scene.teams, read: "ALLOW", ...(rowFilter && { rowFilter }) }],
});
const OPEN_TEAMS = { read: { column: "open", eq: true } };

const LINKED = "totalCount nodes { values } pageInfo { hasNextPage }";
const READ = `query ($id: ID!) { dataset(id: $id) { rows { nodes {
  values hiddenLinks team: linked(link: "team") { ${LINKED} } teams: linked(link: "teams") { ${LINKED} } } } } }`;

interface Shown {
  readonly totalCount: number;
  readonly nodes: readonly { readonly values: { readonly name?: string } }[];
}
interface Read {
  readonly dataset: {
    readonly rows: {
      readonly nodes: readonly {
        readonly values: { readonly name?: string };
        readonly hiddenLinks: readonly string[];
        readonly team: Shown | null;
        readonly teams: Shown | null;
      }[];
    };
  };
}

/** Where each row leads that a key sees: the names of teams, or null for a link that it may not read. */
async function read(key: string, query = READ) {
  const { dataset } = await world.ask<Read>(query, { key, variables: { id: scene.people } });
  return dataset.rows.nodes.map(({ values, hiddenLinks, team, teams }) => ({
    name: values.name ?? null,
    team: namesOf(team),
    teams: namesOf(teams),
    ...(hiddenLinks.length > 0 && { hiddenLinks }),
  }));
}

const namesOf = (linked: Shown | null) => {
  if (!linked) return null;
  const names = linked.nodes.map(({ values }) => values.name ?? null);
  expect(linked.totalCount).toBe(names.length);
  return names;
};

const EVERYTHING = [
  { name: "Ada", team: ["red"], teams: ["red", "blue", "green"] },
  { name: "Bob", team: ["blue"], teams: ["blue"] },
  { name: "Cleo", team: [], teams: [] },
];

describe("the rows that a row leads to", () => {
  test("are read by whoever reads the link and sees the rows, ordered by id", async () => {
    expect(await read(world.admin)).toEqual(EVERYTHING);
    expect(await read(await keyOf([{ read: "ALLOW" }]))).toEqual(EVERYTHING);
  });

  test("are left out of lists and counts where the caller does not see them", async () => {
    const permissions = METHODS;
    const onPeople: NewGrant[] = [{ datasetId: scene.people, read: "ALLOW" }];
    const key = await world.key({
      roles: [{ permissions, grants: onPeople }, seesTeams(OPEN_TEAMS)],
    });
    expect(await read(key)).toEqual([
      { name: "Ada", team: ["red"], teams: ["red", "green"] },
      { name: "Bob", team: [], teams: [] },
      { name: "Cleo", team: [], teams: [] },
    ]);
    const blind = await world.key({ roles: [{ permissions, grants: onPeople }] });
    expect(await read(blind)).toEqual(PEOPLE.map(({ name }) => ({ name, team: [], teams: [] })));
  });

  test("take no place in a page that the caller does not see: each page is of seen rows", async () => {
    const onPeople: NewGrant[] = [{ datasetId: scene.people, read: "ALLOW" }];
    const key = await world.key({
      roles: [{ permissions: METHODS, grants: onPeople }, seesTeams(OPEN_TEAMS)],
    });
    const page = async (after: string | null) => {
      const { dataset } = await world.ask<{
        dataset: {
          row: {
            linked: {
              nodes: { values: { name: string } }[];
              pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string };
            };
          };
        };
      }>(
        `query ($id: ID!, $row: ID!, $after: String) { dataset(id: $id) { row(id: $row) {
           linked(link: "teams", first: 1, after: $after) {
             nodes { values } pageInfo { hasNextPage hasPreviousPage endCursor } } } } }`,
        { key, variables: { id: scene.people, row: scene.rows["Ada"], after } },
      );
      return dataset.row.linked;
    };
    const first = await page(null);
    expect(first).toMatchObject({
      nodes: [{ values: { name: "red" } }],
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
    });
    expect(await page(first.pageInfo.endCursor)).toMatchObject({
      nodes: [{ values: { name: "green" } }],
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
    });
  });

  test("are shown by the rights on their own dataset: of their columns those that the caller reads", async () => {
    const { columns, ...hidden } = await world.dataset({
      columns: [
        { name: "name", type: "TEXT" },
        { name: "secret", type: "TEXT" },
      ],
      rows: [{ name: "one", secret: "s" }],
    });
    const source = await world.dataset({ columns: [{ name: "a", type: "TEXT" }] });
    const link = await world.link({ datasetId: source.id, targetId: hidden.id });
    await world.ask(
      `mutation ($id: ID!, $row: JSON!) { createRows(input: {datasetId: $id, rows: [$row]}) { count } }`,
      { variables: { id: source.id, row: { [link.name]: hidden.rows[0] } } },
    );
    const key = await world.key({
      roles: [
        {
          permissions: METHODS,
          grants: [
            { datasetId: source.id, read: "ALLOW" },
            { datasetId: hidden.id, read: "ALLOW" },
            { datasetId: hidden.id, columnId: columns["secret"] ?? "", read: "WITHHOLD" },
          ],
        },
      ],
    });
    const shownTo = async (by: string) => {
      const { dataset } = await world.ask<{ dataset: { rows: { nodes: object[] } } }>(
        `query ($id: ID!, $link: String!) { dataset(id: $id) { rows { nodes {
           linked(link: $link) { nodes { id dataset { id } values } } } } } }`,
        { key: by, variables: { id: source.id, link: link.name } },
      );
      return dataset.rows.nodes;
    };
    const shown = (values: object) => [
      { linked: { nodes: [{ id: hidden.rows[0], dataset: { id: hidden.id }, values }] } },
    ];
    expect(await shownTo(key)).toEqual(shown({ name: "one" }));
    expect(await shownTo(world.admin)).toEqual(shown({ name: "one", secret: "s" }));
  });

  test("lead on: a link within a dataset is followed as often as one asks", async () => {
    const tree = await world.dataset({ columns: [{ name: "name", type: "TEXT" }] });
    await world.link({ datasetId: tree.id, targetId: tree.id, name: "parent" });
    const create = async (name: string, parent: string | null) => {
      const made = await world.ask<{ createRows: { rows: { id: string }[] } }>(
        `mutation ($id: ID!, $row: JSON!) {
           createRows(input: {datasetId: $id, rows: [$row]}) { rows { id } } }`,
        { variables: { id: tree.id, row: { name, parent } } },
      );
      return made.createRows.rows[0]?.id ?? "";
    };
    const leaf = await create("leaf", await create("branch", await create("root", null)));
    const { node } = await world.ask<{ node: object }>(
      `query ($id: ID!) { node(id: $id) { ... on Row {
         linked(link: "parent") { nodes { values
           linked(link: "parent") { nodes { values
             linked(link: "parent") { nodes { values } } } } } } } } }`,
      { variables: { id: leaf } },
    );
    const top = { values: { name: "root" }, linked: { nodes: [] } };
    const above = { values: { name: "branch" }, linked: { nodes: [top] } };
    expect(node).toEqual({ linked: { nodes: [above] } });
  });
});

describe("a link that may not be read", () => {
  test("is null where the caller knows it, and named by hiddenLinks", async () => {
    const { team } = scene.links;
    const key = await keyOf([
      { read: "ALLOW", update: "ALLOW" },
      { linkId: team, read: "WITHHOLD" },
    ]);
    expect(await read(key)).toEqual(
      EVERYTHING.map((row) => ({ ...row, team: null, hiddenLinks: ["team"] })),
    );
  });

  test("in some rows is null there: what two roles give separately is never multiplied", async () => {
    const { team, teams } = scene.links;
    const ofUlm = { rowFilter: { read: { column: "city", eq: "Ulm" } } };
    const key = await keyOf(
      [ofUlm, { linkId: team, read: "ALLOW" }],
      [{ columnId: scene.columns["name"] ?? "", read: "ALLOW" }],
      [{ rowFilter: { read: { column: "city", eq: "Bonn" } } }, { linkId: teams, read: "ALLOW" }],
    );
    expect(await read(key)).toEqual([
      { name: "Ada", team: ["red"], teams: null, hiddenLinks: ["teams"] },
      { name: "Bob", team: null, teams: ["blue"], hiddenLinks: ["team"] },
      { name: "Cleo", team: [], teams: null, hiddenLinks: ["teams"] },
    ]);
  });

  test("does not hide a row of which another is read: a link alone makes a row seen", async () => {
    const { team } = scene.links;
    const ofUlm = { rowFilter: { read: { column: "city", eq: "Ulm" } } };
    const query = `query ($id: ID!) { dataset(id: $id) { rowCount rows { nodes {
      values hiddenColumns hiddenLinks linked(link: "team") { totalCount } } } } }`;
    const seen = async (...grants: Omit<NewGrant, "datasetId">[]) => {
      const { data } = await world.run<{ dataset: { rowCount: number } | null }>(query, {
        key: await keyOf(grants),
        variables: { id: scene.people },
      });
      return data?.dataset ?? null;
    };
    expect(await seen(ofUlm, { linkId: team, read: "ALLOW" })).toEqual({
      rowCount: 2,
      rows: {
        nodes: [1, 0].map((totalCount) => ({
          values: {},
          hiddenColumns: [],
          hiddenLinks: [],
          linked: { totalCount },
        })),
      },
    });
    expect(await seen(ofUlm)).toBeNull();
  });

  test("and is not known is an error in the words for one that does not exist", async () => {
    const { teams } = scene.links;
    const key = await keyOf([{ read: "ALLOW" }, { linkId: teams, read: "WITHHOLD" }]);
    const ask = async (link: string, by = key) =>
      await world.run(
        `query ($id: ID!, $link: String!) { dataset(id: $id) { rows { nodes {
           hiddenLinks linked(link: $link) { totalCount } } } } }`,
        { key: by, variables: { id: scene.people, link } },
      );
    const [hidden, unknown] = [await ask("teams"), await ask("teamz")];
    expect(hidden.errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
    expect(hidden.text.replaceAll("teams", "…")).toBe(unknown.text.replaceAll("teamz", "…"));
    expect((await ask("name")).errors[0]?.message).toContain('No link "name"');
    expect((await ask("teams", await keyOf([{ read: "ALLOW" }]))).errors).toEqual([]);
  });
});

const page = async (key: string, row: string, link: string, after?: string) =>
  await world.run<{
    dataset: { row: { linked: { pageInfo: { endCursor: string } } } };
  }>(
    `query ($id: ID!, $row: ID!, $link: String!, $after: String) { dataset(id: $id) {
       row(id: $row) { linked(link: $link, after: $after) { pageInfo { endCursor } } } } }`,
    { key, variables: { id: scene.people, row: scene.rows[row], link, after } },
  );

describe("a cursor of linked rows", () => {
  test("belongs to its row, link and caller", async () => {
    const [one, other] = [await keyOf([{ read: "ALLOW" }]), await keyOf([{ read: "ALLOW" }])];
    const { data } = await page(one, "Ada", "teams");
    const cursor = data?.dataset.row.linked.pageInfo.endCursor ?? "";
    const answers = [
      await page(one, "Ada", "teams", cursor),
      await page(other, "Ada", "teams", cursor),
      await page(one, "Bob", "teams", cursor),
      await page(one, "Ada", "team", cursor),
    ];
    expect(answers.map(({ errors }) => errors[0]?.extensions.code ?? null)).toEqual([
      null,
      ...Array.from({ length: 3 }, () => "BAD_USER_INPUT"),
    ]);
  });
});

test("the public reads where rows lead as far as both datasets are OPEN", async () => {
  const own = await aWorld();
  const opened = await aScene(own);
  const open = async (id: string, accessLevel: string) =>
    await own.ask(
      `mutation ($id: ID!, $accessLevel: AccessLevel) {
         updateDataset(input: {id: $id, accessLevel: $accessLevel}) { dataset { id } } }`,
      { variables: { id, accessLevel } },
    );
  const teamsOf = async () => {
    const { data } = await own.run<Read>(READ, {
      key: null,
      headers: { "x-fieldgate-tenant": own.slug },
      variables: { id: opened.people },
    });
    return data?.dataset?.rows.nodes.map(({ teams }) => namesOf(teams)) ?? null;
  };
  expect(await teamsOf()).toBeNull();
  await open(opened.people, "OPEN");
  expect(await teamsOf()).toEqual([[], [], []]);
  await open(opened.teams, "OPEN");
  expect(await teamsOf()).toEqual([["red", "blue", "green"], ["blue"], []]);
});

test("as many statements are sent for one row as for many, and for few links as for many", async () => {
  const { datasetId } = await manyRows();
  const ask = statementsOf(world.database);
  const query = `query ($id: ID!, $first: Int!) { dataset(id: $id) { rows(first: $first) { nodes {
    one: linked(link: "l", first: 2) { totalCount nodes { values } }
    all: linked(link: "l") { nodes { values linked(link: "l") { totalCount } } } } } } }`;
  const sent = async (first: number) =>
    (await ask(query, world.admin, { id: datasetId, first })).length;
  // What was asked for before is not read again.
  await sent(1);
  const [one, hundred] = [await sent(1), await sent(100)];
  expect(hundred).toBe(one);
});

/** A dataset of a hundred rows, each of which leads to three others. */
async function manyRows() {
  const { id: datasetId, rows } = await world.dataset({
    columns: [{ name: "n", type: "INTEGER" }],
    rows: Array.from({ length: 100 }, (_, n) => ({ n })),
  });
  await world.link({ datasetId, targetId: datasetId, name: "l", many: true });
  await world.ask(`mutation ($input: UpdateRowsInput!) { updateRows(input: $input) { count } }`, {
    variables: {
      input: {
        datasetId,
        rows: rows.map((id, n) => ({
          id,
          values: { l: [1, 2, 3].map((step) => rows[(n + step) % 100]) },
        })),
      },
    },
  });
  return { datasetId, rows };
}
