import { beforeAll, describe, expect, test } from "vitest";
import { type Asking, aWorld, uniqueName } from "../../support/world.ts";

const MAY = [
  "role::create",
  "role::update",
  "grant::set",
  "grant::any",
  "key::create",
  "key::roll",
  "user::assign_roles",
  "user::update",
  "user::update_email",
  "session::create",
  "trusted_issuer::trust",
  "dataset::update",
  "column::add",
  "access_token::create",
];

/** A key that may hand out anything, and tokens of it. */
async function aScene() {
  const world = await aWorld();
  const { id: datasetId } = await world.dataset({ columns: [{ name: "name", type: "TEXT" }] });
  const roleId = await world.role({ permissions: MAY, canRead: true, canCreate: true });
  const other = await world.role({});
  const key = await world.key({ roles: [roleId] });
  const condition = { datasetId, column: "name", op: "eq", value: "x" };
  return {
    world,
    datasetId,
    other,
    rolled: (await world.keyWithId({ roles: [other] })).id,
    robot: (await world.user({ serviceAccount: true, roles: [other] })).id,
    own: { key } as Asking,
    free: (await world.token({ key })).asking as Asking,
    withConditions: (await world.token({ key, conditions: [condition] })).asking as Asking,
    withDatasets: (await world.token({ key, datasetIds: [datasetId] })).asking as Asking,
  };
}

let scene: Awaited<ReturnType<typeof aScene>>;
beforeAll(async () => {
  scene = await aScene();
});

const HANDING: Readonly<Record<string, [string, () => object]>> = {
  createRole: ["CreateRoleInput", () => ({ name: uniqueName("role") })],
  "createRole with a right": [
    "CreateRoleInput",
    () => ({ name: uniqueName("role"), canRead: true }),
  ],
  updateRole: ["UpdateRoleInput", () => ({ id: scene.other, permissions: ["row::get"] })],
  setGrant: [
    "SetGrantInput",
    () => ({ roleId: scene.other, datasetId: scene.datasetId, read: "ALLOW" }),
  ],
  createKey: ["CreateKeyInput", () => ({ name: "k", roleIds: [scene.other] })],
  rollKey: ["RollKeyInput", () => ({ id: scene.rolled })],
  assignRoles: ["AssignRolesInput", () => ({ userId: scene.robot, roleIds: [scene.other] })],
  createSession: ["CreateSessionInput", () => ({ userId: scene.robot })],
  "updateUser of its address": [
    "UpdateUserInput",
    () => ({ id: scene.robot, email: `${uniqueName("user")}@example.com` }),
  ],
  trustIssuer: [
    "TrustIssuerInput",
    () => ({
      issuer: `https://${uniqueName("login")}.example.com`,
      audience: "fieldgate",
      jwksUrl: "https://login.example.com/keys",
    }),
  ],
  updateDataset: ["UpdateDatasetInput", () => ({ id: scene.datasetId, accessLevel: "OPEN" })],
};

describe.each(Object.entries(HANDING))("By %s", (name, [input, made]) => {
  const [field = ""] = name.split(" ");
  const document = `mutation ($input: ${input}!) { ${field}(input: $input) { __typename } }`;
  const outcome = async (asking: Asking) =>
    (await scene.world.run(document, { ...asking, variables: { input: made() } })).errors[0]
      ?.extensions ?? "OK";

  test("a token that is restricted hands out nothing, even of a key that may hand out anything", async () => {
    for (const asking of [scene.withConditions, scene.withDatasets]) {
      expect(await outcome(asking)).toMatchObject({
        code: "FORBIDDEN",
        missing: { gate: "RESTRICTION", name: "conditions" },
      });
    }
    expect(await outcome(scene.free)).toBe("OK");
    expect(await outcome(scene.own)).toBe("OK");
  });
});
