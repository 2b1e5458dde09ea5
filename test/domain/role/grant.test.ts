import { expect, test } from "vitest";
import { aWorld, type NewGrant, type World } from "../../support/world.ts";

const SET = `
  mutation ($input: SetGrantInput!) {
    setGrant(input: $input) {
      grant { id role { id } dataset { id } column { id } read create update delete } } }`;
const REMOVE = `
  mutation ($input: RemoveGrantInput!) { removeGrant(input: $input) { role { id } } }`;
const GRANTS = `
  query ($id: ID!) { role(id: $id) { grants { id dataset { name } column { name } read } } }`;

/** What whoever looks at data and roles may call. */
const LOOKER = ["dataset::get", "dataset::find", "row::get", "role::get"];

async function aFilm(world: World) {
  return await world.dataset({
    columns: [
      { name: "title", type: "TEXT" },
      { name: "gross", type: "INTEGER" },
    ],
    rows: [{ title: "Dune", gross: 41 }],
  });
}

/** What a key of a role reads of the first row. */
async function valuesFor(world: World, datasetId: string, key: string) {
  const { data } = await world.run<{
    dataset: { rows: { nodes: { values: Record<string, unknown> }[] } } | null;
  }>(`query ($id: ID!) { dataset(id: $id) { rows { nodes { values } } } }`, {
    key,
    variables: { id: datasetId },
  });
  return data?.dataset?.rows.nodes[0]?.values ?? null;
}

test("a grant on a column beats the grant on its dataset, which beats the default", async () => {
  const world = await aWorld();
  const { id: datasetId, columns } = await aFilm(world);
  const roleId = await world.role({ permissions: LOOKER });
  const key = await world.key({ roles: [roleId] });
  const set = (grant: Omit<NewGrant, "datasetId">) =>
    world.ask(SET, { variables: { input: { roleId, datasetId, ...grant } } });
  const columnId = columns["gross"] ?? "";
  expect(await valuesFor(world, datasetId, key)).toBeNull();
  await set({ read: "ALLOW" });
  expect(await valuesFor(world, datasetId, key)).toEqual({ title: "Dune", gross: 41 });
  await set({ columnId, read: "WITHHOLD" });
  expect(await valuesFor(world, datasetId, key)).toEqual({ title: "Dune" });
  await set({ read: "WITHHOLD" });
  expect(await valuesFor(world, datasetId, key)).toBeNull();
  await set({ columnId, read: "ALLOW" });
  expect(await valuesFor(world, datasetId, key)).toEqual({ gross: 41 });
});

test("a grant is set as a whole, and keeps its id", async () => {
  const world = await aWorld();
  const { id: datasetId, columns } = await aFilm(world);
  const roleId = await world.role({});
  const columnId = columns["title"];
  const set = async (settings: Partial<NewGrant>) => {
    const { setGrant } = await world.ask<{ setGrant: { grant: { id: string } } }>(SET, {
      variables: { input: { roleId, datasetId, columnId, ...settings } },
    });
    return setGrant.grant;
  };
  const first = await set({ read: "ALLOW", create: "WITHHOLD" });
  expect(first).toEqual({
    id: first.id,
    role: { id: roleId },
    dataset: { id: datasetId },
    column: { id: columnId },
    read: "ALLOW",
    create: "WITHHOLD",
    update: null,
    delete: null,
  });
  expect(await set({ update: "ALLOW" })).toMatchObject({
    id: first.id,
    read: null,
    create: null,
    update: "ALLOW",
  });
});

test("a removed grant leaves what stands above it", async () => {
  const world = await aWorld();
  const { id: datasetId } = await aFilm(world);
  const roleId = await world.role({ permissions: LOOKER, canRead: true });
  const key = await world.key({ roles: [roleId] });
  await world.ask(SET, { variables: { input: { roleId, datasetId, read: "WITHHOLD" } } });
  expect(await valuesFor(world, datasetId, key)).toBeNull();
  const input = { roleId, datasetId };
  expect((await world.run(REMOVE, { variables: { input } })).data).toEqual({
    removeGrant: { role: { id: roleId } },
  });
  expect(await valuesFor(world, datasetId, key)).toEqual({ title: "Dune", gross: 41 });
  expect((await world.run(REMOVE, { variables: { input } })).errors).toMatchObject([
    { extensions: { code: "NOT_FOUND" } },
  ]);
});

test("what a grant cannot say is refused in words", async () => {
  const world = await aWorld();
  const { id: datasetId, columns } = await aFilm(world);
  const roleId = await world.role({});
  const [administrator, anonymous] = await Promise.all(
    ["administrator", "anonymous"].map(async (name) => {
      const { role } = await world.ask<{ role: { id: string } }>(
        `query ($name: String!) { role(name: $name) { id } }`,
        { variables: { name } },
      );
      return role.id;
    }),
  );
  const refused = [
    [{ roleId, datasetId }, /at least one action/],
    [{ roleId, datasetId, columnId: columns["title"], delete: "ALLOW" }, /DELETE/],
    [{ roleId: administrator, datasetId, read: "WITHHOLD" }, /administrator/],
    [{ roleId: anonymous, datasetId, update: "ALLOW" }, /no credential/],
  ] as const;
  for (const [input, words] of refused) {
    // eslint-disable-next-line no-await-in-loop
    const { errors } = await world.run(SET, { variables: { input } });
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
    expect(errors[0]?.message).toMatch(words);
  }
});

test("a grant names what the caller knows; the rest answers like what never was", async () => {
  const [world, other] = [await aWorld(), await aWorld()];
  const [{ id: datasetId, columns }, hidden, foreign] = [
    await aFilm(world),
    await aFilm(world),
    await aFilm(other),
  ];
  const roleId = await world.role({});
  const permissions = [...LOOKER, "grant::set", "grant::remove", "grant::any"];
  const key = await world.key({
    roles: [
      {
        permissions,
        grants: [{ datasetId, columnId: columns["title"] ?? "", read: "ALLOW" }],
      },
    ],
  });
  const known = { roleId, datasetId, columnId: columns["title"], read: "ALLOW" };
  expect((await world.run(SET, { key, variables: { input: known } })).errors).toEqual([]);
  const answersTo = async (changes: Readonly<Record<string, unknown>>) => {
    const input = { ...known, ...changes };
    const { read: _, ...place } = input;
    return [
      (await world.run(SET, { key, variables: { input } })).text,
      (await world.run(REMOVE, { key, variables: { input: place } })).text,
    ];
  };
  const noDataset = await answersTo({ datasetId: "dataset_0192f3a1b2c37d4e8f00112233445566" });
  expect(noDataset.join()).toMatch(/NOT_FOUND.*NOT_FOUND/);
  expect(await answersTo({ datasetId: hidden.id })).toEqual(noDataset);
  expect(await answersTo({ datasetId: foreign.id })).toEqual(noDataset);
  expect(await answersTo({ datasetId: "nonsense" })).toEqual(noDataset);
  const noColumn = await answersTo({ columnId: "column_0192f3a1b2c37d4e8f00112233445566" });
  expect(noColumn.join()).toMatch(/NOT_FOUND.*NOT_FOUND/);
  expect(await answersTo({ columnId: columns["gross"] })).toEqual(noColumn);
  expect(await answersTo({ columnId: hidden.columns["title"] })).toEqual(noColumn);
  expect(await answersTo({ columnId: "nonsense" })).toEqual(noColumn);
  const noRole = await answersTo({ roleId: "role_0192f3a1b2c37d4e8f00112233445566" });
  expect(await answersTo({ roleId: await other.role({}) })).toEqual(noRole);
});

test("grants on what the caller does not know are left out of a role", async () => {
  const world = await aWorld();
  const [film, hidden] = [await aFilm(world), await aFilm(world)];
  const columnOf = (name: string) => film.columns[name] ?? "";
  const id = await world.role({
    grants: [
      { datasetId: film.id, columnId: columnOf("title"), read: "ALLOW" },
      { datasetId: film.id, columnId: columnOf("gross"), read: "WITHHOLD" },
      { datasetId: hidden.id, read: "ALLOW" },
    ],
  });
  const key = await world.key({
    roles: [
      {
        permissions: [...LOOKER, "node::get"],
        grants: [{ datasetId: film.id, columnId: columnOf("title"), read: "ALLOW" }],
      },
    ],
  });
  interface Listed {
    role: { grants: { id: string; column: { name: string } | null }[] };
  }
  const all = await world.ask<Listed>(GRANTS, { variables: { id } });
  expect(all.role.grants.map(({ column }) => column?.name)).toEqual(["title", "gross", undefined]);
  const some = await world.ask<Listed>(GRANTS, { key, variables: { id } });
  expect(some.role.grants).toEqual(all.role.grants.slice(0, 1));
  const node = `query ($id: ID!) { node(id: $id) { id } }`;
  const nodes = await Promise.all(
    all.role.grants.map((grant) => world.run(node, { key, variables: { id: grant.id } })),
  );
  expect(nodes.map(({ data }) => data?.["node"] === null)).toEqual([false, true, true]);
});

test("a grant of a role works at once for a key that holds it, and for no other", async () => {
  const world = await aWorld();
  const { id: datasetId } = await aFilm(world);
  const roleId = await world.role({ permissions: LOOKER });
  const [key, other] = [
    await world.key({ roles: [roleId] }),
    await world.key({ roles: [{ permissions: LOOKER }] }),
  ];
  await world.ask(SET, { variables: { input: { roleId, datasetId, read: "ALLOW" } } });
  expect(await valuesFor(world, datasetId, key)).toEqual({ title: "Dune", gross: 41 });
  expect(await valuesFor(world, datasetId, other)).toBeNull();
});
