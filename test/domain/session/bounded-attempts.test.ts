import { describe, expect, it } from "vitest";
import { aWorld, type MadeUser, type World } from "../../support/world.ts";

const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) { deviceToken } }`;
const WRONG = "a wrong long phrase";

interface LoggedIn {
  readonly login: { readonly deviceToken: string };
}

async function login(of: World, input: object, ip: string) {
  const variables = { input: { ...(await of.system()), ...input } };
  const { data, errors } = await of.run<LoggedIn>(LOGIN, { key: null, variables, ip });
  return { code: errors[0]?.extensions.code ?? "OK", mark: data?.login?.deviceToken };
}

/** Tries so often to log in with a wrong password, each time from another address. */
async function guess(of: World, { email }: MadeUser, times: number): Promise<string[]> {
  await of.system();
  const tries = Array.from({ length: times }, (_none, place) =>
    login(of, { email, password: WRONG }, `192.0.2.${place}`),
  );
  return (await Promise.all(tries)).map(({ code }) => code);
}

describe("Attempts at an account", () => {
  it("are no more for whoever comes from many addresses", async () => {
    const own = await aWorld();
    const codes = await guess(own, await own.user(), 15);
    expect(codes.filter((code) => code === "RATE_LIMITED")).toHaveLength(5);
  });

  it("from a device are as those of strangers after half a year", async () => {
    const own = await aWorld();
    const user = await own.user();
    const right = { email: user.email, password: user.password };
    const { mark: old } = await login(own, right, "192.0.2.1");
    own.wait(179 * 24 * 60 * 60);
    await guess(own, user, 12);
    expect(await login(own, { ...right, deviceToken: old }, "192.0.2.1")).toMatchObject({
      code: "OK",
    });
    own.wait(2 * 24 * 60 * 60);
    await guess(own, user, 12);
    expect(await login(own, { ...right, deviceToken: old }, "192.0.2.1")).toMatchObject({
      code: "RATE_LIMITED",
    });
  });
});

const tryInVain = (of: World, email: string) => login(of, { email, password: WRONG }, "192.0.2.1");

/** Uses up the failures of an address. */
async function useUpAddress(of: World): Promise<void> {
  await tryInVain(of, "nobody@example.com");
  // As if there had been so many: 299 logins would take long.
  await of.database.pool.query(
    `UPDATE login_attempt SET at = array_fill(at[1], ARRAY[299]) WHERE tenant_id = $1`,
    [of.tenantId],
  );
  expect((await tryInVain(of, "somebody@example.com")).code).toBe("UNAUTHENTICATED");
  expect((await tryInVain(of, "another@example.com")).code).toBe("RATE_LIMITED");
}

describe("Attempts from one address", () => {
  it("are 300 in 15 minutes over all accounts, and others are not held up by them", async () => {
    const own = await aWorld();
    const user = await own.user();
    const right = { email: user.email, password: user.password };
    await useUpAddress(own);
    expect((await login(own, right, "192.0.2.1")).code).toBe("RATE_LIMITED");
    expect((await login(own, right, "192.0.2.2")).code).toBe("OK");
  });

  it("do not hold up a device there that the account knows", async () => {
    const own = await aWorld();
    const { email, password } = await own.user();
    const { mark } = await login(own, { email, password }, "192.0.2.1");
    // What was tried before does not count any more.
    own.wait(16 * 60);
    await useUpAddress(own);
    const outcomes = [undefined, mark].map((deviceToken) =>
      login(own, { email, password, deviceToken }, "192.0.2.1"),
    );
    expect((await Promise.all(outcomes)).map(({ code }) => code)).toEqual(["RATE_LIMITED", "OK"]);
  });
});
