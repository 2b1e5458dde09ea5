import { beforeAll, describe, expect, it, test } from "vitest";
import { aWorld, type MadeUser, type World } from "../../support/world.ts";

const ME = `{ viewer { user {
  id firstName lastName organization email emailVerified attributes roleNames serviceAccount issuer
} } }`;
const UPDATE_ME = `mutation ($input: UpdateMeInput!) { updateMe(input: $input) { user { id firstName } } }`;
const UPDATE = `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }`;
const REGISTER = `mutation ($input: RegisterUserInput!) { registerUser(input: $input) { user { id } } }`;
const ASSIGN = `mutation ($input: AssignRolesInput!) { assignRoles(input: $input) { user { id } } }`;
const DELETE = `mutation ($id: ID!) { deleteUser(input: { id: $id }) { id } }`;
const PASSWORD = "a long enough phrase";

let world: World;
let ada: MadeUser;

beforeAll(async () => {
  world = await aWorld();
  ada = await world.user({ firstName: "Ada", lastName: "Lovelace" });
});

const codes = ({ errors }: { errors: readonly { extensions: { code?: string } }[] }) =>
  errors.map(({ extensions }) => extensions.code);

describe("A new user", () => {
  it("reads and changes itself and nothing else", async () => {
    const session = await world.login(ada);
    const { viewer } = await world.ask<{ viewer: { user: object } }>(ME, { key: session });
    expect(viewer.user).toEqual({
      id: ada.id,
      firstName: "Ada",
      lastName: "Lovelace",
      organization: "",
      email: ada.email,
      emailVerified: true,
      attributes: {},
      roleNames: [],
      serviceAccount: false,
      issuer: null,
    });
    const input = { firstName: "Augusta", organization: "Analytical" };
    expect(await world.ask(UPDATE_ME, { key: session, variables: { input } })).toEqual({
      updateMe: { user: { id: ada.id, firstName: "Augusta" } },
    });

    const other = await world.user();
    const asked = await world.run(
      `query ($id: ID!) { user(id: $id) { id } users { totalCount } node(id: $id) { id } datasets { totalCount } }`,
      { key: session, variables: { id: other.id } },
    );
    expect(asked.data).toEqual({
      user: null,
      users: null,
      node: null,
      datasets: { totalCount: 0 },
    });
    expect(codes(asked)).toEqual(["FORBIDDEN", "FORBIDDEN"]);
    expect(
      codes(
        await world.run(UPDATE, {
          key: session,
          variables: { input: { id: other.id, firstName: "x" } },
        }),
      ),
    ).toEqual(["FORBIDDEN"]);
  });

  test.each([
    ["an address that is none", { email: "ada" }, "email is an address"],
    ["an address that commands a terminal", { email: "a\u001b[2J@example.com" }, "email is an"],
    ["an address that turns text around", { email: "a\u202eb@example.com" }, "email is an address"],
    ["two addresses", { email: "a@x.test,b@y.test" }, "email is an address"],
    ["a password that is short", { password: "short" }, "10 to 256 characters"],
    ["a password that many have", { password: "1q2w3e4r5t" }, "many people have"],
    ["one in capitals", { password: "1Q2W3E4R5T" }, "many people have"],
    ["a piece over and over", { password: "abababababab" }, "many people have"],
    [
      "the address itself",
      { email: "Grete@example.com", password: "grete@example.com" },
      "your email",
    ],
    ["a name that is too long", { firstName: "x".repeat(201) }, "firstName has 0 to 200"],
    ["an attribute that is not known", { attributes: { shoe: 1 } }, 'no attribute "shoe"'],
    ["attributes that are no object", { attributes: [1] }, "an object of at most 50 values"],
  ])("is not registered with %s", async (_what, wrong, message) => {
    const input = { email: "somebody@example.com", password: PASSWORD, ...wrong };
    const { errors } = await world.run(REGISTER, { variables: { input } });
    expect(errors[0]?.extensions.code).toBe("BAD_USER_INPUT");
    expect(errors[0]?.message).toContain(message);
  });

  it("has an address that no other has, whatever the case of its letters", async () => {
    const input = { email: ada.email.toUpperCase(), password: PASSWORD };
    expect(codes(await world.run(REGISTER, { variables: { input } }))).toEqual(["CONFLICT"]);
  });

  it("is registered by whoever holds the permission, and by nobody else", async () => {
    const input = { email: "by.key@example.com", password: PASSWORD };
    const [may, mayNot] = [
      await world.key({ roles: [{ permissions: ["user::register"] }] }),
      await world.key({ roles: [{ permissions: ["user::find"] }] }),
    ];
    expect(codes(await world.run(REGISTER, { key: mayNot, variables: { input } }))).toEqual([
      "FORBIDDEN",
    ]);
    expect(codes(await world.run(REGISTER, { key: null, variables: { input } }))).toEqual([
      "FORBIDDEN",
    ]);
    // Whoever may do anything with users knows of each: it is shown the one that it made.
    expect(await world.ask(REGISTER, { key: may, variables: { input } })).toMatchObject({
      registerUser: { user: { id: expect.stringMatching(/^user_/) as string } },
    });
  });
});

describe("Whoever comes by the system secret", () => {
  it("registers where the tenant lets anybody, and is answered alike whether or not it was known", async () => {
    const own = await aWorld();
    const system = await own.system();
    const input = { ...system, email: "new@example.com", password: PASSWORD };
    const register = (more = {}) =>
      own.run(REGISTER, { key: null, variables: { input: { ...input, ...more } } });

    expect(codes(await register())).toEqual(["FORBIDDEN"]);
    await own.ask("mutation { updateTenant(input: { openRegistration: true }) { tenant { id } } }");
    const [first, second] = [await register(), await register({ password: "another long phrase" })];
    expect(first.text).toBe(second.text);
    expect(first.data).toEqual({ registerUser: { user: null } });
    expect(own.messages.map(({ kind, email }) => [kind, email])).toEqual([
      ["VERIFY_EMAIL", "new@example.com"],
      ["ALREADY_REGISTERED", "new@example.com"],
    ]);
    const session = await own.login({ email: "new@example.com", password: PASSWORD });
    const { viewer } = await own.ask<{ viewer: { user: object } }>(ME, { key: session });
    expect(viewer.user).toMatchObject({ emailVerified: false, roleNames: [] });
    expect(codes(await register({ serviceAccount: true, email: "robot@example.com" }))).toEqual([
      "BAD_USER_INPUT",
    ]);
  });
});

describe("What is known of others", () => {
  it("is shown field by field, as permissions name them", async () => {
    const fields = [
      "id",
      "firstName",
      "email",
      "emailVerified",
      "attributes",
      "roleNames",
    ] as const;
    const seen = async (permissions: string[]) => {
      const key = await world.key({ roles: [{ permissions }] });
      const { data } = await world.run<{ user: Record<string, unknown> | null }>(
        `query ($id: ID!) { user(id: $id) { ${fields.join(" ")} } }`,
        { key, variables: { id: ada.id } },
      );
      const user = data?.user ?? {};
      return fields.filter((field) => (user[field] ?? null) !== null);
    };

    expect(await seen(["user::find"])).toEqual([]);
    expect(await seen(["user::get"])).toEqual(["id", "firstName"]);
    expect(await seen(["user::get", "user::get_email"])).toEqual([
      "id",
      "firstName",
      "email",
      "emailVerified",
    ]);
    expect(await seen(["user::get", "user::get_attributes"])).toEqual([
      "id",
      "firstName",
      "attributes",
    ]);
    expect(await seen(["user::get", "user::get_roles"])).toEqual(["id", "firstName", "roleNames"]);
  });

  it("is not searched by an address that one may not read", async () => {
    const document = `query ($email: String) { users(email: $email) { nodes { id } } }`;
    const variables = { email: ada.email.toUpperCase() };
    const blind = await world.key({ roles: [{ permissions: ["user::find"] }] });
    const seeing = await world.key({ roles: [{ permissions: ["user::find", "user::get_email"] }] });

    expect(codes(await world.run(document, { key: blind, variables }))).toEqual(["FORBIDDEN"]);
    expect(await world.ask(document, { key: seeing, variables })).toEqual({
      users: { nodes: [{ id: ada.id }] },
    });
    const wild = { email: ada.email.replace("_", "%") };
    expect(await world.ask(document, { key: seeing, variables: wild })).toEqual({
      users: { nodes: [] },
    });
  });

  it("is changed as permissions name it, and an address only by who holds what the user does", async () => {
    const role = await world.role({ permissions: ["key::find"] });
    const user = await world.user({ roles: [role] });
    const update = async (permissions: string[], change: object) => {
      const key = await world.key({ roles: [{ permissions: ["user::update", ...permissions] }] });
      return codes(
        await world.run(UPDATE, { key, variables: { input: { id: user.id, ...change } } }),
      );
    };
    const email = `${user.email}.new`;

    expect(await update([], { firstName: "New" })).toEqual([]);
    expect(await update([], { email })).toEqual(["FORBIDDEN"]);
    expect(await update(["user::update_email"], { email })).toEqual(["FORBIDDEN"]);
    expect(await update(["user::update_email", "key::find"], { email })).toEqual([]);
    expect(await update(["user::update_email", "key::find"], { email: ada.email })).toEqual([
      "CONFLICT",
    ]);
    expect(await update([], { attributes: {} })).toEqual(["FORBIDDEN"]);
  });
});

describe("Roles of users", () => {
  it("are given by who holds them, and not taken from the last administrator", async () => {
    const own = await aWorld();
    const role = await own.role({ permissions: ["key::find"] });
    const user = await own.user();
    const administrator = await administratorOf(own);
    const assign = async (key: string, userId: string, roleIds: string[]) =>
      codes(await own.run(ASSIGN, { key, variables: { input: { userId, roleIds } } }));
    const poor = await own.key({ roles: [{ permissions: ["user::assign_roles"] }] });
    const rich = await own.key({ roles: [role, { permissions: ["user::assign_roles"] }] });

    expect(await assign(poor, user.id, [role])).toEqual(["FORBIDDEN"]);
    expect(await assign(rich, user.id, [role])).toEqual([]);
    expect(await assign(rich, user.id, [administrator])).toEqual(["FORBIDDEN"]);
    expect(await assign(own.admin, user.id, [administrator])).toEqual([]);

    const session = await own.login(user);
    const first = `key_${own.keyId.replaceAll("-", "")}`;
    await own.ask(`mutation ($id: ID!) { revokeKey(input: { id: $id }) { key { id } } }`, {
      key: session,
      variables: { id: first },
    });
    expect(await assign(session, user.id, [role])).toEqual(["CONFLICT"]);
    expect(codes(await own.run(DELETE, { key: session, variables: { id: user.id } }))).toEqual([
      "CONFLICT",
    ]);
  });
});

async function administratorOf({ ask }: World): Promise<string> {
  const { roles } = await ask<{ roles: { nodes: { id: string; name: string }[] } }>(
    "{ roles { nodes { id name } } }",
  );
  return roles.nodes.find(({ name }) => name === "administrator")?.id ?? "";
}
