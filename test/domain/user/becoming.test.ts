import { describe, expect, it } from "vitest";
import { aWorld } from "../../support/world.ts";

const UPDATE = `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { id } } }`;
const CREATE = `mutation ($input: CreateSessionInput!) { createSession(input: $input) { sessionToken } }`;
const REVOKE = `mutation ($id: ID!) { revokeKey(input: { id: $id }) { key { id } } }`;

const codes = ({ errors }: { errors: readonly { extensions: { code?: string } }[] }) =>
  errors.map(({ extensions }) => extensions.code);

/** A dataset of two regions, and a role that reads those of its user's. */
async function aHouse() {
  const world = await aWorld();
  const attributes = [{ name: "region", type: "TEXT" }];
  await world.ask(
    `mutation ($input: SetUserAttributesInput!) { setUserAttributes(input: $input) { tenant { id } } }`,
    { variables: { input: { attributes } } },
  );
  const { id: datasetId } = await world.dataset({
    columns: [{ name: "region", type: "TEXT" }],
    rows: [{ region: "north" }, { region: "south" }],
  });
  const role = await world.role({
    permissions: ["user::update", "user::update_email", "session::create"],
    grants: [
      { datasetId, read: "ALLOW", rowFilter: { read: { column: "region", eq: "$user.region" } } },
    ],
  });
  return { world, datasetId, role };
}

describe("Whoever becomes able to log in as another", () => {
  it("needs grant::any where the other sees rows by who it is, and has the same roles", async () => {
    const { world, role } = await aHouse();
    const north = await world.user({ roles: [role], attributes: { region: "north" } });
    const south = await world.user({ roles: [role], attributes: { region: "south" } });
    const robot = await world.user({
      roles: [role],
      attributes: { region: "south" },
      serviceAccount: true,
    });
    const session = await world.login(north);
    const asked = async (key: string) => [
      ...codes(
        await world.run(UPDATE, {
          key,
          variables: { input: { id: south.id, email: `${south.email}.mine` } },
        }),
      ),
      ...codes(await world.run(CREATE, { key, variables: { input: { userId: robot.id } } })),
    ];

    expect(await asked(session)).toEqual(["FORBIDDEN", "FORBIDDEN"]);
    expect(await asked(world.admin)).toEqual([]);
  });

  it("needs what every user has, too", async () => {
    const world = await aWorld();
    const { id: datasetId } = await world.dataset({ columns: [{ name: "a", type: "TEXT" }] });
    const { roles } = await world.ask<{ roles: { nodes: { id: string; name: string }[] } }>(
      "{ roles { nodes { id name } } }",
    );
    const roleId = roles.nodes.find(({ name }) => name === "authenticated")?.id;
    const robot = await world.user({ serviceAccount: true });
    const key = await world.key({ roles: [{ permissions: ["session::create"] }] });
    const create = async () =>
      codes(await world.run(CREATE, { key, variables: { input: { userId: robot.id } } }));

    expect(await create()).toEqual([]);
    await world.ask(
      `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`,
      {
        variables: { input: { roleId, datasetId, read: "ALLOW" } },
      },
    );
    expect(await create()).toEqual(["FORBIDDEN"]);
  });

  it("is not oneself: one's own address is changed with the password", async () => {
    const { world, role } = await aHouse();
    const user = await world.user({ roles: [role, { permissions: ["grant::any"] }] });
    const input = { id: user.id, email: "elsewhere@example.com" };
    const key = await world.login(user);
    expect(codes(await world.run(UPDATE, { key, variables: { input } }))).toEqual([
      "BAD_USER_INPUT",
    ]);
  });
});

describe("A token with conditions", () => {
  it("neither writes an attribute that a row filter names nor vouches for an address", async () => {
    const { world, datasetId } = await aHouse();
    const user = await world.user({ attributes: { region: "north" } });
    const permissions = [
      "grant::any",
      "user::update",
      "user::update_attributes",
      "user::register",
      "user::get",
      "user::get_email",
      "access_token::create",
      "row::get",
    ];
    const key = await world.key({ roles: [{ permissions, canRead: true }] });
    const condition = { datasetId, column: "region", op: "eq", value: "north" };
    const { asking } = await world.token({ key, conditions: [condition] });
    const input = { id: user.id, attributes: { region: "south" } };

    expect(codes(await world.run(UPDATE, { ...asking, variables: { input } }))).toEqual([
      "FORBIDDEN",
    ]);
    expect(codes(await world.run(UPDATE, { key, variables: { input } }))).toEqual([]);
    const made = await world.ask(
      `mutation { registerUser(input: { email: "new@example.com" }) { user { emailVerified } } }`,
      asking,
    );
    expect(made).toEqual({ registerUser: { user: { emailVerified: false } } });
  });
});

it("A user keeps a tenant from being locked only where users can log in", async () => {
  const world = await aWorld();
  const { roles } = await world.ask<{ roles: { nodes: { id: string; name: string }[] } }>(
    "{ roles { nodes { id name } } }",
  );
  const administrator = roles.nodes.find(({ name }) => name === "administrator")?.id ?? "";
  await world.user({ roles: [administrator] });
  const id = `key_${world.keyId.replaceAll("-", "")}`;
  const revoke = async () => codes(await world.run(REVOKE, { variables: { id } }));

  expect(await revoke()).toEqual(["CONFLICT"]);
  await world.system();
  // It is done, and whoever asked is refused from then on.
  expect(await revoke()).toEqual(["UNAUTHENTICATED"]);
});
