import { beforeEach, describe, expect, it } from "vitest";
import { aWorld, type World } from "../../support/world.ts";

const REGISTER = `mutation ($input: RegisterUserInput!) { registerUser(input: $input) { user { id } } }`;
const ASSIGN = `mutation ($input: AssignRolesInput!) { assignRoles(input: $input) { user { id } } }`;
const REVOKE = `mutation ($id: ID!) { revokeKey(input: {id: $id}) { key { id } } }`;
const DELETE = `mutation ($id: ID!) { deleteUser(input: {id: $id}) { id } }`;
const VERIFY = `mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { done } }`;
const REQUEST_RESET = `mutation ($input: RequestTokenInput!) { requestPasswordReset(input: $input) { done } }`;
const RESET = `mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { done } }`;

const EMAIL = "ada@example.com";
const PASSWORD = "a long enough phrase";

let world: World;
let administrator: string;

beforeEach(async () => {
  world = await aWorld();
  const { roles } = await world.ask<{ roles: { nodes: { id: string; name: string }[] } }>(
    "{ roles { nodes { id name } } }",
  );
  administrator = roles.nodes.find(({ name }) => name === "administrator")?.id ?? "";
});

type Answer = { errors: readonly { extensions: { code?: string } }[] };

const codeOf = ({ errors }: Answer) => errors[0]?.extensions.code ?? "OK";

/** Registers a user that holds administrator, by somebody who vouches for no address. @returns Its id. */
async function anAdministrator(password?: string): Promise<string> {
  const key = await world.key({ roles: [{ permissions: ["user::register", "user::get"] }] });
  const { registerUser } = await world.ask<{ registerUser: { user: { id: string } } }>(REGISTER, {
    key,
    variables: { input: { email: EMAIL, password } },
  });
  const { id } = registerUser.user;
  await world.ask(ASSIGN, { variables: { input: { userId: id, roleIds: [administrator] } } });
  return id;
}

const revoke = async (id: string, key = world.admin) =>
  codeOf(await world.run(REVOKE, { key, variables: { id } }));
const revokeTheKey = () => revoke(`key_${world.keyId.replaceAll("-", "")}`);
const remove = async (id: string, key = world.admin) =>
  codeOf(await world.run(DELETE, { key, variables: { id } }));

async function atTheDoor(document: string, input: object) {
  const variables = { input: { ...(await world.system()), ...input } };
  return codeOf(await world.run(document, { key: null, variables }));
}

describe("The last key that holds administrator", () => {
  it("is kept where the only user that holds it cannot log in", async () => {
    const id = await anAdministrator();
    await world.system();
    expect(await revokeTheKey()).toBe("CONFLICT");
    expect(await remove(id)).toBe("OK");
  });

  it("that never expires is kept beside one that does, and that one is let go", async () => {
    const expiresAt = new Date(world.now().getTime() + 60_000);
    const { id } = await world.keyWithId({ roles: [administrator], expiresAt });
    expect(await revokeTheKey()).toBe("CONFLICT");
    expect(await revoke(id)).toBe("OK");
  });
});

describe("The last user that holds administrator", () => {
  it("keeps its password when it verifies its address without it", async () => {
    await anAdministrator(PASSWORD);
    const token = world.messages.at(-1)?.token;
    await world.system();
    await revokeTheKey();

    expect(await atTheDoor(VERIFY, { token })).toBe("CONFLICT");
    expect(await atTheDoor(VERIFY, { token, password: "another long phrase" })).toBe(
      "BAD_USER_INPUT",
    );
    await world.login({ email: EMAIL, password: PASSWORD });
    expect(await atTheDoor(VERIFY, { token, password: PASSWORD })).toBe("OK");
  });

  it("sets a new password instead where it does not know the one that there is", async () => {
    await anAdministrator(PASSWORD);
    await world.system();
    await revokeTheKey();
    expect(await atTheDoor(REQUEST_RESET, { email: EMAIL })).toBe("OK");
    const { token } = world.messages.at(-1) ?? {};
    expect(await atTheDoor(RESET, { token, password: "another long phrase" })).toBe("OK");
    await world.login({ email: EMAIL, password: "another long phrase" });
  });

  it("loses its password and goes like any other while there is a key", async () => {
    const id = await anAdministrator(PASSWORD);
    const token = world.messages.at(-1)?.token;
    expect(await atTheDoor(VERIFY, { token })).toBe("OK");
    expect(await remove(id)).toBe("OK");
  });

  it("is kept though it cannot log in, where nobody else is left", async () => {
    const id = await anAdministrator();
    const deleting = await world.key({ roles: [{ permissions: ["user::delete"] }] });
    // As a tenant can be that was so before anybody asked.
    await world.database.pool.query(
      "UPDATE api_key SET revoked_at = now() WHERE tenant_id = $1 AND id = $2",
      [world.tenantId, world.keyId],
    );
    expect(await remove(id, deleting)).toBe("CONFLICT");
  });
});
