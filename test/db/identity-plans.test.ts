import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crowd } from "../support/crowd.ts";
import { plansOf } from "../support/plans.ts";
import { aWorld } from "../support/world.ts";
import { uuidOf } from "./as-role.ts";

const world = await aWorld();
const ask = plansOf(world.database, /app_user|user_session|access_token a|api_key k/);
let keyId: string;

beforeAll(async () => {
  ({ id: keyId } = await world.keyWithId({ roles: [{}] }));
  await crowd(world, uuidOf(keyId));
});
afterAll(() => world.database.close());

describe("Of a crowd", () => {
  const asked: readonly (readonly [string, string])[] = [
    ["a user is found by the address", '{ users(email: "2@example.com") { nodes { id } } }'],
    ["tokens that are accepted are found", "{ accessTokens(status: ACTIVE) { totalCount } }"],
    ["sessions that are accepted are found", "{ sessions(status: ACTIVE) { totalCount } }"],
  ];
  test.each(asked)("%s without reading all the others", async (_what, document) => {
    const { plans } = await ask(document, world.admin);
    expect(plans.join("\n")).toMatch(/Index Cond/);
    expect(plans.join("\n")).not.toMatch(/Seq Scan on (?:app_user|user_session|access_token)/);
  });

  test("administrators are found without reading who has other roles", async () => {
    const { plans } = await ask(
      `mutation ($id: ID!) { revokeKey(input: { id: $id }) { key { id } } }`,
      world.admin,
      { id: keyId },
    );
    const plan = plans.find((each) => /user_role/.test(each));
    expect(plan).toMatch(/role_id = /);
    expect(plan).not.toMatch(/Seq Scan on (?:app_user|user_role)/);
  });
});
