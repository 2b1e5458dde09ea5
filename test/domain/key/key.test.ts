import { expect, test } from "vitest";
import { asOperator } from "../../../src/cli/as-operator.ts";
import { createKey } from "../../../src/cli/key.ts";
import { aWorld, type World } from "../../support/world.ts";

const CREATE = `
  mutation ($input: CreateKeyInput!) {
    createKey(input: $input) {
      key { id name status publishable expiresAt createdBy lastUsedAt roles { name } } secret } }`;
const ROLL = `mutation ($input: RollKeyInput!) { rollKey(input: $input) { key { id } secret } }`;
const REVOKE = `mutation ($input: RevokeKeyInput!) { revokeKey(input: $input) { key { status } } }`;
const LIMIT = `
  mutation ($i: UpdateTenantInput!) { updateTenant(input: $i) { tenant { maxKeyDays } } }`;
const UNKNOWN = "key_0192f3a1b2c37d4e8f00112233445566";

async function administratorRole(world: World): Promise<string> {
  const { role } = await world.ask<{ role: { id: string } }>(
    `{ role(name: "administrator") { id } }`,
  );
  return role.id;
}

async function aLastingAdministrator(world: World) {
  return await world.keyWithId({ roles: [await administratorRole(world)] });
}

async function statusOf(world: World, id: string): Promise<string> {
  const { key } = await world.ask<{ key: { status: string } }>(
    `query ($id: ID!) { key(id: $id) { status } }`,
    { variables: { id } },
  );
  return key.status;
}

test("a key is made with its roles, and its text is shown once", async () => {
  const world = await aWorld();
  const roleIds = [await world.role({ name: "b" }), await world.role({ name: "a" })];
  const expiresAt = "2999-01-01T00:00:00.000Z";
  const input = { name: "Partner", roleIds: [...roleIds, ...roleIds], expiresAt };
  const answer = await world.run<{ createKey: { key: { id: string }; secret: string } }>(CREATE, {
    variables: { input },
  });
  expect(answer.data?.createKey.key).toMatchObject({
    name: "Partner",
    status: "ACTIVE",
    publishable: false,
    expiresAt,
    createdBy: `key_${world.keyId.replaceAll("-", "")}`,
    lastUsedAt: null,
    roles: [{ name: "a" }, { name: "b" }],
  });
  expect(answer.data?.createKey.secret).toMatch(/^fgk_[0-9A-Za-z]{92}$/);
  const seen = await world.run("{ keys { nodes { id name status expiresAt createdBy } } }");
  expect(seen.text).not.toContain("fgk_");
});

test("a key has no field that tells of its secret", async () => {
  const world = await aWorld();
  const asked = (fields: string) => world.run(`{ keys { nodes { ${fields} } } }`);
  expect((await asked("id")).errors).toEqual([]);
  for (const field of ["secret", "secretHash", "hash", "text", "previousSecretHash"]) {
    // eslint-disable-next-line no-await-in-loop
    expect((await asked(field)).data).toBeNull();
  }
});

test.each([
  { name: "" },
  { name: "x".repeat(201) },
  { name: "a\0b" },
  { roleIds: [] },
  { expiresAt: "2001-01-01T00:00:00.000Z" },
  { expiresAt: "+020000-01-01T00:00:00.000Z" },
  { expiresAt: "-000001-01-01T00:00:00.000Z" },
  { expiresAt: "tomorrow" },
])("a key cannot be made with %j", async (wrong) => {
  const world = await aWorld();
  const input = { name: "made", roleIds: [await world.role({})], ...wrong };
  const { errors } = await world.run(CREATE, { variables: { input } });
  expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
});

test("a key lasts no longer than its tenant wants of new keys; those that there are stay", async () => {
  const world = await aWorld();
  const limit = (maxKeyDays: number) => world.run(LIMIT, { variables: { i: { maxKeyDays } } });
  // It may not look at the tenant that it makes keys in.
  const maker = await world.key({
    roles: [{ permissions: ["key::create", "role::get", "viewer::get", "grant::any"] }],
  });
  const renamer = await world.key({ roles: [{ permissions: ["tenant::update", "tenant::get"] }] });
  const roleIds = [await world.role({ permissions: ["viewer::get"] })];
  const made = async (days: number | null, key: string) => {
    const expiresAt = days && new Date(Date.now() + days * 86_400_000);
    const input = { name: "made", roleIds, expiresAt };
    const { errors } = await world.run(CREATE, { key, variables: { input } });
    return errors.map(({ message, extensions }) => `${extensions.code}: ${message}`).join();
  };
  expect((await limit(30)).data).toEqual({ updateTenant: { tenant: { maxKeyDays: 30 } } });
  for (const key of [maker, world.admin]) {
    // eslint-disable-next-line no-await-in-loop
    expect(await made(30, key)).toBe("");
    for (const days of [null, 30.001, 365]) {
      // eslint-disable-next-line no-await-in-loop
      expect(await made(days, key)).toMatch(/^BAD_USER_INPUT: .* at most 30 days/);
    }
  }
  expect((await world.run("{ viewer { kind } }", { key: maker })).errors).toEqual([]);
  for (const days of [-1, 3651]) {
    // eslint-disable-next-line no-await-in-loop
    expect((await limit(days)).errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  }
  // The way back to a tenant that nobody can administer any more.
  const { database, tenantId } = world;
  const rescue = await createKey(asOperator(database, tenantId), "rescue", {
    role: ["administrator"],
  });
  const lift = { key: renamer, variables: { i: { maxKeyDays: 0 } } };
  expect((await world.run(LIMIT, lift)).errors).toMatchObject([
    { extensions: { code: "FORBIDDEN", missing: { name: "key::create" } } },
  ]);
  const rename = { key: renamer, variables: { i: { label: "Renamed" } } };
  expect((await world.run(LIMIT, rename)).data).toEqual({
    updateTenant: { tenant: { maxKeyDays: 30 } },
  });
  expect((await world.run("{ viewer { kind } }", { key: rescue })).errors).toEqual([]);
  expect((await limit(0)).data).toEqual({ updateTenant: { tenant: { maxKeyDays: null } } });
  expect(await made(null, maker)).toBe("");
});

test("a key that expired or was revoked says so, and lists by its status", async () => {
  const world = await aWorld();
  const roles = [await world.role({})];
  const brief = await world.keyWithId({ roles, expiresAt: new Date(Date.now() + 60_000) });
  const gone = await world.keyWithId({ roles, expiresAt: new Date(Date.now() + 60_000) });
  const kept = await world.keyWithId({ roles });
  await world.ask(REVOKE, { variables: { input: { id: gone.id } } });
  world.wait(61);
  const statuses = [brief, gone, kept].map(({ id }) => statusOf(world, id));
  expect(await Promise.all(statuses)).toEqual(["EXPIRED", "REVOKED", "ACTIVE"]);
  const { data } = await world.run(`{
    active: keys(status: ACTIVE) { totalCount nodes { id } }
    expired: keys(status: EXPIRED) { totalCount nodes { id } }
    revoked: keys(status: REVOKED) { totalCount nodes { id } }
    all: keys { totalCount }
  }`);
  const admin = `key_${world.keyId.replaceAll("-", "")}`;
  expect(data).toEqual({
    active: { totalCount: 2, nodes: [{ id: admin }, { id: kept.id }] },
    expired: { totalCount: 1, nodes: [{ id: brief.id }] },
    revoked: { totalCount: 1, nodes: [{ id: gone.id }] },
    all: { totalCount: 4 },
  });
});

test("a revoked key is neither rolled nor revoked again", async () => {
  const world = await aWorld();
  const { id } = await world.keyWithId({ roles: [{}] });
  await world.ask(REVOKE, { variables: { input: { id } } });
  expect((await world.run(REVOKE, { variables: { input: { id } } })).data).toEqual({
    revokeKey: { key: { status: "REVOKED" } },
  });
  expect((await world.run(ROLL, { variables: { input: { id } } })).errors).toMatchObject([
    { extensions: { code: "CONFLICT" } },
  ]);
});

test.each([-1, 2_592_001])("an overlap of %d seconds is refused", async (overlapSeconds) => {
  const world = await aWorld();
  const { id } = await world.keyWithId({ roles: [{}] });
  const { errors } = await world.run(ROLL, { variables: { input: { id, overlapSeconds } } });
  expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
});

test("the key that one asks with is rolled with an overlap, so that its new secret arrives", async () => {
  const world = await aWorld();
  const id = `key_${world.keyId.replaceAll("-", "")}`;
  const roll = (overlapSeconds: number) =>
    world.run<{ rollKey: { secret: string } | null }>(ROLL, {
      variables: { input: { id, overlapSeconds } },
    });
  expect((await roll(0)).errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
  const { data } = await roll(1);
  const key = data?.rollKey?.secret ?? "";
  world.wait(2);
  expect((await world.run("{ viewer { id } }", { key })).data).toEqual({ viewer: { id } });
  expect((await world.run("{ viewer { id } }")).status).toBe(401);
});

test("the last key that holds administrator is not revoked", async () => {
  const world = await aWorld();
  const id = `key_${world.keyId.replaceAll("-", "")}`;
  const revoke = () => world.run(REVOKE, { variables: { input: { id } } });
  expect((await revoke()).errors).toMatchObject([{ extensions: { code: "CONFLICT" } }]);
  expect((await world.run("{ viewer { id } }")).status).toBe(200);
  const second = await aLastingAdministrator(world);
  await revoke();
  expect((await world.run("{ viewer { id } }")).status).toBe(401);
  expect((await world.run("{ viewer { id } }", { key: second.secret })).status).toBe(200);
});

test.each(["expires", "is publishable", "is revoked"])(
  "an administrator key that %s does not stand in for the last one",
  async (how) => {
    const world = await aWorld();
    const roles = [await administratorRole(world)];
    const other = await world.keyWithId({
      roles,
      ...(how === "expires" && { expiresAt: new Date(Date.now() + 1e9) }),
      publishable: how === "is publishable",
    });
    if (how === "is revoked") await world.ask(REVOKE, { variables: { input: { id: other.id } } });
    const id = `key_${world.keyId.replaceAll("-", "")}`;
    const { errors } = await world.run(REVOKE, { variables: { input: { id } } });
    expect(errors).toMatchObject([{ extensions: { code: "CONFLICT" } }]);
  },
);

test("sixteen attempts at once to revoke the last two administrators leave one", async () => {
  const world = await aWorld();
  const second = await aLastingAdministrator(world);
  const first = { id: `key_${world.keyId.replaceAll("-", "")}`, secret: world.admin };
  const attempts = Array.from({ length: 16 }, (_, index) => {
    const [by, target] = index % 2 === 0 ? [first, second] : [second, first];
    return world.run(REVOKE, { key: by.secret, variables: { input: { id: target.id } } });
  });
  const answers = await Promise.all(attempts);
  const codes = answers.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code));
  expect(codes.filter((code) => code !== "UNAUTHENTICATED" && code !== "CONFLICT")).toEqual([]);
  const left = await Promise.all(
    [first, second].map(({ secret }) => world.run("{ viewer { id } }", { key: secret })),
  );
  expect(new Set(left.map(({ status }) => status))).toEqual(new Set([200, 401]));
});

test("sixteen changes of rights at once are all made", async () => {
  const world = await aWorld();
  const made = await Promise.all(
    Array.from({ length: 16 }, (_, index) =>
      world.run(`mutation { createRole(input: { name: "role_${index}" }) { role { name } } }`),
    ),
  );
  expect(made.flatMap(({ errors }) => errors)).toEqual([]);
});

test("keys of another tenant answer like keys that never were", async () => {
  const [world, other] = [await aWorld(), await aWorld()];
  const { id: foreign } = await other.keyWithId({ roles: [{}] });
  const asked = `query ($id: ID!) { key(id: $id) { id } node(id: $id) { id } }`;
  const answers = async (id: string) => {
    const looked = await world.run(asked, { variables: { id } });
    const tried = await Promise.all(
      [ROLL, REVOKE].map((document) => world.run(document, { variables: { input: { id } } })),
    );
    return [looked, ...tried].map(({ status, text }) => ({ status, text }));
  };
  const reference = await answers(UNKNOWN);
  expect(reference[0]?.text).toMatch(/"key":null,"node":null/);
  expect(reference[1]?.text).toMatch(/NOT_FOUND/);
  expect(await answers(foreign)).toEqual(reference);
  expect(await answers("key_nonsense")).toEqual(reference);
  expect(await statusOf(other, foreign)).toBe("ACTIVE");
});

test("a role of another tenant cannot be given to a key", async () => {
  const [world, other] = [await aWorld(), await aWorld()];
  const ids = [await other.role({}), "role_0192f3a1b2c37d4e8f00112233445566", "nonsense"];
  const own = await world.role({});
  const answers = await Promise.all(
    ids.map((id) =>
      world.run(CREATE, { variables: { input: { name: "made", roleIds: [own, id] } } }),
    ),
  );
  expect(answers[0]?.errors).toMatchObject([{ extensions: { code: "NOT_FOUND" } }]);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
});

test("a publishable key reads and changes nothing, whatever its roles", async () => {
  const world = await aWorld();
  const dataset = await world.dataset({
    columns: [{ name: "title", type: "TEXT" }],
    rows: [{ title: "Dune" }],
  });
  const roles = [await administratorRole(world)];
  const [shown, secret] = await Promise.all([
    world.key({ roles, publishable: true }),
    world.key({ roles }),
  ]);
  const read = `query ($id: ID!) { dataset(id: $id) { canUpdate rows { nodes { values } } } }`;
  const write = `mutation ($id: ID!) {
    createRows(input: { datasetId: $id, rows: [{ title: "Dune 2" }] }) { rows { id } }
  }`;
  const variables = { id: dataset.id };
  const rows = { nodes: [{ values: { title: "Dune" } }] };
  expect((await world.run(read, { key: shown, variables })).data).toEqual({
    dataset: { canUpdate: false, rows },
  });
  expect((await world.run(read, { key: secret, variables })).data).toEqual({
    dataset: { canUpdate: true, rows },
  });
  const make = `mutation { createRole(input: { name: "made" }) { role { name } } }`;
  for (const document of [write, make]) {
    // eslint-disable-next-line no-await-in-loop
    expect(await world.run(document, { key: shown, variables })).toMatchObject({
      errors: [{ extensions: { code: "FORBIDDEN", missing: { gate: "PERMISSION" } } }],
    });
    // eslint-disable-next-line no-await-in-loop
    expect((await world.run(document, { key: secret, variables })).errors).toEqual([]);
  }
});

test.each([
  ["key::get", `{ key(id: "x") { id } }`],
  ["key::find", "{ keys { totalCount } }"],
  ["key::create", `mutation { createKey(input: { name: "x", roleIds: ["x"] }) { secret } }`],
  ["key::roll", `mutation { rollKey(input: { id: "x" }) { secret } }`],
  ["key::revoke", `mutation { revokeKey(input: { id: "x" }) { key { id } } }`],
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

test("the last use of a key is kept, to within ten seconds", async () => {
  const world = await aWorld();
  const { id, secret: key } = await world.keyWithId({ roles: [{ permissions: ["viewer::get"] }] });
  const lastUse = async () => {
    const answer = await world.ask<{ key: { lastUsedAt: string | null } }>(
      `query ($id: ID!) { key(id: $id) { lastUsedAt } }`,
      { variables: { id } },
    );
    return answer.key.lastUsedAt;
  };
  expect(await lastUse()).toBeNull();
  await world.run("{ viewer { id } }", { key });
  const first = await lastUse();
  expect(Math.abs(Date.parse(first ?? "") - Date.now())).toBeLessThan(10_000);
  await world.run("{ viewer { id } }", { key });
  expect(await lastUse()).toBe(first);
  world.wait(10);
  await world.run("{ viewer { id } }", { key });
  expect(Date.parse((await lastUse()) ?? "")).toBeGreaterThanOrEqual(
    Date.parse(first ?? "") + 10_000,
  );
});

test("a key that is refused, or asked about, was not used", async () => {
  const world = await aWorld();
  const { id, secret } = await world.keyWithId({ roles: [{ permissions: ["row::get"] }] });
  await world.ask(
    `query ($key: String) { checkAccess(permission: "row::get", key: $key) { hasAccess } }`,
    {
      variables: { key: secret },
    },
  );
  await world.run("{ viewer { id } }", {
    key: secret,
    headers: { "x-fieldgate-tenant": "another_one" },
  });
  expect(
    await world.ask(`query ($id: ID!) { key(id: $id) { lastUsedAt } }`, { variables: { id } }),
  ).toEqual({ key: { lastUsedAt: null } });
});
