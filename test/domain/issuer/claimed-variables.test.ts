import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Asking, aWorld, uniqueName } from "../../support/world.ts";
import { eventsDuring } from "../event/log.ts";
import { type Trusting, trusting, viewerOf } from "./trusting.ts";

const world = await aWorld();
let provider: Trusting;
let datasetId = "";

const filtered = async (name: string, column: string, variable: string) => {
  const rowFilter = { read: { column, eq: variable } };
  await world.role({
    name,
    permissions: ["row::get"],
    grants: [{ datasetId, read: "ALLOW", rowFilter }],
  });
};

beforeAll(async () => {
  await world.ask(
    `mutation ($input: SetUserAttributesInput!) { setUserAttributes(input: $input) { tenant { id } } }`,
    {
      variables: {
        input: {
          attributes: [
            { name: "team", type: "TEXT", maxLength: 10 },
            { name: "level", type: "INTEGER" },
            { name: "desk", type: "TEXT" },
            { name: "floor", type: "TEXT" },
          ],
        },
      },
    },
  );
  ({ id: datasetId } = await world.dataset({
    columns: [
      { name: "email", type: "TEXT" },
      { name: "team", type: "TEXT" },
      { name: "level", type: "INTEGER" },
    ],
    rows: [
      { email: "ada@example.com", team: "a", level: 1 },
      { email: "bob@example.com", team: "b", level: 2 },
    ],
  }));
  await filtered("by_email", "email", "$user.email");
  await filtered("by_team", "team", "$user.team");
  await filtered("by_level", "level", "$user.level");
  provider = await trusting(world, {
    claims: {
      roles: "roles",
      attributes: [
        { attribute: "team", claim: "app.team" },
        { attribute: "level", claim: "level" },
        { attribute: "floor", claim: "floor" },
      ],
    },
  });
});
afterAll(() => provider.stop());

const seen = async (asking: Asking) => {
  const { dataset } = await world.ask<{
    dataset: { rows: { nodes: { values: { email: string } }[] } } | null;
  }>(`query ($id: ID!) { dataset(id: $id) { rows { nodes { values } } } }`, {
    ...asking,
    variables: { id: datasetId },
  });
  return dataset?.rows.nodes.map(({ values }) => values.email) ?? null;
};

/** Somebody new, unless the claims say who. */
const claiming = (role: string) => (claims: object) =>
  provider.as({ sub: uniqueName("sub"), roles: [role], ...claims });

const ADA = "ada@example.com";
const BOB = "bob@example.com";

describe("$user.email has a value", () => {
  const asking = claiming("by_email");

  it("where the issuer asserts to have verified it, and only then", async () => {
    expect(await seen(asking({ email: ADA, email_verified: true }))).toEqual([ADA]);
    expect(await seen(asking({ email: ADA, email_verified: false }))).toEqual([]);
    expect(await seen(asking({ email: ADA, email_verified: "true" }))).toEqual([]);
    expect(await seen(asking({ email: ADA }))).toEqual([]);
    expect(await seen(asking({ email_verified: true }))).toEqual([]);
  });

  it("as long as the issuer asserts it", async () => {
    const sub = uniqueName("sub");
    expect(await seen(asking({ sub, email: ADA, email_verified: true }))).toEqual([ADA]);
    expect(await seen(asking({ sub, email: BOB, email_verified: true }))).toEqual([BOB]);
    expect(await seen(asking({ sub, email: BOB, email_verified: false }))).toEqual([]);
    expect(await seen(asking({ sub, email: BOB, email_verified: true }))).toEqual([BOB]);
    expect(await seen(asking({ sub }))).toEqual([]);
  });
});

describe("$user.<attribute> has the value of the claim that it is mapped to", () => {
  const asking = claiming("by_team");

  it("where that is one of the attribute", async () => {
    expect(await seen(asking({ app: { team: "a" } }))).toEqual([ADA]);
    expect(await seen(asking({ "app.team": "b" }))).toEqual([BOB]);
    expect(await seen(asking({}))).toEqual([]);
    for (const team of ["a".repeat(11), 1, true, ["a"], { a: 1 }, null]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await seen(asking({ app: { team } }))).toEqual([]);
    }
    const byLevel = { roles: ["by_level"] };
    expect(await seen(asking({ ...byLevel, level: 2 }))).toEqual([BOB]);
    expect(await seen(asking({ ...byLevel, level: "2" }))).toEqual([BOB]);
    expect(await seen(asking({ ...byLevel, level: 2.5 }))).toEqual([]);
  });

  it("as long as it is claimed, also where what is claimed by then is none", async () => {
    const sub = uniqueName("sub");
    expect(await seen(asking({ sub, app: { team: "a" } }))).toEqual([ADA]);
    expect(await seen(asking({ sub, app: { team: ["a"] } }))).toEqual([]);
    expect(await seen(asking({ sub, app: { team: "a" } }))).toEqual([ADA]);
    expect(await seen(asking({ sub }))).toEqual([]);
  });

  it("and what is not mapped stays as it was written", async () => {
    const sub = uniqueName("sub");
    const { id } = await viewerOf(world, asking({ sub, app: { team: "a" } }));
    await world.ask(
      `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }`,
      {
        variables: { input: { id, attributes: { desk: "7" }, organization: "Acme" } },
      },
    );
    await viewerOf(world, asking({ sub, app: { team: "a" }, organization: "Evil" }));
    const { user } = await world.ask<{ user: unknown }>(
      `query ($id: ID!) { user(id: $id) { attributes organization } }`,
      { variables: { id } },
    );

    expect(user).toEqual({ attributes: { desk: "7", team: "a" }, organization: "Acme" });
  });
});

it("A change of what row filters name is a change of rights; of a name, or of what none names, it is none", async () => {
  const version = async () => {
    const { rows } = await world.database.pool.query<{ rights_version: string }>(
      "SELECT rights_version FROM tenant WHERE id = $1",
      [world.tenantId],
    );
    return Number(rows[0]?.rights_version);
  };
  const sub = uniqueName("sub");
  await viewerOf(world, provider.as({ sub }));
  const before = await version();
  await viewerOf(world, provider.as({ sub, given_name: "Ada", email: ADA }));
  await viewerOf(world, provider.as({ sub, floor: "7" }));
  expect(await version()).toBe(before);
  await viewerOf(world, provider.as({ sub, app: { team: "a" } }));
  expect(await version()).toBe(before + 1);
  await viewerOf(world, provider.as({ sub, email: ADA, email_verified: true, app: { team: "a" } }));
  expect(await version()).toBe(before + 2);
});

it("Requests at once that each say something else are all answered", async () => {
  const sub = uniqueName("sub");
  const claims = (index: number) => ({
    sub,
    app: { team: index % 2 === 0 ? "a" : "b" },
    given_name: `Ada ${index}`,
  });
  await viewerOf(world, provider.as(claims(0)));
  const viewers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => viewerOf(world, provider.as(claims(index)))),
  );

  expect(new Set(viewers.map(({ id }) => id)).size).toBe(1);
});

it("Nothing commits by what the issuer has taken away meanwhile", async () => {
  const sub = uniqueName("sub");
  const own = { sub, roles: ["by_team"] };
  await viewerOf(world, provider.as({ ...own, app: { team: "a" } }));
  const { pool } = world.database;
  const client = await pool.connect();
  try {
    // A mutation is on its way that has used the rights of before, and holds them.
    await client.query("BEGIN");
    await client.query("SELECT FROM tenant WHERE id = $1 FOR SHARE", [world.tenantId]);
    let isKnown = false;
    const changed = viewerOf(world, provider.as({ ...own, app: { team: "b" } })).then((viewer) => {
      isKnown = true;
      return viewer;
    });
    await sleep(100);
    expect(isKnown).toBe(false);
    const { rows } = await client.query<{ team: string }>(
      "SELECT attributes ->> 'team' AS team FROM app_user WHERE tenant_id = $1 AND subject = $2",
      [world.tenantId, sub],
    );
    expect(rows).toEqual([{ team: "a" }]);
    await client.query("COMMIT");
    await changed;
  } finally {
    client.release();
  }
});

it("What no claim is mapped to stays as it was written", async () => {
  const unmapped = { email: null, firstName: null, lastName: null, roles: "roles" };
  const own = await trusting(world, { claims: unmapped });
  const said = { email: BOB, email_verified: true, given_name: "Bob", family_name: "Evil" };
  const asking = () => own.as({ ...said, roles: ["by_email"] });
  const { id } = await viewerOf(world, own.as(said));
  expect(await seen(asking())).toEqual([]);
  await world.ask(
    `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }`,
    { variables: { input: { id, email: ADA, firstName: "Ada", lastName: "King" } } },
  );

  expect(await seen(asking())).toEqual([ADA]);
  expect(await viewerOf(world, own.as(said))).toMatchObject({ id, name: "Ada King" });
  await own.stop();
});

describe("A JWT that is older than the one by which its user is known", () => {
  const older = { iat: Math.floor(world.now().getTime() / 1000) - 60 };

  it("brings back nothing that was taken away since, and is accepted", async () => {
    const asking = claiming("by_team");
    const sub = uniqueName("sub");
    const before = asking({ sub, app: { team: "a" }, ...older });
    expect(await seen(before)).toEqual([ADA]);
    expect(await seen(asking({ sub, app: { team: "b" } }))).toEqual([BOB]);

    const written = await eventsDuring(world, async () => {
      expect(await seen(before)).toEqual([BOB]);
    });
    expect(written).toEqual([]);
    expect(await seen(asking({ sub, app: { team: "a" } }))).toEqual([ADA]);
  });

  it("counts from the newest on, also of those that said the same", async () => {
    const asking = claiming("by_team");
    const sub = uniqueName("sub");
    const by = (seconds: number, team: string) =>
      asking({ sub, app: { team }, iat: older.iat - seconds });
    expect(await seen(by(200, "a"))).toEqual([ADA]);
    expect(await seen(by(0, "a"))).toEqual([ADA]);
    expect(await seen(by(100, "b"))).toEqual([ADA]);
  });

  it("has the roles that it claims", async () => {
    const sub = uniqueName("sub");
    await viewerOf(world, provider.as({ sub }));
    const { roles } = await viewerOf(world, provider.as({ sub, roles: ["by_team"], ...older }));
    expect(roles).toContain("by_team");
  });
});
