import { expect, test } from "vitest";
import { aWorld, type NewGrant, type NewRole, type World } from "../../support/world.ts";

/** What whoever hands out may call, besides what the test is about. */
const HANDING = [
  "role::create",
  "role::update",
  "role::get",
  "grant::set",
  "grant::remove",
  "key::create",
  "key::roll",
  "key::get",
];

interface Deed {
  readonly document: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What one role makes of another, a dataset and its columns. */
interface Scene {
  readonly other: string;
  readonly datasetId: string;
  readonly title: string;
  readonly gross: string;
}

const createRole = (role: NewRole): Deed => ({
  document: `mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }`,
  input: { name: "made", ...role },
});
const updateRole = (id: string, role: NewRole): Deed => ({
  document: `mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { role { id } } }`,
  input: { id, ...role },
});
const setGrant = (roleId: string, grant: NewGrant): Deed => ({
  document: `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`,
  input: { roleId, ...grant },
});
const removeGrant = (roleId: string, datasetId: string, columnId: string | null): Deed => ({
  document: `mutation ($input: RemoveGrantInput!) { removeGrant(input: $input) { role { id } } }`,
  input: { roleId, datasetId, columnId },
});
const createKey = (roleId: string, publishable = false): Deed => ({
  document: `mutation ($input: CreateKeyInput!) { createKey(input: $input) { key { id } } }`,
  input: { name: "made", roleIds: [roleId], publishable },
});

interface Case {
  readonly deed: string;
  readonly mine?: (scene: Scene) => NewRole;
  readonly others?: (scene: Scene) => NewRole;
  readonly does: (scene: Scene) => Deed;
  /** What is missing; null: it is done. */
  readonly missing: string | null;
}

const onTitle = ({ datasetId, title: columnId }: Scene) => ({ datasetId, columnId });
const onGross = ({ datasetId, gross: columnId }: Scene) => ({ datasetId, columnId });

const CASES: readonly Case[] = [
  {
    deed: "make a role with a permission that one holds",
    does: () => createRole({ permissions: ["key::get"] }),
    missing: null,
  },
  {
    deed: "make a role with a permission that one lacks",
    does: () => createRole({ permissions: ["key::get", "key::revoke"] }),
    missing: "PERMISSION key::revoke",
  },
  {
    deed: "make a role that may hand out anything",
    does: () => createRole({ permissions: ["grant::any"] }),
    missing: "PERMISSION grant::any",
  },
  {
    deed: "make a role with a custom permission that one lacks",
    does: () => createRole({ permissions: ["custom::reports"] }),
    missing: "PERMISSION custom::reports",
  },
  {
    deed: "make a role with a default that one has",
    mine: () => ({ canRead: true }),
    does: () => createRole({ canRead: true }),
    missing: null,
  },
  {
    deed: "make a role with a default that one lacks",
    mine: () => ({ canRead: true }),
    does: () => createRole({ canRead: true, canUpdate: true }),
    missing: "DATA UPDATE",
  },
  {
    deed: "make a role with a default that one's own grant withholds somewhere",
    mine: (scene) => ({ canRead: true, grants: [{ ...onGross(scene), read: "WITHHOLD" }] }),
    does: () => createRole({ canRead: true }),
    missing: "DATA READ films",
  },
  {
    deed: "make a role with a default that one's own grant withholds on a whole dataset",
    mine: ({ datasetId }) => ({ canRead: true, grants: [{ datasetId, read: "WITHHOLD" }] }),
    does: () => createRole({ canRead: true }),
    missing: "DATA READ",
  },
  {
    deed: "add a permission that one lacks",
    does: ({ other }) => updateRole(other, { permissions: ["key::revoke"] }),
    missing: "PERMISSION key::revoke",
  },
  {
    deed: "take a permission that one lacks from a role, and rename it",
    others: () => ({ permissions: ["key::revoke", "custom::a"] }),
    does: ({ other }) => updateRole(other, { permissions: ["custom::a"], name: "renamed" }),
    missing: null,
  },
  {
    deed: "add a default that one lacks",
    does: ({ other }) => updateRole(other, { canDelete: true }),
    missing: "DATA DELETE",
  },
  {
    deed: "rename a role with a default that one lacks",
    others: () => ({ canDelete: true }),
    does: ({ other }) => updateRole(other, { name: "renamed" }),
    missing: null,
  },
  {
    deed: "grant what one's own grant gives",
    mine: (scene) => ({ grants: [{ ...onTitle(scene), read: "ALLOW" }] }),
    does: (scene) => setGrant(scene.other, { ...onTitle(scene), read: "ALLOW" }),
    missing: null,
  },
  {
    deed: "grant another action than one has on the column",
    mine: (scene) => ({ grants: [{ ...onTitle(scene), read: "ALLOW" }] }),
    does: (scene) => setGrant(scene.other, { ...onTitle(scene), update: "ALLOW" }),
    missing: "DATA UPDATE films.title",
  },
  {
    deed: "grant a dataset of which one reads a column",
    mine: (scene) => ({ grants: [{ ...onTitle(scene), read: "ALLOW" }] }),
    does: ({ other, datasetId }) => setGrant(other, { datasetId, read: "ALLOW" }),
    missing: "DATA READ films",
  },
  {
    deed: "grant a dataset of which one reads all but a column",
    mine: (scene) => ({ canRead: true, grants: [{ ...onGross(scene), read: "WITHHOLD" }] }),
    does: ({ other, datasetId }) => setGrant(other, { datasetId, read: "ALLOW" }),
    missing: "DATA READ films",
  },
  {
    deed: "grant a dataset of which one reads all but a column that the role is withheld too",
    mine: (scene) => ({ canRead: true, grants: [{ ...onGross(scene), read: "WITHHOLD" }] }),
    others: (scene) => ({ grants: [{ ...onGross(scene), read: "WITHHOLD" }] }),
    does: ({ other, datasetId }) => setGrant(other, { datasetId, read: "ALLOW" }),
    missing: null,
  },
  {
    deed: "grant an action on a dataset that one lacks beside one that one has",
    mine: ({ datasetId }) => ({ grants: [{ datasetId, read: "ALLOW" }] }),
    does: ({ other, datasetId }) => setGrant(other, { datasetId, read: "ALLOW", delete: "ALLOW" }),
    missing: "DATA DELETE films",
  },
  {
    deed: "withhold what one lacks",
    mine: (scene) => ({ grants: [{ ...onTitle(scene), read: "ALLOW" }] }),
    others: () => ({ canUpdate: true }),
    does: ({ other, datasetId }) => setGrant(other, { datasetId, update: "WITHHOLD" }),
    missing: null,
  },
  {
    deed: "grant what one has to a role that has more",
    mine: (scene) => ({ grants: [{ ...onTitle(scene), read: "ALLOW" }] }),
    others: () => ({ canUpdate: true }),
    does: (scene) => setGrant(scene.other, { ...onTitle(scene), read: "ALLOW" }),
    missing: null,
  },
  {
    deed: "drop a withholding by setting the grant anew",
    mine: (scene) => ({ grants: [{ ...onTitle(scene), read: "ALLOW" }] }),
    others: ({ datasetId }) => ({ canUpdate: true, grants: [{ datasetId, update: "WITHHOLD" }] }),
    does: ({ other, datasetId }) => setGrant(other, { datasetId, read: "WITHHOLD" }),
    missing: "DATA UPDATE films",
  },
  {
    deed: "remove a grant that withholds what one lacks",
    mine: (scene) => ({ grants: [{ ...onTitle(scene), read: "ALLOW" }] }),
    others: ({ datasetId }) => ({ canUpdate: true, grants: [{ datasetId, update: "WITHHOLD" }] }),
    does: ({ other, datasetId }) => removeGrant(other, datasetId, null),
    missing: "DATA UPDATE films",
  },
  {
    deed: "remove a grant that gives what one lacks",
    mine: (scene) => ({ grants: [{ ...onTitle(scene), read: "ALLOW" }] }),
    others: ({ datasetId }) => ({ grants: [{ datasetId, update: "ALLOW" }] }),
    does: ({ other, datasetId }) => removeGrant(other, datasetId, null),
    missing: null,
  },
  {
    deed: "make a key with a role of which one has everything",
    mine: (scene) => ({ grants: [{ ...onTitle(scene), read: "ALLOW" }] }),
    others: (scene) => ({
      permissions: ["key::get"],
      grants: [{ ...onTitle(scene), read: "ALLOW" }],
    }),
    does: ({ other }) => createKey(other),
    missing: null,
  },
  {
    deed: "make a key with a role that has another permission",
    others: () => ({ permissions: ["key::revoke"] }),
    does: ({ other }) => createKey(other),
    missing: "PERMISSION key::revoke",
  },
  {
    deed: "make a key with a role whose grant gives more",
    mine: (scene) => ({ grants: [{ ...onTitle(scene), read: "ALLOW" }] }),
    others: (scene) => ({ grants: [{ ...onGross(scene), read: "ALLOW" }] }),
    does: ({ other }) => createKey(other),
    missing: "DATA READ films",
  },
  {
    deed: "make a key with a role that gives more on a dataset that one does not know",
    others: ({ datasetId }) => ({ grants: [{ datasetId, read: "ALLOW" }] }),
    does: ({ other }) => createKey(other),
    missing: "DATA READ",
  },
  {
    deed: "make a publishable key with a role of which one has what reads",
    mine: () => ({ canRead: true }),
    others: () => ({ canRead: true, canDelete: true, permissions: ["key::revoke", "key::get"] }),
    does: ({ other }) => createKey(other, true),
    missing: null,
  },
  {
    deed: "make a secret key with that role",
    mine: () => ({ canRead: true }),
    others: () => ({ canRead: true, canDelete: true }),
    does: ({ other }) => createKey(other),
    missing: "DATA DELETE",
  },
];

async function aScene(world: World, others: Case["others"]): Promise<Scene> {
  const { id: datasetId, columns } = await world.dataset({
    name: "films",
    columns: [
      { name: "title", type: "TEXT" },
      { name: "gross", type: "INTEGER" },
    ],
  });
  const scene = { datasetId, title: columns["title"] ?? "", gross: columns["gross"] ?? "" };
  const other = await world.role(others?.({ ...scene, other: "" }) ?? {});
  return { ...scene, other };
}

function missingOf({ errors }: Awaited<ReturnType<World["run"]>>): string | null {
  const [error] = errors;
  if (!error) return null;
  const { code, missing } = error.extensions as {
    code: string;
    missing?: { gate: string; name: string };
  };
  return code === "FORBIDDEN" && missing
    ? `${missing.gate} ${missing.name}`
    : JSON.stringify(error);
}

test.each(CASES)("to $deed: missing $missing", async ({ mine, others, does, missing }) => {
  const world = await aWorld();
  const scene = await aScene(world, others);
  const role = mine?.(scene) ?? {};
  const permissions = [...HANDING, ...(role.permissions ?? [])];
  const key = await world.key({ roles: [{ ...role, permissions }] });
  const { document, input } = does(scene);
  expect(missingOf(await world.run(document, { key, variables: { input } }))).toBe(missing);
});

test.each(CASES.filter(({ missing }) => missing !== null))(
  "whoever holds grant::any may $deed",
  async ({ mine, others, does }) => {
    const world = await aWorld();
    const scene = await aScene(world, others);
    const role = mine?.(scene) ?? {};
    const permissions = [...HANDING, "grant::any", ...(role.permissions ?? [])];
    const key = await world.key({ roles: [{ ...role, permissions }] });
    const { document, input } = does(scene);
    expect(missingOf(await world.run(document, { key, variables: { input } }))).toBeNull();
  },
);

test("what the public is withheld is given to it by whoever has it", async () => {
  const world = await aWorld();
  const { datasetId, title, gross } = await aScene(world, undefined);
  const { role } = await world.ask<{ role: { id: string } }>(`{ role(name: "anonymous") { id } }`);
  const key = await world.key({
    roles: [
      {
        permissions: HANDING,
        grants: [
          { datasetId, columnId: title, read: "ALLOW" },
          { datasetId, columnId: gross, update: "ALLOW" },
        ],
      },
    ],
  });
  const done = async ({ document, input }: Deed, asking = {}) =>
    missingOf(await world.run(document, { ...asking, variables: { input } }));
  for (const columnId of [title, gross]) {
    // eslint-disable-next-line no-await-in-loop
    expect(await done(setGrant(role.id, { datasetId, columnId, read: "WITHHOLD" }))).toBeNull();
  }
  expect(await done(removeGrant(role.id, datasetId, gross), { key })).toBe("DATA READ films.gross");
  expect(await done(removeGrant(role.id, datasetId, title), { key })).toBeNull();
});

test("a key that holds the role of the public gains by its grants as by any role's", async () => {
  const world = await aWorld();
  const { datasetId, title } = await aScene(world, undefined);
  const { role } = await world.ask<{ role: { id: string } }>(`{ role(name: "anonymous") { id } }`);
  const key = await world.key({
    roles: [
      {
        permissions: HANDING,
        grants: [{ datasetId, columnId: title, read: "ALLOW" }],
      },
    ],
  });
  const { document, input } = setGrant(role.id, { datasetId, read: "ALLOW" });
  expect(missingOf(await world.run(document, { key, variables: { input } }))).toBe(
    "DATA READ films",
  );
});

test("roles left out by narrowing hand out nothing", async () => {
  const world = await aWorld();
  const key = await world.key({
    roles: [
      { name: "maker", permissions: HANDING },
      { name: "money", permissions: ["custom::money"] },
    ],
  });
  const { document, input } = createRole({ permissions: ["custom::money"] });
  const asking = { key, variables: { input } };
  const narrowed = { ...asking, headers: { "x-fieldgate-roles": "maker" } };
  expect(missingOf(await world.run(document, narrowed))).toBe("PERMISSION custom::money");
  expect(missingOf(await world.run(document, asking))).toBeNull();
});

test("administrator is handed out by administrators alone", async () => {
  const world = await aWorld();
  const { role } = await world.ask<{ role: { id: string } }>(
    `{ role(name: "administrator") { id } }`,
  );
  const all = { canRead: true, canCreate: true, canUpdate: true, canDelete: true };
  const { viewer } = await world.ask<{ viewer: { permissions: string[] } }>(
    "{ viewer { permissions } }",
  );
  const permissions = viewer.permissions.filter((name) => name !== "grant::any");
  const nearly = await world.key({ roles: [{ ...all, permissions }] });
  const { document, input } = createKey(role.id);
  const variables = { input };
  expect(missingOf(await world.run(document, { key: nearly, variables }))).toBe(
    "PERMISSION grant::any",
  );
  expect(missingOf(await world.run(document, { variables }))).toBeNull();
});

test("to roll a key one holds what it does", async () => {
  const world = await aWorld();
  const id = `key_${world.keyId.replaceAll("-", "")}`;
  const key = await world.key({ roles: [{ permissions: HANDING }] });
  const same = await world.keyWithId({ roles: [{ permissions: ["key::get"] }] });
  const roll = (of: string) =>
    world.run(`mutation ($id: ID!) { rollKey(input: { id: $id }) { secret } }`, {
      key,
      variables: { id: of },
    });
  expect(missingOf(await roll(id))).toBe("PERMISSION grant::any");
  expect(missingOf(await roll(same.id))).toBeNull();
});

test("a key keeps what it was given when its maker loses it", async () => {
  const world = await aWorld();
  const roleId = await world.role({ permissions: [...HANDING, "role::find"] });
  const maker = await world.key({ roles: [roleId] });
  const given = await world.role({ permissions: ["role::find"] });
  const { createKey: made } = await world.ask<{ createKey: { secret: string } }>(
    `mutation ($roles: [ID!]!) {
       createKey(input: { name: "made", roleIds: $roles }) { secret }
     }`,
    { key: maker, variables: { roles: [given] } },
  );
  const { document, input } = updateRole(roleId, { permissions: ["viewer::get"] });
  await world.ask(document, { variables: { input } });
  const list = "{ roles { totalCount } }";
  expect((await world.run(list, { key: maker })).data).toEqual({ roles: null });
  expect((await world.run(list, { key: made.secret })).errors).toEqual([]);
});
