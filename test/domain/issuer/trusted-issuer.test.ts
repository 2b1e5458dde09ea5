import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aWorld, uniqueName, type World } from "../../support/world.ts";
import { eventsDuring, inShort } from "../event/log.ts";
import { codeOf, presenting, type Trusting, trusting, viewerOf } from "./trusting.ts";

const FIELDS = `id issuer audience jwksUrl algorithms maxTokenAge mayAdministrate createdBy
  claims { email firstName lastName organization roles attributes { attribute claim } }`;
const TRUST = `mutation ($input: TrustIssuerInput!) { trustIssuer(input: $input) { trustedIssuer { ${FIELDS} } } }`;
const UPDATE = `mutation ($input: UpdateTrustedIssuerInput!) {
  updateTrustedIssuer(input: $input) { trustedIssuer { ${FIELDS} } }
}`;
const DISTRUST = `mutation ($id: ID!) { distrustIssuer(input: { id: $id }) { id } }`;

const world = await aWorld();
const good = () => ({
  issuer: `https://${uniqueName("issuer")}.example.com`,
  audience: "api",
  jwksUrl: "https://login.example.com/keys",
});
const trust = (input: object, key?: string, by: World = world) =>
  by.run<{ trustIssuer: { trustedIssuer: { id: string } } }>(TRUST, {
    ...(key !== undefined && { key }),
    variables: { input },
  });
const update = (input: object, key?: string) =>
  world.run(UPDATE, { ...(key !== undefined && { key }), variables: { input } });

describe("An issuer", () => {
  it("is trusted with what OpenID Connect has, where nothing else is said", async () => {
    const input = good();
    const { data } = await trust(input);

    expect(data?.trustIssuer.trustedIssuer).toEqual({
      ...input,
      id: expect.stringMatching(/^issuer_[0-9a-f]{32}$/) as string,
      algorithms: ["RS256"],
      maxTokenAge: 3600,
      mayAdministrate: false,
      createdBy: expect.stringMatching(/^key_/) as string,
      claims: {
        email: "email",
        firstName: "given_name",
        lastName: "family_name",
        organization: null,
        roles: null,
        attributes: [],
      },
    });
  });

  it("is found by id, as a node and in the list, by whoever may", async () => {
    const other = await aWorld();
    const { data } = await trust(good(), undefined, other);
    const id = data?.trustIssuer.trustedIssuer.id ?? "";
    const find = `query ($id: ID!) {
      trustedIssuer(id: $id) { id } node(id: $id) { id } trustedIssuers { totalCount nodes { id } }
    }`;
    const found = await other.ask(find, { variables: { id } });

    expect(found).toEqual({
      trustedIssuer: { id },
      node: { id },
      trustedIssuers: { totalCount: 1, nodes: [{ id }] },
    });
    expect(
      await world.ask(`query ($id: ID!) { trustedIssuer(id: $id) { id } node(id: $id) { id } }`, {
        variables: { id },
      }),
    ).toEqual({
      trustedIssuer: null,
      node: null,
    });
    const key = await other.key({ roles: [{ permissions: ["node::get"], canRead: true }] });
    expect(
      await other.ask(`query ($id: ID!) { node(id: $id) { id } }`, { key, variables: { id } }),
    ).toEqual({ node: null });
  });

  it.each([
    ["an empty issuer", { issuer: "" }, "issuer has 1 to 255 characters."],
    ["a long issuer", { issuer: "a".repeat(256) }, "issuer has 1 to 255 characters."],
    ["a line break", { issuer: "a\nb" }, "issuer has no control characters."],
    ["an empty audience", { audience: "" }, "audience has 1 to 255 characters."],
    ["no URL", { jwksUrl: "keys" }, "jwksUrl is a URL"],
    ["another scheme", { jwksUrl: "file:///etc/passwd" }, "jwksUrl is a URL"],
    ["no encryption", { jwksUrl: "http://login.example.com/keys" }, "jwksUrl is a URL"],
    ["no encryption, nearly here", { jwksUrl: "http://127.0.0.1.evil.com/" }, "jwksUrl is a URL"],
    ["a password", { jwksUrl: "https://me:secret@login.example.com/" }, "jwksUrl is a URL"],
    ["a fragment", { jwksUrl: "https://login.example.com/#a" }, "jwksUrl is a URL"],
    ["a long URL", { jwksUrl: `https://a.example/${"a".repeat(2000)}` }, "jwksUrl is a URL"],
    ["no algorithm", { algorithms: [] }, "algorithms names one at least."],
    ["a short age", { maxTokenAge: 59 }, "maxTokenAge is a number of seconds from 60 to 86400."],
    ["a long age", { maxTokenAge: 86_401 }, "maxTokenAge is a number of seconds from 60 to 86400."],
    ["an empty path", { claims: { email: "" } }, "claims.email has 1 to 200 characters."],
    [
      "a long path",
      { claims: { roles: "a".repeat(201) } },
      "claims.roles has 1 to 200 characters.",
    ],
    [
      "an attribute that there is not",
      { claims: { attributes: [{ attribute: "team", claim: "team" }] } },
      'There is no attribute "team".',
    ],
  ])("is not trusted with %s", async (_what, wrong, said) => {
    const { errors } = await trust({ ...good(), ...wrong });

    expect(errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
    expect(errors[0]?.message).toContain(said);
  });

  it("is trusted with as much as there may be", async () => {
    const path = "a".repeat(200);
    const most = { issuer: uniqueName("i").padEnd(255, "i"), audience: "a".repeat(255) };
    const claims = { email: path, roles: path };

    expect((await trust({ ...good(), ...most, maxTokenAge: 86_400, claims })).errors).toEqual([]);
    expect((await trust({ ...good(), maxTokenAge: 60 })).errors).toEqual([]);
  });

  it("is one of a hundred at most", async () => {
    const other = await aWorld();
    const { rowCount } = await other.database.pool.query(
      `INSERT INTO trusted_issuer (tenant_id, id, issuer, audience, jwks_url, algorithms, claims, max_token_age,
                                   revision, created_at, created_by)
       SELECT $1, gen_random_uuid(), $2 || n, 'a', 'https://a.example', '{}', '{}', 60,
              gen_random_uuid(), now(), 'test'
       FROM generate_series(1, 99) n`,
      [other.tenantId, uniqueName("many")],
    );
    const [last, more] = [
      await trust(good(), undefined, other),
      await trust(good(), undefined, other),
    ];

    expect(rowCount).toBe(99);
    expect(last.errors).toEqual([]);
    expect(more.errors[0]?.extensions.code).toBe("LIMIT_EXCEEDED");
  });

  it.each([{ algorithms: ["HS256"] }, { algorithms: ["none"] }])(
    "is not trusted with %j, as the schema says",
    async (wrong) => {
      expect((await trust({ ...good(), ...wrong })).errors[0]?.extensions.code).toBe(
        "BAD_USER_INPUT",
      );
    },
  );

  it("is refused with everything that is wrong at once", async () => {
    const wrong = { issuer: "", audience: "", jwksUrl: "", algorithms: [], maxTokenAge: 0 };
    const [error] = (await trust(wrong)).errors;

    for (const name of Object.keys(wrong)) expect(error?.message).toContain(`${name} `);
  });

  it("is trusted once with one audience, by whichever tenant, and nobody is told by which", async () => {
    const [other, input] = [await aWorld(), good()];
    await trust(input);
    const [own, others] = [await trust(input), await trust(input, undefined, other)];

    expect(own.errors[0]?.extensions.code).toBe("CONFLICT");
    expect(others.text).toBe(own.text);
    expect(own.text).not.toContain(world.slug);
    expect((await trust({ ...input, audience: "b" }, undefined, other)).errors).toEqual([]);
  });
});

it("An issuer is trusted with each audience by itself, and a JWT of both acts by the first", async () => {
  await world.role({ name: "one" });
  await world.role({ name: "two" });
  const provider = await trusting(world, { claims: { roles: "one" } });
  const { issuer, server } = provider;
  const second = { issuer, audience: "second", jwksUrl: server.jwksUrl, algorithms: ["ES256"] };
  await trust({ ...second, claims: { roles: "two" } });
  const rolesOf = async (aud: unknown) =>
    (await viewerOf(world, provider.as({ aud, one: ["one"], two: ["two"] }))).roles;

  expect(await rolesOf("fieldgate")).toEqual(["authenticated", "one"]);
  expect(await rolesOf("second")).toEqual(["authenticated", "two"]);
  expect(await rolesOf(["second", "fieldgate"])).toEqual(["authenticated", "one"]);
  await provider.stop();
});

describe("Whoever trusts an issuer", () => {
  const permissions = ["trusted_issuer::trust", "trusted_issuer::update", "trusted_issuer::get"];
  let weak = "";
  let strong = "";
  beforeAll(async () => {
    weak = await world.key({ roles: [{ permissions }] });
    strong = await world.key({ roles: [{ permissions: [...permissions, "grant::any"] }] });
  });

  it("may hand out anything, since it is for the issuer to say who has which role", async () => {
    const [refused, done] = [await trust(good(), weak), await trust(good(), strong)];

    expect(refused.errors[0]?.extensions).toMatchObject({
      code: "FORBIDDEN",
      missing: { gate: "PERMISSION", name: "grant::any" },
    });
    expect(done.errors).toEqual([]);
  });

  it("and whoever changes how", async () => {
    const { data } = await trust(good());
    const input = { id: data?.trustIssuer.trustedIssuer.id, mayAdministrate: true };

    expect((await update(input, weak)).errors[0]?.extensions.code).toBe("FORBIDDEN");
    expect((await update(input, strong)).errors).toEqual([]);
  });

  it("holds it in the request: not where that is narrowed to less", async () => {
    const role = (name: string, held: string[]) => world.role({ name, permissions: held });
    const roles = [
      await role("truster", permissions),
      await role("granter", [...permissions, "grant::any"]),
    ];
    const key = await world.key({ roles });
    const as = (names: string) =>
      world.run(TRUST, {
        key,
        headers: { "x-fieldgate-roles": names },
        variables: { input: good() },
      });

    expect((await as("truster")).errors[0]?.extensions.code).toBe("FORBIDDEN");
    expect((await as("granter")).errors).toEqual([]);
  });
});

describe("How an issuer is trusted", () => {
  let provider: Trusting;
  beforeAll(async () => {
    provider = await trusting(world, { claims: { roles: "roles" } });
    await world.role({ name: "mapped" });
    await world.role({ name: "other" });
  });
  afterAll(() => provider.stop());

  it("counts from the next request on", async () => {
    const asking = provider.as({ roles: ["mapped"], groups: ["other"] });
    expect((await viewerOf(world, asking)).roles).toEqual(["authenticated", "mapped"]);
    await update({ id: provider.id, claims: { roles: "groups" } });
    expect((await viewerOf(world, asking)).roles).toEqual(["authenticated", "other"]);
    await update({ id: provider.id, claims: { roles: null } });
    expect((await viewerOf(world, asking)).roles).toEqual(["authenticated"]);
    await update({ id: provider.id, algorithms: ["RS256"] });
    expect(await codeOf(world, asking)).toBe("UNAUTHENTICATED");
    await update({ id: provider.id, algorithms: ["ES256"] });
    expect(await codeOf(world, asking)).toBe("OK");
  });

  it("stays but for what is said", async () => {
    const { data } = await trust({ ...good(), maxTokenAge: 60, claims: { roles: "r" } });
    const before = data?.trustIssuer.trustedIssuer;
    const changed = await update({ id: before?.id, mayAdministrate: true });

    expect(changed.data).toEqual({
      updateTrustedIssuer: { trustedIssuer: { ...before, mayAdministrate: true } },
    });
  });

  it("can be changed by whoever asks by it, and the answer is of what is so by then", async () => {
    const own = await trusting(world, { mayAdministrate: true, claims: { roles: "roles" } });
    const asking = own.as({ roles: ["administrator"] });
    const { data, errors } = await world.run(
      `mutation ($input: UpdateTrustedIssuerInput!) {
         updateTrustedIssuer(input: $input) { trustedIssuer { mayAdministrate maxTokenAge } }
       }`,
      { ...asking, variables: { input: { id: own.id, maxTokenAge: 120 } } },
    );

    expect(errors).toEqual([]);
    expect(data).toEqual({
      updateTrustedIssuer: { trustedIssuer: { mayAdministrate: true, maxTokenAge: 120 } },
    });

    const last = await world.run(UPDATE, {
      ...asking,
      variables: { input: { id: own.id, mayAdministrate: false } },
    });

    // It is done, and nothing of it is the caller's to see any more.
    expect(last.data).toEqual({ updateTrustedIssuer: { trustedIssuer: null } });
    expect((await viewerOf(world, asking)).roles).toEqual(["authenticated"]);
    await own.stop();
  });

  it("is changed, trusted and distrusted in an event that names it", async () => {
    const { data } = await trust(good());
    const id = data?.trustIssuer.trustedIssuer.id ?? "";
    const written = await eventsDuring(world, async () => {
      await update({ id, maxTokenAge: 60 });
      await world.ask(DISTRUST, { variables: { id } });
    });

    expect(written.map(inShort)).toEqual([
      { name: "trusted_issuer::update", outcome: "ALLOWED", target: id, reason: null },
      { name: "trusted_issuer::distrust", outcome: "ALLOWED", target: id, reason: null },
    ]);
  });
});

describe("An issuer that is distrusted", () => {
  it("is refused at the next request; trusted again, its users are who they were", async () => {
    const provider = await trusting(world);
    const { id } = await viewerOf(world, provider.as());
    await world.ask(DISTRUST, { variables: { id: provider.id } });
    const written = await eventsDuring(world, async () => {
      expect(await codeOf(world, provider.as())).toBe("UNAUTHENTICATED");
    });
    expect(written.map(({ reason }) => reason)).toEqual(["JWT_ISSUER"]);

    const { issuer, server } = provider;
    const again = { issuer, audience: "fieldgate", jwksUrl: server.jwksUrl, algorithms: ["ES256"] };
    await trust(again);
    expect((await viewerOf(world, provider.as())).id).toBe(id);
    await provider.stop();
  });

  it("registers nobody any more whose JWT it proves meanwhile", async () => {
    const own = await trusting(world);
    const publish = own.server.answer;
    own.server.answer = (request, response) => {
      const variables = { id: own.id };
      void world
        .ask(`mutation ($id: ID!) { distrustIssuer(input: { id: $id }) { id } }`, { variables })
        .then(() => publish(request, response));
    };
    const written = await eventsDuring(world, async () => {
      expect(await codeOf(world, own.as({ sub: "late" }))).toBe("UNAUTHENTICATED");
    });
    await own.stop();

    expect(written.map(({ name }) => name)).not.toContain("system::register_user");
    const { rows } = await world.database.pool.query(
      "SELECT FROM app_user WHERE tenant_id = $1 AND subject = 'late'",
      [world.tenantId],
    );
    expect(rows).toEqual([]);
  });

  it("is refused in the midst of a request that came by it", async () => {
    const own = await trusting(world, { mayAdministrate: true, claims: { roles: "roles" } });
    const { data, errors } = await world.run(
      `mutation ($id: ID!) {
         one: distrustIssuer(input: { id: $id }) { id }
         two: writeEvent(input: { name: "custom::two" }) { event { id } }
       }`,
      { ...own.as({ roles: ["administrator"] }), variables: { id: own.id } },
    );

    expect(data?.["two"] ?? null).toBeNull();
    expect(errors[0]?.extensions.code).toBe("UNAUTHENTICATED");
    expect(await codeOf(world, own.as())).toBe("UNAUTHENTICATED");
    await own.stop();
  });

  it("is free to be trusted by another tenant, to which its users are others", async () => {
    const other = await aWorld();
    const provider = await trusting(world);
    const { id } = await viewerOf(world, provider.as());
    await world.ask(DISTRUST, { variables: { id: provider.id } });
    const { issuer, server } = provider;
    await trust(
      { issuer, audience: "fieldgate", jwksUrl: server.jwksUrl, algorithms: ["ES256"] },
      undefined,
      other,
    );

    expect((await viewerOf(other, presenting(other, provider.jwt()))).id).not.toBe(id);
    await provider.stop();
  });

  it("was there: of another tenant it is not to be distrusted, as one that never was", async () => {
    const [other, provider] = [await aWorld(), await trusting(world)];
    const refused = await other.run(DISTRUST, { variables: { id: provider.id } });

    expect(refused.errors[0]?.extensions.code).toBe("NOT_FOUND");
    expect(await codeOf(world, provider.as())).toBe("OK");
    await provider.stop();
  });
});
