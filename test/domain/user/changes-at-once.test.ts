import { beforeEach, describe, expect, it, test } from "vitest";
import { aWorld, type World } from "../../support/world.ts";

const SET = `mutation ($input: SetUserAttributesInput!) { setUserAttributes(input: $input) { tenant { id } } }`;
const UPDATE_ME = `mutation ($input: UpdateMeInput!) { updateMe(input: $input) { user { id } } }`;
const UPDATE = `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }`;
const REGISTER = `mutation ($input: RegisterUserInput!) { registerUser(input: $input) { user { id } } }`;

const REQUEST_RESET = `mutation ($input: RequestTokenInput!) { requestPasswordReset(input: $input) { done } }`;
const RESET = `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { done } }`;

const ROUNDS = Array.from({ length: 10 }, (_, round) => `v${round}`);

let world: World;

beforeEach(async () => {
  world = await aWorld();
  const attributes = ["one", "two"].map((name) => ({ name, type: "TEXT", editable: true }));
  await world.ask(SET, { variables: { input: { attributes } } });
});

describe("Of two changes of a user at once", () => {
  test.each(["itself", "another"])("both are kept where the second is by %s", async (who) => {
    const user = await world.user();
    const session = await world.login(user);
    const known = async () => {
      const { viewer } = await world.ask<{ viewer: { user: { attributes: object } } }>(
        "{ viewer { user { attributes } } }",
        { key: session },
      );
      return viewer.user.attributes;
    };
    const kept: object[] = [];
    for (const value of ROUNDS) {
      const one = { attributes: { one: value } };
      const two = { attributes: { two: value } };
      // oxlint-disable-next-line no-await-in-loop
      await Promise.all([
        world.ask(UPDATE_ME, { key: session, variables: { input: one } }),
        who === "itself"
          ? world.ask(UPDATE_ME, { key: session, variables: { input: two } })
          : world.ask(UPDATE, { variables: { input: { id: user.id, ...two } } }),
      ]);
      // oxlint-disable-next-line no-await-in-loop
      kept.push(await known());
    }
    expect(kept).toEqual(ROUNDS.map((value) => ({ one: value, two: value })));
  });
});

describe("Of tokens that are asked for at once", () => {
  it("one is accepted", async () => {
    const { email } = await world.user();
    const system = await world.system();
    const request = () =>
      world.run(REQUEST_RESET, { key: null, variables: { input: { ...system, email } } });
    const answers = await Promise.all(Array.from({ length: 8 }, request));
    expect(answers.flatMap(({ errors }) => errors)).toEqual([]);

    const { rows } = await world.database.pool.query(
      "SELECT id FROM one_time_token WHERE tenant_id = $1",
      [world.tenantId],
    );
    expect([world.messages.length, rows.length]).toEqual([8, 1]);
    const accepted: (string | null)[] = [];
    for (const { token } of world.messages) {
      const input = { ...system, token, password: "another long phrase" };
      // oxlint-disable-next-line no-await-in-loop
      const { errors } = await world.run(RESET, { key: null, variables: { input } });
      if (errors.length === 0) accepted.push(token);
    }
    expect(accepted).toHaveLength(1);
  });
});

describe("Attributes that are no object", () => {
  it.each([false, 0, "", []])("are refused, such as %j", async (attributes) => {
    const user = await world.user();
    const session = await world.login(user);
    const { id } = user;
    const answers = [
      await world.run(UPDATE, { variables: { input: { id, attributes } } }),
      await world.run(UPDATE_ME, { key: session, variables: { input: { attributes } } }),
      await world.run(REGISTER, { variables: { input: { email: "a@example.com", attributes } } }),
    ];
    expect(answers.map(({ errors }) => errors[0]?.extensions.code)).toEqual(
      answers.map(() => "BAD_USER_INPUT"),
    );
  });

  it("are none where they are null: all stay as they are", async () => {
    const user = await world.user({ attributes: { one: "kept" } });
    const session = await world.login(user);
    const input = { attributes: null };
    await world.ask(UPDATE, { variables: { input: { id: user.id, ...input } } });
    await world.ask(UPDATE_ME, { key: session, variables: { input } });
    expect(await world.ask("{ viewer { user { attributes } } }", { key: session })).toEqual({
      viewer: { user: { attributes: { one: "kept" } } },
    });
  });
});
