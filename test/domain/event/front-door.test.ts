import { describe, expect, it } from "vitest";
import { aWorld, uniqueName, type World } from "../../support/world.ts";
import { eventsOf, inShort } from "./log.ts";

const PASSWORD = "a long enough phrase";

const REGISTER_AND_LOGIN = `mutation ($register: RegisterUserInput!, $login: LoginInput!) {
  registerUser(input: $register) { user { id } }
  login(input: $login) { userId }
}`;

const TWO_LOGINS = `mutation ($one: LoginInput!, $other: LoginInput!) {
  login(input: $one) { userId }
  other: login(input: $other) { userId }
}`;

const someone = () => ({ email: `${uniqueName("user")}@example.com`, password: PASSWORD });

/** What is in the log of a world that did not go well. */
async function unwell(world: World) {
  const events = await eventsOf(world);
  return events
    .map(inShort)
    .filter(({ outcome }) => outcome !== "ALLOWED")
    .map(({ name, outcome, reason }) => ({ name, outcome, reason }));
}

const WRONG = { name: "system::authenticate", outcome: "FAILED", reason: "WRONG_SECRET" };

const roll = (world: World) => world.ask("mutation { rollSystemSecret { systemKey } }");

describe("What happens at the front doors of two tenants in one request", () => {
  it("is in the log of the one at whose door it happened", async () => {
    const [one, other] = [await aWorld(), await aWorld()];
    const user = await other.user();
    const register = { ...(await one.system()), ...someone() };
    const login = { ...(await other.system()), email: user.email, password: user.password };
    const { data } = await one.run(REGISTER_AND_LOGIN, {
      key: null,
      variables: { register, login },
    });

    expect(data).toEqual({ registerUser: null, login: { userId: user.id } });
    expect(await unwell(one)).toEqual([
      { name: "user::register", outcome: "DENIED", reason: "PERMISSION user::register" },
    ]);
    expect(await unwell(other)).toEqual([]);
  });

  it("is told to both where it is the same, and by whoever came through", async () => {
    const [one, other] = [await aWorld(), await aWorld()];
    const user = await one.user();
    const [good, stale] = [await one.system(), await other.system()];
    await roll(other);
    const variables = {
      one: { ...good, email: user.email, password: user.password },
      other: { ...stale, ...someone() },
    };
    await one.run(TWO_LOGINS, { key: null, variables });
    expect([await unwell(one), await unwell(other)]).toEqual([[], [WRONG]]);

    await roll(one);
    await one.run(TWO_LOGINS, { key: null, variables });
    expect([await unwell(one), (await unwell(other)).length]).toEqual([[WRONG], 1]);
  });

  it("is told at each of those that did not open", async () => {
    const [one, other] = [await aWorld(), await aWorld()];
    const variables = {
      one: { ...(await one.system()), ...someone() },
      other: { ...(await other.system()), ...someone() },
    };
    await roll(one);
    await roll(other);
    await one.run(TWO_LOGINS, { key: null, variables });
    expect([await unwell(one), await unwell(other)]).toEqual([[WRONG], [WRONG]]);
  });
});

describe("A wrong system secret", () => {
  it("is one event, also of a request that names the tenant besides", async () => {
    const world = await aWorld();
    const stale = await world.system();
    await roll(world);
    const asking = { key: null, headers: { "x-fieldgate-tenant": world.slug } };
    const variables = { one: { ...stale, ...someone() }, other: { ...stale, ...someone() } };
    await world.run(TWO_LOGINS, { ...asking, variables });

    expect(await unwell(world)).toEqual([WRONG]);
  });

  it("is one whatever it looks like, and the answer says what to do", async () => {
    const stranger = await aWorld();
    for (const systemSecret of ["", "x", stranger.admin, (await stranger.system()).systemSecret]) {
      // oxlint-disable-next-line no-await-in-loop
      const world = await aWorld();
      // oxlint-disable-next-line no-await-in-loop
      const { systemKey } = await world.system();
      const wrong = { systemKey, systemSecret, ...someone() };
      // oxlint-disable-next-line no-await-in-loop
      const { errors, status } = await world.run(TWO_LOGINS, {
        key: null,
        variables: { one: wrong, other: wrong },
      });

      expect(errors.map(({ extensions }) => extensions.code)).toEqual([
        "UNAUTHENTICATED",
        "UNAUTHENTICATED",
      ]);
      expect([status, errors[0]?.message]).toEqual([
        401,
        expect.stringContaining("rollSystemSecret") as string,
      ]);
      // oxlint-disable-next-line no-await-in-loop
      expect(await unwell(world)).toEqual([WRONG]);
    }
  });
});
