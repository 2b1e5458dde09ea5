import { describe, expect, it } from "vitest";
import { decodeId } from "../../../src/db/id.ts";
import { aWorld, type World } from "../../support/world.ts";
import { eventsOf } from "../event/log.ts";

const REQUEST_RESET = `mutation ($input: RequestTokenInput!) { requestPasswordReset(input: $input) { done } }`;
const REQUEST_EMAIL = `mutation ($input: RequestTokenInput!) { requestEmailVerification(input: $input) { done } }`;
const RESET = `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { done deviceToken } }`;
const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) { userId } }`;
const VERIFY = `mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { done } }`;
const UPDATE_ME = `mutation ($input: UpdateMeInput!) { updateMe(input: $input) { user { email emailVerified } } }`;
const OLD = "a long enough phrase";
const NEW = "an even longer phrase";

async function atTheDoor(world: World, document: string, input: object) {
  const variables = { input: { ...(await world.system()), ...input } };
  return await world.run(document, { key: null, variables });
}

const codes = ({ errors }: { errors: readonly { extensions: { code?: string } }[] }) =>
  errors.map(({ extensions }) => extensions.code);

async function statusOf(world: World, session: string) {
  return (await world.run("{ viewer { id } }", { key: session })).status;
}

/** The token that was sent last. */
const sent = (world: World) => world.messages.at(-1)?.token ?? "";

describe("A password", () => {
  it("is reset by a token that is sent to the address, once, and all sessions end", async () => {
    const world = await aWorld();
    const { email } = await world.user();
    const session = await world.login({ email, password: OLD });
    await atTheDoor(world, REQUEST_RESET, { email });
    const token = sent(world);

    expect(world.messages.at(-1)).toMatchObject({
      kind: "RESET_PASSWORD",
      tenant: world.slug,
      email,
      token: expect.stringMatching(/^fgo_[0-9A-Za-z]{92}$/) as string,
    });
    expect(codes(await atTheDoor(world, RESET, { token, password: "short" }))).toEqual([
      "BAD_USER_INPUT",
    ]);
    expect(codes(await atTheDoor(world, RESET, { token, password: NEW }))).toEqual([]);
    expect(codes(await atTheDoor(world, RESET, { token, password: NEW }))).toEqual(["NOT_FOUND"]);
    expect(await statusOf(world, session)).toBe(401);
    await expect(world.login({ email, password: OLD })).rejects.toThrow("Unknown email");
    expect(await statusOf(world, await world.login({ email, password: NEW }))).toBe(200);
  });

  it("that was forgotten is used at once where it was reset, however often others were tried", async () => {
    const world = await aWorld();
    const { email } = await world.user();
    const login = async (password: string, deviceToken?: string) =>
      codes(await atTheDoor(world, LOGIN, { email, password, deviceToken }));
    for (let attempt = 1; attempt <= 10; attempt += 1) await login("what was it again");
    await atTheDoor(world, REQUEST_RESET, { email });
    const { data } = await world.run<{ resetPassword: { deviceToken: string } }>(RESET, {
      key: null,
      variables: { input: { ...(await world.system()), token: sent(world), password: NEW } },
    });

    expect(await login(NEW)).toEqual(["RATE_LIMITED"]);
    expect(await login(NEW, data?.resetPassword.deviceToken)).toEqual([]);
  });

  it("is not reset by a token that was replaced, is too old, is another's, or was sent to an address that was left", async () => {
    const world = await aWorld();
    const user = await world.user();
    const request = async () => {
      await atTheDoor(world, REQUEST_RESET, { email: user.email });
      return sent(world);
    };
    const reset = async (token: string) =>
      codes(await atTheDoor(world, RESET, { token, password: NEW }));
    const replaced = await request();
    const aged = await request();
    expect(await reset(replaced)).toEqual(["NOT_FOUND"]);
    world.wait(60 * 60 + 1);
    expect(await reset(aged)).toEqual(["NOT_FOUND"]);
    expect(await reset("fgo_x")).toEqual(["NOT_FOUND"]);

    const other = await aWorld();
    const { email } = await other.user();
    await atTheDoor(other, REQUEST_RESET, { email });
    expect(await reset(sent(other))).toEqual(["NOT_FOUND"]);

    const left = await request();
    await world.ask(
      `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }`,
      {
        variables: { input: { id: user.id, email: "moved@example.com" } },
      },
    );
    expect(await reset(left)).toEqual(["NOT_FOUND"]);

    // As where it is asked for while the address is changed.
    const { id } = await world.user({ email: "stays@example.com" });
    const made = async (sentTo: string) => {
      await atTheDoor(world, REQUEST_RESET, { email: "stays@example.com" });
      await world.database.pool.query(
        "UPDATE one_time_token SET email = $1 WHERE tenant_id = $2 AND user_id = $3",
        [sentTo, world.tenantId, decodeId("User", id)],
      );
      return await reset(sent(world));
    };
    expect(await made("left@example.com")).toEqual(["NOT_FOUND"]);
    expect(await made("stays@example.com")).toEqual([]);
  });

  it("is asked for of any address with the same answer, and ten times in 15 minutes", async () => {
    const world = await aWorld();
    const { email } = await world.user();
    const known = await atTheDoor(world, REQUEST_RESET, { email });
    const before = world.messages.length;
    const unknown = await atTheDoor(world, REQUEST_RESET, { email: "nobody@example.com" });

    expect(unknown.text).toBe(known.text);
    expect(world.messages).toHaveLength(before);
    const more = await Promise.all(
      Array.from({ length: 12 }, () => atTheDoor(world, REQUEST_RESET, { email })),
    );
    expect(more.flatMap(codes)).toEqual(Array.from({ length: 3 }, () => "RATE_LIMITED"));
  });

  it("is changed with the one of now, and the other sessions end", async () => {
    const world = await aWorld();
    const { email } = await world.user();
    const [one, other] = [
      await world.login({ email, password: OLD }),
      await world.login({ email, password: OLD }),
    ];
    const change = async (input: object) =>
      codes(await world.run(UPDATE_ME, { key: one, variables: { input } }));

    expect(await change({ password: NEW })).toEqual(["BAD_USER_INPUT"]);
    // The session is still good: a client that takes it for gone would be wrong.
    expect(await change({ password: NEW, currentPassword: NEW })).toEqual(["BAD_USER_INPUT"]);
    const [failed] = await eventsOf(world, { name: "viewer::update", outcome: "FAILED" });
    expect(failed).toMatchObject({ reason: "WRONG_SECRET" });
    expect(await change({ password: NEW, currentPassword: OLD })).toEqual([]);
    expect([await statusOf(world, one), await statusOf(world, other)]).toEqual([200, 401]);
    expect(await statusOf(world, await world.login({ email, password: NEW }))).toBe(200);
  });
});

async function registered(world: World, input: object): Promise<void> {
  await world.ask(
    `mutation ($input: RegisterUserInput!) { registerUser(input: $input) { user { id } } }`,
    { variables: { input: { email: "ada@example.com", ...input } } },
  );
}

describe("A user that is registered without a password", () => {
  it("is sent a token to set one, where its address counts as verified", async () => {
    const world = await aWorld();
    await registered(world, {});
    expect(world.messages).toMatchObject([{ kind: "RESET_PASSWORD", email: "ada@example.com" }]);
    const input = { token: sent(world), password: NEW };
    expect(codes(await atTheDoor(world, RESET, input))).toEqual([]);
    expect(await world.login({ email: "ada@example.com", password: NEW })).toMatch(/^fgs_/);
  });

  it("is sent none where it has one, or is a program", async () => {
    const world = await aWorld();
    await registered(world, { password: OLD });
    await registered(world, { email: "robot@example.com", serviceAccount: true });
    expect(world.messages).toEqual([]);
  });
});

describe("An address", () => {
  it("is not verified with a wrong password, and nothing is lost by a typing error", async () => {
    const world = await aWorld();
    const email = "ada@example.com";
    const key = await world.key({ roles: [{ permissions: ["user::register"] }] });
    const variables = { input: { email, password: OLD } };
    await world.ask(
      `mutation ($input: RegisterUserInput!) { registerUser(input: $input) { user { id } } }`,
      { key, variables },
    );
    const token = sent(world);
    const session = await world.login({ email, password: OLD });
    const verify = async (input: object) =>
      codes(await atTheDoor(world, VERIFY, { token, ...input }));

    expect(await verify({ password: "another long phrase" })).toEqual(["BAD_USER_INPUT"]);
    expect(await statusOf(world, session)).toBe(200);
    expect(await verify({ password: OLD })).toEqual([]);
    expect(await statusOf(world, session)).toBe(200);
    expect(await world.login({ email, password: OLD })).toMatch(/^fgs_/);
  });

  it("that its user changes is the old one until the token is presented that was sent to the new", async () => {
    const world = await aWorld();
    const { email } = await world.user();
    const session = await world.login({ email, password: OLD });
    const input = { email: "new@example.com", currentPassword: OLD };
    expect(await world.ask(UPDATE_ME, { key: session, variables: { input } })).toEqual({
      updateMe: { user: { email, emailVerified: true } },
    });
    expect(world.messages.at(-1)).toMatchObject({ kind: "VERIFY_EMAIL", email: "new@example.com" });
    const token = sent(world);
    const proved = { token, password: OLD };
    expect(codes(await atTheDoor(world, VERIFY, proved))).toEqual([]);
    expect(world.messages.at(-1)).toMatchObject({ kind: "EMAIL_CHANGED", email, token: null });
    expect(codes(await atTheDoor(world, VERIFY, proved))).toEqual(["NOT_FOUND"]);
    await expect(world.login({ email, password: OLD })).rejects.toThrow("Unknown email");
    expect(
      await statusOf(world, await world.login({ email: "new@example.com", password: OLD })),
    ).toBe(200);
  });

  it("that has become another's is a conflict, and a token sets no password", async () => {
    const world = await aWorld();
    const { email } = await world.user();
    const session = await world.login({ email, password: OLD });
    const input = { email: "wanted@example.com", currentPassword: OLD };
    await world.ask(UPDATE_ME, { key: session, variables: { input } });
    const token = sent(world);
    await world.user({ email: "wanted@example.com" });

    expect(codes(await atTheDoor(world, RESET, { token, password: NEW }))).toEqual(["NOT_FOUND"]);
    expect(codes(await atTheDoor(world, VERIFY, { token }))).toEqual(["CONFLICT"]);
  });

  it("is verified again by another token while it is not, and else nothing is sent", async () => {
    const world = await aWorld();
    const key = await world.key({ roles: [{ permissions: ["user::register", "user::get"] }] });
    const input = { email: "new@example.com", password: OLD };
    await world.ask(
      `mutation ($input: RegisterUserInput!) { registerUser(input: $input) { user { id } } }`,
      { key, variables: { input } },
    );
    const first = sent(world);
    await atTheDoor(world, REQUEST_EMAIL, { email: input.email });
    const second = sent(world);
    expect(second).not.toBe(first);
    expect(codes(await atTheDoor(world, VERIFY, { token: first }))).toEqual(["NOT_FOUND"]);
    expect(codes(await atTheDoor(world, VERIFY, { token: second }))).toEqual([]);
    const before = world.messages.length;
    await atTheDoor(world, REQUEST_EMAIL, { email: input.email });
    expect(world.messages).toHaveLength(before);
  });

  it("is verified by no token that sets a password, and a token that verifies it sets none", async () => {
    const world = await aWorld();
    const key = await world.key({ roles: [{ permissions: ["user::register"] }] });
    const input = { email: "new@example.com", password: OLD };
    await world.ask(
      `mutation ($input: RegisterUserInput!) { registerUser(input: $input) { user { id } } }`,
      { key, variables: { input } },
    );
    const verifying = sent(world);
    await atTheDoor(world, REQUEST_RESET, { email: input.email });
    const resetting = sent(world);
    const reset = { token: verifying, password: NEW };
    expect(codes(await atTheDoor(world, RESET, reset))).toEqual(["NOT_FOUND"]);
    expect(codes(await atTheDoor(world, VERIFY, { token: resetting }))).toEqual(["NOT_FOUND"]);
    expect(codes(await atTheDoor(world, VERIFY, { token: verifying }))).toEqual([]);
    // What was sent before is used up with it.
    expect(codes(await atTheDoor(world, RESET, { ...reset, token: resetting }))).toEqual([
      "NOT_FOUND",
    ]);
  });
});

describe("Whoever named an address and does not read its mail", () => {
  it("loses password and sessions when it is verified without the password", async () => {
    const world = await aWorld();
    await world.ask(
      "mutation { updateTenant(input: { openRegistration: true }) { tenant { id } } }",
    );
    const input = { email: "ceo@example.com", password: OLD };
    await atTheDoor(
      world,
      `mutation ($input: RegisterUserInput!) { registerUser(input: $input) { user { id } } }`,
      input,
    );
    const session = await world.login(input);
    expect(await statusOf(world, session)).toBe(200);
    expect(codes(await atTheDoor(world, VERIFY, { token: sent(world) }))).toEqual([]);
    expect(await statusOf(world, session)).toBe(401);
    await expect(world.login(input)).rejects.toThrow("Unknown email");

    await atTheDoor(world, REQUEST_RESET, { email: input.email });
    await atTheDoor(world, RESET, { token: sent(world), password: NEW });
    expect(await statusOf(world, await world.login({ ...input, password: NEW }))).toBe(200);
  });

  it.each(["by mail", "with the old one", "everywhere"])(
    "takes no account back whose owner ended it %s",
    async (how) => {
      const world = await aWorld();
      const { email } = await world.user();
      const thief = await world.login({ email, password: OLD });
      await world.ask(UPDATE_ME, {
        key: thief,
        variables: { input: { email: "thief@example.com", currentPassword: OLD } },
      });
      const token = sent(world);
      const owner = await world.login({ email, password: OLD });
      if (how === "by mail") {
        await atTheDoor(world, REQUEST_RESET, { email });
        await atTheDoor(world, RESET, { token: sent(world), password: NEW });
      } else if (how === "everywhere") {
        await world.ask("mutation { logout(input: { everywhere: true }) { endedSessions } }", {
          key: owner,
        });
      } else {
        await world.ask(UPDATE_ME, {
          key: owner,
          variables: { input: { password: NEW, currentPassword: OLD } },
        });
      }

      expect(codes(await atTheDoor(world, VERIFY, { token, password: OLD }))).toEqual([
        "NOT_FOUND",
      ]);
    },
  );
});

it("Tokens that are wrong are counted by the address that they come from", async () => {
  const world = await aWorld();
  const clientIp = "203.0.113.7";
  const counted = async () => {
    const { rows } = await world.database.pool.query<{ count: string }>(
      "SELECT coalesce(sum(cardinality(at)), 0)::text AS count FROM login_attempt WHERE tenant_id = $1",
      [world.tenantId],
    );
    return Number(rows[0]?.count);
  };
  const before = await counted();
  const reset = await atTheDoor(world, RESET, { token: "fgo_x", password: NEW, clientIp });
  const verify = await atTheDoor(world, VERIFY, { token: "fgo_x", clientIp });

  expect([codes(reset), codes(verify)]).toEqual([["NOT_FOUND"], ["NOT_FOUND"]]);
  expect(await counted()).toBe(before + 2);
});

it("Nobody's mailbox is filled by users who say that it is theirs, however many sessions they have", async () => {
  const world = await aWorld();
  const [ada, bob] = [await world.user(), await world.user()];
  const sessions = [await world.login(ada), await world.login(ada), await world.login(bob)];
  const ask = async (key: string, email: string) => {
    const input = { email, currentPassword: OLD };
    return codes(await world.run(UPDATE_ME, { key, variables: { input } }));
  };
  const before = world.messages.length;
  const answers = await Promise.all(
    sessions.flatMap((key) => Array.from({ length: 5 }, () => ask(key, "victim@example.org"))),
  );

  expect(answers.flat()).toEqual(Array.from({ length: 5 }, () => "RATE_LIMITED"));
  expect(world.messages.slice(before)).toHaveLength(10);
  expect(await ask(sessions[2] ?? "", "bob.too@example.org")).toEqual([]);
});
