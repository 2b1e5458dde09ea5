import { describe, expect, test } from "vitest";
import { aWorld } from "../../support/world.ts";
import { aShop, codes, DATA } from "./shop.ts";

const permissions = ["access_token::create", "viewer::get"];

const LIST = `query ($keyId: ID, $status: AccessTokenStatus, $first: Int, $after: String) {
  accessTokens(keyId: $keyId, status: $status, first: $first, after: $after) {
    nodes { id status } totalCount pageInfo { endCursor hasNextPage } } }`;

interface Listed {
  readonly accessTokens: {
    readonly nodes: readonly { readonly id: string; readonly status: string }[];
    readonly totalCount: number;
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
  };
}

describe("accessTokens", () => {
  test("lists those of the tenant, of a key, or of a status, page by page", async () => {
    const world = await aWorld();
    await (await aWorld()).token({});
    const [one, other] = [
      await world.keyWithId({ roles: [{ permissions }] }),
      await world.keyWithId({ roles: [{ permissions }] }),
    ];
    const made = [
      await world.token({ key: one.secret }),
      await world.token({ key: other.secret }),
      await world.token({ key: one.secret, idleSeconds: 60 }),
      await world.token({ key: one.secret, maxSeconds: 60, idleSeconds: 80_000 }),
    ].map(({ id }) => id);
    await world.ask(
      `mutation ($id: ID!) { revokeAccessToken(input: { id: $id }) { accessToken { id } } }`,
      { variables: { id: made[0] } },
    );
    world.wait(61);
    const list = async (variables: object) =>
      (await world.ask<Listed>(LIST, { variables: variables as Record<string, unknown> }))
        .accessTokens;
    const ids = async (variables: object) => (await list(variables)).nodes.map(({ id }) => id);
    expect(await ids({})).toEqual(made);
    expect(await ids({ keyId: other.id })).toEqual([made[1]]);
    expect(await ids({ keyId: "key_none" })).toEqual([]);
    expect((await list({})).nodes.map(({ status }) => status)).toEqual([
      "REVOKED",
      "ACTIVE",
      "IDLE",
      "EXPIRED",
    ]);
    for (const [place, status] of ["REVOKED", "ACTIVE", "IDLE", "EXPIRED"].entries()) {
      const page = await list({ status });
      expect(page.nodes).toEqual([{ id: made[place], status }]);
      expect(page.totalCount).toBe(1);
    }
    const first = await list({ first: 3 });
    expect(first).toMatchObject({ totalCount: 4, pageInfo: { hasNextPage: true } });
    expect(await ids({ first: 3, after: first.pageInfo.endCursor })).toEqual([made[3]]);
  });

  test("tells of each token what it is, and not its text", async () => {
    const { world, sales, staff, inEU, METHODS } = await aShop();
    const roleId = await world.role({ name: "clerk", permissions: METHODS, ...DATA });
    const key = await world.keyWithId({ roles: [roleId], name: "shop" });
    const large = { datasetId: sales.id, column: "amount", op: "ge", value: 1.5 };
    const token = await world.token({
      key: key.secret,
      binding: "DPOP",
      conditions: [inEU, { ...large, set: true, setValue: 2 }],
      datasetIds: [staff.id],
      clientId: "acme",
      clientName: "ACME Corp",
      idleSeconds: 100,
      maxSeconds: 1_000,
    });
    const answer = await world.run<{ accessToken: { createdAt: string; expiresAt: string } }>(
      `query ($id: ID!) { accessToken(id: $id) {
         id key { name } binding bound status roles { name } clientId clientName idleSeconds
         conditions { dataset { name } column op value set setValue } datasets { name }
         createdAt createdBy expiresAt lastUsedAt revokedAt } }`,
      { variables: { id: token.id } },
    );
    expect(answer.data?.accessToken).toMatchObject({
      id: token.id,
      key: { name: "shop" },
      binding: "DPOP",
      bound: false,
      status: "ACTIVE",
      roles: [{ name: "clerk" }],
      clientId: "acme",
      clientName: "ACME Corp",
      idleSeconds: 100,
      conditions: [
        {
          dataset: { name: "sales" },
          column: "region",
          op: "eq",
          value: "EU",
          set: true,
          setValue: "EU",
        },
        {
          dataset: { name: "sales" },
          column: "amount",
          op: "ge",
          value: "1.5",
          set: true,
          setValue: "2",
        },
      ],
      createdBy: key.id,
      lastUsedAt: null,
      revokedAt: null,
    });
    expect(answer.text).toContain(`"datasets":[{"name":"staff"},{"name":"sales"}]`);
    const { createdAt = "", expiresAt = "" } = answer.data?.accessToken ?? {};
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(1_000_000);
    expect(answer.text).not.toContain(token.secret);
  });

  test("tells of conditions on what the caller knows alone", async () => {
    const { world, sales, key, inEU } = await aShop();
    const onNote = { ...inEU, column: "note", value: "hidden value" };
    const { id } = await world.token({ key, conditions: [inEU, onNote] });
    const teller = async (grants: object[]) =>
      await world.key({
        roles: [{ permissions: ["access_token::get", "dataset::get"], grants: grants as never }],
      });
    const region = { datasetId: sales.id, columnId: sales.columns["region"], read: "ALLOW" };
    const [some, none] = [await teller([region]), await teller([])];
    const told = async (by: string) =>
      (
        await world.run<{ accessToken: object }>(
          `query ($id: ID!) { accessToken(id: $id) { conditions { column value } datasets { name } } }`,
          { key: by, variables: { id } },
        )
      ).data?.accessToken;
    expect(await told(some)).toEqual({
      conditions: [{ column: "region", value: "EU" }],
      datasets: [{ name: "sales" }],
    });
    expect(await told(none)).toEqual({ conditions: [], datasets: [] });
    expect(await told(world.admin)).toMatchObject({ conditions: [{}, { value: "hidden value" }] });
  });
});

test.each([
  ["access_token::get", `{ accessToken(id: "x") { id } }`],
  ["access_token::find", "{ accessTokens { totalCount } }"],
  [
    "access_token::create",
    `mutation { createAccessToken(input: { binding: COOKIE, roleIds: ["x"] }) { secret } }`,
  ],
  [
    "access_token::revoke",
    `mutation { revokeAccessToken(input: { id: "x" }) { accessToken { id } } }`,
  ],
])("%s is asked for before any argument is looked at", async (permission, document) => {
  const world = await aWorld();
  const lacking = await world.key({ roles: [{ permissions: ["viewer::get"] }] });
  const holding = await world.key({ roles: [{ permissions: [permission] }] });
  expect((await world.run(document, { key: lacking })).errors).toMatchObject([
    { extensions: { code: "FORBIDDEN", missing: { gate: "PERMISSION", name: permission } } },
  ]);
  expect(codes(await world.run(document, { key: holding }))).not.toContain("FORBIDDEN");
});

test("a token of another tenant is none, by whichever way", async () => {
  const [world, other] = [await aWorld(), await aWorld()];
  const [{ id }, own] = [await other.token({}), await world.token({})];
  const none = own.id.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
  for (const document of [
    `query ($id: ID!) { accessToken(id: $id) { id } }`,
    `query ($id: ID!) { node(id: $id) { id } }`,
    `mutation ($id: ID!) { revokeAccessToken(input: { id: $id }) { accessToken { id } } }`,
  ]) {
    const [foreign, absent] = [
      await world.run(document, { variables: { id } }),
      await world.run(document, { variables: { id: none } }),
    ];
    expect(foreign.text).toBe(absent.text);
    expect((await world.run(document, { variables: { id: own.id } })).text).toContain(own.id);
  }
});

test("`node` finds a token for whoever holds some permission of tokens", async () => {
  const world = await aWorld();
  const { id } = await world.token({});
  const asked = async (...held: string[]) =>
    (
      await world.run<{ node: object | null }>(`query ($id: ID!) { node(id: $id) { id } }`, {
        key: await world.key({ roles: [{ permissions: ["node::get", ...held] }] }),
        variables: { id },
      })
    ).data?.node;
  expect(await asked("access_token::revoke")).toEqual({ id });
  expect(await asked("key::get")).toBeNull();
});
