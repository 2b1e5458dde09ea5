import { beforeEach, describe, expect, it, test } from "vitest";
import { aWorld, type World } from "../../support/world.ts";

const SET = `mutation ($input: SetUserAttributesInput!) { setUserAttributes(input: $input) { tenant { id } } }`;
const UPDATE_ME = `mutation ($input: UpdateMeInput!) { updateMe(input: $input) { user { id } } }`;
const UPDATE = `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }`;
const REGISTER = `mutation ($input: RegisterUserInput!) { registerUser(input: $input) { user { id } } }`;

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
