import { beforeEach, describe, expect, it } from "vitest";
import { aWorld, type MadeUser, type World } from "../../support/world.ts";

const UPDATE = `mutation ($input: UpdateUserInput!) {
  updateUser(input: $input) { user { email emailVerified } } }`;

const UPDATE_ME = `mutation ($input: UpdateMeInput!) { updateMe(input: $input) { user { email } } }`;
const VERIFY = `mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { done } }`;

let world: World;
let user: MadeUser;

beforeEach(async () => {
  world = await aWorld();
  user = await world.user();
});

/** What the address is told that the user had at first. */
const LEFT = () => ({ kind: "EMAIL_CHANGED", email: user.email, token: null });

/** Sets the address of the user. @returns What is then known of it. */
async function set(key: string, email = "new@example.com") {
  const { updateUser } = await world.ask<{ updateUser: { user: object } }>(UPDATE, {
    key,
    variables: { input: { id: user.id, email } },
  });
  return updateUser.user;
}

const WRITING = ["user::update", "user::update_email", "user::get_email"];

describe("An address", () => {
  it("that is set by whoever may grant anything is proved, and the old one alone is told", async () => {
    const key = await world.key({ roles: [{ permissions: [...WRITING, "grant::any"] }] });
    expect(await set(key)).toEqual({ email: "new@example.com", emailVerified: true });
    expect(world.messages).toMatchObject([LEFT()]);
  });

  it("that is set by others is proved by what is sent to it alone", async () => {
    const key = await world.key({ roles: [{ permissions: WRITING }] });
    expect(await set(key)).toEqual({ email: "new@example.com", emailVerified: false });
    expect(world.messages).toMatchObject([
      { kind: "VERIFY_EMAIL", email: "new@example.com" },
      LEFT(),
    ]);
  });

  it("that is set anew as it was is left by nobody", async () => {
    await set(world.admin, user.email);
    expect(world.messages).toEqual([]);
  });

  it("in other letters is asked for like another, since row filters tell them apart", async () => {
    const session = await world.login(user);
    const email = user.email.toUpperCase();
    const input = { email, currentPassword: user.password };
    const ask = () => world.ask(UPDATE_ME, { key: session, variables: { input } });

    expect(await ask()).toEqual({ updateMe: { user: { email: user.email } } });
    expect(world.messages).toMatchObject([{ kind: "VERIFY_EMAIL", email }]);
    const token = world.messages[0]?.token;
    await world.ask(VERIFY, {
      key: null,
      variables: { input: { ...(await world.system()), token, password: user.password } },
    });
    expect(world.messages.slice(1)).toMatchObject([LEFT()]);
    expect(await ask()).toEqual({ updateMe: { user: { email } } });
    expect(world.messages.slice(2)).toEqual([]);
  });

  it("of its own a user sets in no such way, whatever it may", async () => {
    const role = await world.role({ permissions: [...WRITING, "grant::any"] });
    await world.ask(
      `mutation ($input: AssignRolesInput!) { assignRoles(input: $input) { user { id } } }`,
      { variables: { input: { userId: user.id, roleIds: [role] } } },
    );
    const session = await world.login(user);
    await expect(set(session)).rejects.toThrow("changed by `updateMe`");
    expect(world.messages).toEqual([]);
  });
});
