import { describe, expect, it } from "vitest";
import { aWorld, type World } from "../../support/world.ts";

const REGISTER = `mutation ($input: RegisterUserInput!) { registerUser(input: $input) { user { id } } }`;
const ASSIGN = `mutation ($input: AssignRolesInput!) { assignRoles(input: $input) { user { id } } }`;
const REVOKE = `mutation ($id: ID!) { revokeKey(input: {id: $id}) { key { id } } }`;
const DELETE = `mutation ($id: ID!) { deleteUser(input: {id: $id}) { id } }`;

/** Registers a user without a password that holds administrator. @returns Its id. */
async function anAdministrator(world: World): Promise<string> {
  const { roles } = await world.ask<{ roles: { nodes: { id: string; name: string }[] } }>(
    "{ roles { nodes { id name } } }",
  );
  const input = { email: "ada@example.com" };
  const { registerUser } = await world.ask<{ registerUser: { user: { id: string } } }>(REGISTER, {
    variables: { input },
  });
  const { id } = registerUser.user;
  const roleIds = roles.nodes.flatMap(({ name, id: role }) =>
    name === "administrator" ? [role] : [],
  );
  await world.ask(ASSIGN, { variables: { input: { userId: id, roleIds } } });
  return id;
}

async function revokeTheKey(world: World) {
  const id = `key_${world.keyId.replaceAll("-", "")}`;
  const { errors } = await world.run(REVOKE, { variables: { id } });
  return errors[0]?.extensions.code ?? "OK";
}

describe("The last key that holds administrator", () => {
  it("is kept where the only user that holds it cannot log in", async () => {
    const world = await aWorld();
    const id = await anAdministrator(world);
    expect(await revokeTheKey(world)).toBe("CONFLICT");
    const { errors } = await world.run(DELETE, { variables: { id } });
    expect(errors).toEqual([]);
  });
});
