import { expect, test } from "vitest";
import { aWorld, type World } from "../../support/world.ts";

const CREATE = `
  mutation ($input: CreateRoleInput!) {
    createRole(input: $input) {
      role { name description builtIn permissions canRead canCreate canUpdate canDelete }
    }
  }`;
const UPDATE = `
  mutation ($input: UpdateRoleInput!) {
    updateRole(input: $input) { role { name description permissions canRead canDelete } }
  }`;
const DELETE = `mutation ($input: DeleteRoleInput!) { deleteRole(input: $input) { id } }`;
const UNKNOWN = "role_0192f3a1b2c37d4e8f00112233445566";

async function builtInId(world: World, name: string): Promise<string> {
  const { role } = await world.ask<{ role: { id: string } }>(
    `query ($name: String!) { role(name: $name) { id } }`,
    { variables: { name } },
  );
  return role.id;
}

async function cursorOf(of: World, list: string, key = of.admin) {
  const answer = await of.ask<Record<string, { pageInfo: { endCursor: string } }>>(
    `{ ${list}(first: 1) { pageInfo { endCursor } } }`,
    { key },
  );
  return answer[list]?.pageInfo.endCursor;
}

test("a tenant begins with three roles, by name", async () => {
  const world = await aWorld();
  const looking = [
    "viewer::get",
    "dataset::get",
    "dataset::find",
    "row::get",
    "node::get",
    "node::find",
    "access::check",
  ];
  const off = { canRead: false, canCreate: false, canUpdate: false, canDelete: false };
  const { data } = await world.run(
    `{ roles { totalCount nodes {
         name builtIn permissions canRead canCreate canUpdate canDelete grants { id } } } }`,
  );
  expect(data).toEqual({
    roles: {
      totalCount: 3,
      nodes: [
        { name: "administrator", builtIn: "ADMINISTRATOR", permissions: [], ...off, grants: [] },
        { name: "anonymous", builtIn: "ANONYMOUS", permissions: looking, ...off, grants: [] },
        {
          name: "authenticated",
          builtIn: "AUTHENTICATED",
          permissions: [...looking, "viewer::update", "session::logout"],
          ...off,
          grants: [],
        },
      ],
    },
  });
});

test("a role is made, changed, found by id and name, and deleted", async () => {
  const world = await aWorld();
  const role = {
    name: "analyst",
    description: "Looks at the money.",
    permissions: ["dataset::find", "custom::a-b.c:d_1"],
    canRead: true,
    canCreate: false,
    canUpdate: true,
    canDelete: false,
  };
  expect((await world.run(CREATE, { variables: { input: role } })).data).toEqual({
    createRole: { role: { ...role, builtIn: null } },
  });
  const id = await builtInId(world, "analyst");
  const changes = { id, name: "reader", permissions: ["row::get"], canDelete: true };
  expect((await world.run(UPDATE, { variables: { input: changes } })).data).toEqual({
    updateRole: {
      role: {
        name: "reader",
        description: "Looks at the money.",
        permissions: ["row::get"],
        canRead: true,
        canDelete: true,
      },
    },
  });
  const byBoth = `query ($id: ID!) {
    id: role(id: $id) { name } old: role(name: "analyst") { name } node(id: $id) { id }
  }`;
  expect((await world.run(byBoth, { variables: { id } })).data).toEqual({
    id: { name: "reader" },
    old: null,
    node: { id },
  });
  expect((await world.run(DELETE, { variables: { input: { id } } })).data).toEqual({
    deleteRole: { id },
  });
  expect((await world.run(byBoth, { variables: { id } })).data).toEqual({
    id: null,
    old: null,
    node: null,
  });
});

test.each([
  "dataset::gets",
  "",
  "*",
  "dataset::*",
  "administrator",
  "toString",
  "constructor",
  "__proto__",
  "hasOwnProperty",
  "custom::",
  "custom::A",
  "custom::a b",
  "custom::a\n",
  `custom::${"a".repeat(129)}`,
  "system::start",
])("there is no permission %j to give", async (permission) => {
  const world = await aWorld();
  const input = { name: "made", permissions: ["row::get", permission] };
  const { data, errors } = await world.run(CREATE, { variables: { input } });
  expect(data).toEqual({ createRole: null });
  expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  expect((await world.run(`{ role(name: "made") { id } }`)).data).toEqual({ role: null });
});

test("a custom permission has up to 128 characters, and may be named like anything", async () => {
  const world = await aWorld();
  const permissions = [`custom::${"a".repeat(128)}`, "custom::constructor", "custom::__proto__"];
  const input = { name: "made", permissions: [...permissions, ...permissions] };
  expect((await world.run(CREATE, { variables: { input } })).data).toMatchObject({
    createRole: { role: { permissions } },
  });
});

test("a role named like a member of every object gives nothing by that", async () => {
  const world = await aWorld();
  const role = await world.role({ name: "constructor" });
  const key = await world.key({ roles: [role] });
  expect(await world.run("{ roles { totalCount } }", { key })).toMatchObject({
    data: { roles: null },
    errors: [{ extensions: { missing: { name: "role::find" } } }],
  });
});

test("everything that is wrong with a role is told at once", async () => {
  const world = await aWorld();
  const input = { name: "No Name", description: "x".repeat(2_001), permissions: ["no::such"] };
  const { errors } = await world.run(CREATE, { variables: { input } });
  expect(errors).toHaveLength(1);
  expect(errors[0]?.message).toMatch(/name.*description.*no::such/s);
});

test("a name belongs to one role of the tenant, and to one of each other tenant", async () => {
  const [world, other] = [await aWorld(), await aWorld()];
  const input = { name: "analyst" };
  const create = (of: World) => of.run(CREATE, { variables: { input } });
  expect((await create(world)).errors).toEqual([]);
  expect((await create(other)).errors).toEqual([]);
  expect((await create(world)).errors).toMatchObject([{ extensions: { code: "CONFLICT" } }]);
  const id = await world.role({ name: "reader" });
  const renamed = await world.run(UPDATE, { variables: { input: { id, name: "analyst" } } });
  expect(renamed.errors).toMatchObject([{ extensions: { code: "CONFLICT" } }]);
});

test("the administrator can be neither changed nor deleted", async () => {
  const world = await aWorld();
  const id = await builtInId(world, "administrator");
  const refused = [
    await world.run(UPDATE, { variables: { input: { id, description: "x" } } }),
    await world.run(DELETE, { variables: { input: { id } } }),
  ];
  for (const { errors } of refused) {
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  }
});

test.each(["anonymous", "authenticated"])(
  "%s can be changed, and neither renamed nor deleted",
  async (name) => {
    const world = await aWorld();
    const id = await builtInId(world, name);
    const input = { id, description: "changed", permissions: ["viewer::get"] };
    expect(await world.run(UPDATE, { variables: { input } })).toMatchObject({
      data: { updateRole: { role: { name, description: "changed" } } },
      errors: [],
    });
    const renamed = await world.run(UPDATE, { variables: { input: { id, name: "other" } } });
    const deleted = await world.run(DELETE, { variables: { input: { id } } });
    for (const { errors } of [renamed, deleted]) {
      expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
    }
  },
);

test.each([
  { permissions: ["dataset::create"] },
  { permissions: ["key::find"] },
  { permissions: ["key::check_access"] },
  { permissions: ["grant::any"] },
  { canCreate: true },
  { canUpdate: true },
  { canDelete: true },
])("whoever presents no credential cannot be given %j", async (changes) => {
  const world = await aWorld();
  const id = await builtInId(world, "anonymous");
  const { errors } = await world.run(UPDATE, { variables: { input: { id, ...changes } } });
  expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  expect(errors[0]?.message).toMatch(/no credential/);
});

test("what the anonymous role may look at, the public may", async () => {
  const world = await aWorld();
  const asked = "{ tenant { slug } roles { nodes { name } } }";
  const nobody = { key: null, headers: { "x-fieldgate-tenant": world.slug } };
  expect((await world.run(asked, nobody)).data).toEqual({ tenant: null, roles: null });
  const id = await builtInId(world, "anonymous");
  const input = { id, permissions: ["tenant::get", "role::find"] };
  await world.ask(UPDATE, { variables: { input } });
  expect((await world.run(asked, nobody)).data).toEqual({
    tenant: { slug: world.slug },
    roles: { nodes: [{ name: "anonymous" }] },
  });
});

test("a key loses a role that is deleted, at once", async () => {
  const world = await aWorld();
  const id = await world.role({ permissions: ["role::find"] });
  const key = await world.key({ roles: [id, { name: "kept", permissions: ["viewer::get"] }] });
  await world.ask(DELETE, { variables: { input: { id } } });
  expect((await world.run("{ viewer { roles } roles { totalCount } }", { key })).data).toEqual({
    viewer: { roles: ["kept"] },
    roles: null,
  });
});

test("roles of another tenant answer like roles that never were", async () => {
  const [world, other] = [await aWorld(), await aWorld()];
  const foreign = await other.role({ name: "theirs" });
  const asked = `query ($id: ID!) { role(id: $id) { id } node(id: $id) { id } }`;
  const changed = [UPDATE, DELETE];
  const answers = async (id: string) => {
    const looked = await world.run(asked, { variables: { id } });
    const tried = await Promise.all(
      changed.map((document) => world.run(document, { variables: { input: { id } } })),
    );
    return [looked, ...tried].map(({ status, text }) => ({ status, text }));
  };
  const reference = await answers(UNKNOWN);
  expect(reference[0]?.text).toMatch(/"role":null,"node":null/);
  expect(reference[1]?.text).toMatch(/NOT_FOUND/);
  expect(await answers(foreign)).toEqual(reference);
  expect(await answers("role_nonsense")).toEqual(reference);
  expect(await answers(foreign.replace("role", "key"))).toEqual(reference);
  expect((await other.run(asked, { variables: { id: foreign } })).data).toMatchObject({
    role: { id: foreign },
  });
});

test("a name that cannot be a role's finds none", async () => {
  const world = await aWorld();
  const query = `query ($name: String) { role(name: $name) { id } }`;
  for (const name of ["\0", "\uD800", "Administrator", "x".repeat(10_000)]) {
    // eslint-disable-next-line no-await-in-loop
    expect(await world.run(query, { variables: { name } })).toMatchObject({
      data: { role: null },
      errors: [],
    });
  }
});

test("roles come in pages that stay right while roles are made", async () => {
  const world = await aWorld();
  await Promise.all(["c", "e", "g"].map((name) => world.role({ name })));
  const page = async (after: string | null) => {
    const { roles } = await world.ask<{
      roles: {
        nodes: { name: string }[];
        pageInfo: { endCursor: string; hasNextPage: boolean; hasPreviousPage: boolean };
      };
    }>(
      `query ($after: String) { roles(first: 3, after: $after) {
         nodes { name } pageInfo { endCursor hasNextPage hasPreviousPage } } }`,
      { variables: { after } },
    );
    return { ...roles.pageInfo, names: roles.nodes.map(({ name }) => name) };
  };
  const first = await page(null);
  expect(first).toMatchObject({
    names: ["administrator", "anonymous", "authenticated"],
    hasNextPage: true,
    hasPreviousPage: false,
  });
  await world.role({ name: "aaa" });
  expect(await page(first.endCursor)).toMatchObject({
    names: ["c", "e", "g"],
    hasNextPage: false,
    hasPreviousPage: true,
  });
});

test("a cursor of another list, tenant or key is refused", async () => {
  const [world, other] = [await aWorld(), await aWorld()];
  const key = await world.key({ roles: [{ permissions: ["role::find"] }] });
  const after = [
    await cursorOf(world, "keys"),
    await cursorOf(other, "roles"),
    await cursorOf(world, "roles", key),
    "nonsense",
    "",
  ];
  for (const cursor of after) {
    // eslint-disable-next-line no-await-in-loop
    const { errors } = await world.run(
      `query ($after: String) { roles(after: $after) { totalCount } }`,
      { variables: { after: cursor } },
    );
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  }
});

test.each([
  ["role::get", `{ role(name: "anonymous") { name } }`],
  ["role::find", "{ roles { totalCount } }"],
  ["role::create", `mutation { createRole(input: { name: "made" }) { role { name } } }`],
  ["role::update", `mutation { updateRole(input: { id: "x" }) { role { name } } }`],
  ["role::delete", `mutation { deleteRole(input: { id: "x" }) { id } }`],
  ["grant::set", `mutation { setGrant(input: { roleId: "x", datasetId: "x" }) { grant { id } } }`],
  [
    "grant::remove",
    `mutation { removeGrant(input: { roleId: "x", datasetId: "x" }) { role { id } } }`,
  ],
])("%s is asked for before any argument is looked at", async (permission, document) => {
  const world = await aWorld();
  const lacking = await world.key({ roles: [{ permissions: ["viewer::get"] }] });
  const holding = await world.key({ roles: [{ permissions: [permission] }] });
  expect((await world.run(document, { key: lacking })).errors).toMatchObject([
    { extensions: { code: "FORBIDDEN", missing: { gate: "PERMISSION", name: permission } } },
  ]);
  const codes = (await world.run(document, { key: holding })).errors.map(
    ({ extensions }) => extensions.code,
  );
  expect(codes).not.toContain("FORBIDDEN");
});
