import { afterAll, describe, expect, it } from "vitest";
import { decodeId } from "../../../src/db/id.ts";
import { aWorld, uniqueName } from "../../support/world.ts";
import { eventsDuring, inShort } from "../event/log.ts";
import { codeOf, presenting, trusting, viewerOf } from "./trusting.ts";

const world = await aWorld();
const provider = await trusting(world, { claims: { roles: "roles", organization: "org" } });
afterAll(() => provider.stop());

const ofUser = async (id: string) => {
  const { user } = await world.ask<{ user: Record<string, unknown> | null }>(
    `query ($id: ID!) { user(id: $id) {
       firstName lastName organization email emailVerified issuer roleNames createdBy updatedBy
     } }`,
    { variables: { id } },
  );
  return user;
};

const usersOf = async (subject: string) => {
  const { rows } = await world.database.pool.query<{ id: string }>(
    "SELECT id FROM app_user WHERE tenant_id = $1 AND subject = $2",
    [world.tenantId, subject],
  );
  return rows;
};

const assignRoles = (userId: string, roleIds: readonly string[]) =>
  world.ask(`mutation ($input: AssignRolesInput!) { assignRoles(input: $input) { user { id } } }`, {
    variables: { input: { userId, roleIds } },
  });

describe("Whoever brings a JWT of a trusted issuer", () => {
  it("acts as a user, who has the rights of every user", async () => {
    const viewer = await viewerOf(world, provider.as({ given_name: "Ada", family_name: "King" }));

    expect(viewer).toEqual({
      kind: "SESSION",
      id: expect.stringMatching(/^user_[0-9a-f]{32}$/) as string,
      name: "Ada King",
      roles: ["authenticated"],
    });
  });

  it("is the same user with the next", async () => {
    const first = await viewerOf(world, provider.as({ sub: "same" }));
    const next = await viewerOf(world, provider.as({ sub: "same", jti: "another" }));

    expect(next).toEqual(first);
    expect((await viewerOf(world, provider.as({ sub: "Same" }))).id).not.toBe(first.id);
  });

  it("is one user, also where fifty requests come at once", async () => {
    const sub = uniqueName("crowd");
    const written = await eventsDuring(world, async () => {
      const crowd = Array.from({ length: 50 }, () => viewerOf(world, provider.as({ sub })));
      const ids = (await Promise.all(crowd)).map(({ id }) => id);

      expect(new Set(ids).size).toBe(1);
    });

    expect(await usersOf(sub)).toHaveLength(1);
    expect(written.filter(({ name }) => name === "system::register_user")).toHaveLength(1);
  });

  it("is registered with what the claims say, which is an event by itself", async () => {
    const sub = uniqueName("sub");
    let id = "";
    const claims = { given_name: "Zoe\u0308", email: "zoe@example.com", email_verified: true };
    const written = await eventsDuring(world, async () => {
      ({ id } = await viewerOf(world, provider.as({ sub, org: "Acme", ...claims })));
    });

    expect(await ofUser(id)).toEqual({
      firstName: "Zoë",
      lastName: "",
      organization: "Acme",
      email: "zoe@example.com",
      emailVerified: true,
      issuer: provider.issuer,
      roleNames: [],
      createdBy: id,
      updatedBy: id,
    });
    expect(written.map(inShort)).toEqual([
      { name: "system::register_user", outcome: "ALLOWED", target: id, reason: null },
    ]);
    expect(written[0]).toMatchObject({ principalKind: "SESSION", principalId: id });
  });

  it("is what the last JWT says where it says something else, and nothing is written where not", async () => {
    const sub = uniqueName("sub");
    const said = { sub, given_name: "Ada", family_name: "King", email: "a@example.com" };
    const asking = provider.as(said);
    const { id } = await viewerOf(world, asking);
    const updatedAt = async () =>
      (
        await world.database.pool.query<{ xmin: string }>(
          "SELECT xmin::text FROM app_user WHERE tenant_id = $1 AND id = $2",
          [world.tenantId, decodeId("User", id)],
        )
      ).rows[0]?.xmin;
    const before = await updatedAt();
    await viewerOf(world, asking);

    expect(await updatedAt()).toBe(before);

    const written = await eventsDuring(world, async () => {
      // The family name is not asserted any more.
      const now = { ...said, family_name: undefined, given_name: "Augusta" };
      expect(await viewerOf(world, provider.as(now))).toMatchObject({ id, name: "Augusta" });
    });

    expect(await ofUser(id)).toMatchObject({ lastName: "", email: "a@example.com" });
    expect(written.map(inShort)).toEqual([
      { name: "system::update_user", outcome: "ALLOWED", target: id, reason: null },
    ]);
  });

  it("is written once where many requests at once say something else", async () => {
    const sub = uniqueName("sub");
    const { id } = await viewerOf(world, provider.as({ sub }));
    const written = await eventsDuring(world, async () => {
      const now = { sub, given_name: "Ada" };
      await Promise.all(Array.from({ length: 20 }, () => viewerOf(world, provider.as(now))));
    });

    expect(written.map(inShort)).toEqual([
      { name: "system::update_user", outcome: "ALLOWED", target: id, reason: null },
    ]);
  });

  it("has no roles but those listed in its request, and none at all where one is lacked", async () => {
    await world.role({ name: "narrowed", permissions: ["viewer::get", "dataset::find"] });
    const asking = provider.as({ roles: ["narrowed"] });
    const narrowed = (roles: string) => ({
      ...asking,
      headers: { ...asking.headers, "x-fieldgate-roles": roles },
    });

    expect((await viewerOf(world, asking)).roles).toEqual(["authenticated", "narrowed"]);
    expect((await viewerOf(world, narrowed("narrowed"))).roles).toEqual(["narrowed"]);
    expect((await viewerOf(world, narrowed("authenticated"))).roles).toEqual(["authenticated"]);
    expect(await codeOf(world, narrowed("narrowed,administrator"))).toBe("FORBIDDEN");
  });
});

describe("A role that a JWT claims", () => {
  it("is in effect for that JWT alone, and is not the user's own", async () => {
    await world.role({ name: "curator" });
    const sub = uniqueName("sub");
    const { id, roles } = await viewerOf(world, provider.as({ sub, roles: ["curator"] }));

    expect(roles).toEqual(["authenticated", "curator"]);
    expect(await ofUser(id)).toMatchObject({ roleNames: [] });
    expect((await viewerOf(world, provider.as({ sub }))).roles).toEqual(["authenticated"]);
  });

  it("may be named in text with spaces, and is nothing where the tenant has none of that name", async () => {
    await world.role({ name: "spaced" });
    const asking = provider.as({ roles: "spaced nobodys" });

    expect((await viewerOf(world, asking)).roles).toEqual(["authenticated", "spaced"]);
  });

  it("is gone once it is renamed or deleted", async () => {
    const roleId = await world.role({ name: "fleeting" });
    const asking = provider.as({ roles: ["fleeting"] });
    expect((await viewerOf(world, asking)).roles).toContain("fleeting");
    const rename = (name: string) =>
      world.ask(
        `mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { role { id } } }`,
        {
          variables: { input: { id: roleId, name } },
        },
      );

    await rename("flown");
    expect((await viewerOf(world, asking)).roles).toEqual(["authenticated"]);
    await rename("fleeting");
    expect((await viewerOf(world, asking)).roles).toContain("fleeting");
    await world.ask(`mutation ($id: ID!) { deleteRole(input: { id: $id }) { id } }`, {
      variables: { id: roleId },
    });
    expect((await viewerOf(world, asking)).roles).toEqual(["authenticated"]);
  });

  it("is never the one that is for the public, and administrator only by an issuer that may administrate", async () => {
    const roles = ["anonymous", "administrator", "authenticated"];
    const sub = uniqueName("sub");

    expect((await viewerOf(world, provider.as({ sub, roles }))).roles).toEqual(["authenticated"]);

    const other = await trusting(world, { mayAdministrate: true, claims: { roles: "roles" } });
    expect((await viewerOf(world, other.as({ sub, roles }))).roles).toEqual([
      "administrator",
      "authenticated",
    ]);
    await other.stop();
  });

  it("joins those that the user was given, which change at once", async () => {
    const own = await world.role({ name: "own" });
    await world.role({ name: "lent" });
    const asking = provider.as({ sub: uniqueName("sub"), roles: ["lent"] });
    const { id } = await viewerOf(world, asking);

    await assignRoles(id, [own]);
    expect((await viewerOf(world, asking)).roles).toEqual(["authenticated", "lent", "own"]);
    await assignRoles(id, []);
    expect((await viewerOf(world, asking)).roles).toEqual(["authenticated", "lent"]);
  });

  it("is explained as any role is", async () => {
    await world.role({ name: "explained", permissions: ["dataset::create"] });
    const { viewer } = await world.ask<{
      viewer: { explainAccess: { allowed: boolean; steps: { role: { name: string } | null }[] } };
    }>(
      `{ viewer { explainAccess(object: { permission: "dataset::create" }) { allowed steps { roleName } } } }`,
      provider.as({ roles: ["explained"] }),
    );

    expect(viewer.explainAccess.allowed).toBe(true);
    expect(JSON.stringify(viewer.explainAccess)).toContain("explained");
  });
});

describe("A user who was deleted", () => {
  it("is refused, and stays so", async () => {
    const sub = uniqueName("sub");
    const { id } = await viewerOf(world, provider.as({ sub }));
    await world.ask(`mutation ($id: ID!) { deleteUser(input: { id: $id }) { id } }`, {
      variables: { id },
    });
    const written = await eventsDuring(world, async () => {
      expect(await codeOf(world, provider.as({ sub }))).toBe("UNAUTHENTICATED");
      expect(await codeOf(world, provider.as({ sub, email: "new@example.com" }))).toBe(
        "UNAUTHENTICATED",
      );
    });

    expect(await usersOf(sub)).toHaveLength(1);
    expect(written.map(inShort)).toContainEqual({
      name: "system::authenticate",
      outcome: "FAILED",
      target: id,
      reason: "DELETED",
    });
    expect(written.every(({ name }) => name === "system::authenticate")).toBe(true);
    expect(await codeOf(world, provider.as({ sub: uniqueName("another") }))).toBe("OK");
  });
});

describe("What a user by a JWT writes", () => {
  it("is signed by the user, remembered as the user's, and pages on for the user alone", async () => {
    const writer = { permissions: ["row::create", "row::get"], canRead: true, canCreate: true };
    await world.role({ name: "writer", ...writer });
    const columns = [{ name: "word", type: "TEXT" }];
    const { id: datasetId } = await world.dataset({ columns });
    const sub = uniqueName("sub");
    const { id } = await viewerOf(world, provider.as({ sub }));
    const create = (claims: object) =>
      world.run<{ createRows: { rows: { id: string; createdBy: string }[] } }>(
        `mutation ($input: CreateRowsInput!) { createRows(input: $input) { rows { id createdBy } } }`,
        {
          ...provider.as({ sub, roles: ["writer"], ...claims }),
          variables: { input: { datasetId, rows: [{ word: "a" }], idempotencyKey: "once" } },
        },
      );
    const [first, again, other] = [
      await create({}),
      await create({ jti: "another" }),
      await create({ sub: uniqueName("other") }),
    ];

    expect(first.data?.createRows.rows[0]?.createdBy).toBe(id);
    expect(again.data).toEqual(first.data);
    expect(other.data?.createRows.rows[0]?.id).not.toBe(first.data?.createRows.rows[0]?.id);
  });
});

it("A JWT without a tenant is no tenant's where there are several", async () => {
  const { headers } = provider.as();
  const anonymous = { key: null, headers: { authorization: headers?.["authorization"] ?? "" } };
  await aWorld();

  expect(await codeOf(world, anonymous)).toBe("UNAUTHENTICATED");
  expect(await codeOf(world, presenting(world, provider.jwt()))).toBe("OK");
});
