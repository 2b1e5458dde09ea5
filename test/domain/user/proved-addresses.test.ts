import { beforeEach, describe, expect, it } from "vitest";
import { aWorld, type MadeUser, type World } from "../../support/world.ts";

const UPDATE = `mutation ($input: UpdateUserInput!) {
  updateUser(input: $input) { user { email emailVerified } } }`;

let world: World;
let user: MadeUser;

beforeEach(async () => {
  world = await aWorld();
  user = await world.user();
});

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
  it("that is set by whoever may grant anything is proved, and nothing is sent to it", async () => {
    const key = await world.key({ roles: [{ permissions: [...WRITING, "grant::any"] }] });
    expect(await set(key)).toEqual({ email: "new@example.com", emailVerified: true });
    expect(world.messages).toEqual([]);
  });

  it("that is set by others is proved by what is sent to it alone", async () => {
    const key = await world.key({ roles: [{ permissions: WRITING }] });
    expect(await set(key)).toEqual({ email: "new@example.com", emailVerified: false });
    expect(world.messages).toMatchObject([{ kind: "VERIFY_EMAIL", email: "new@example.com" }]);
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
