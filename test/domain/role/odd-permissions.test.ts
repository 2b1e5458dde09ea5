import { afterAll, describe, expect, test } from "vitest";
import { aWorld, uniqueName } from "../../support/world.ts";

const world = await aWorld();
afterAll(() => world.database.close());

const INHERITED = ["toString", "__proto__", "constructor", "hasOwnProperty", "valueOf", "then"];

/** Names that no role may hold. */
const ILLEGAL = [
  ...INHERITED,
  ...INHERITED.map((name) => `${name}::get`),
  "",
  "custom",
  "custom:",
  "custom::",
  "custom::toString",
  "custom::hasOwnProperty",
  "custom::A",
  "custom::a b",
  "custom::a\n",
  "\ncustom::a",
  "custom::a\u0000",
  `custom::${"a".repeat(129)}`,
  `custom::${"a".repeat(10_000)}`,
  "custom::\u0430dmin",
  "custom::caf\u00e9",
  "custom::cafe\u0301",
  "custom::\u200bx",
  "custom::\u{1f4a5}",
  "\u0441ustom::x",
  "custom\uff1a\uff1ax",
  "row::g\u0435t",
  "row::get ",
  "ROW::GET",
  "row:get",
  "row::*",
  "*",
  "role::get,role::update",
  "system::seal",
];

/** Names that a tenant may make up, odd as they are. */
const LEGAL = ["__proto__", "constructor", "valueof", "tostring", ":::", "a".repeat(128)].map(
  (name) => `custom::${name}`,
);

async function state() {
  const { rows } = await world.database.pool.query<object>(
    `SELECT t.rights_version, count(r.*), array_agg(r.permissions::text ORDER BY r.id) AS held
     FROM tenant t JOIN role r ON r.tenant_id = t.id WHERE t.id = '${world.tenantId}' GROUP BY 1`,
  );
  return rows;
}

const CREATE = `mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }`;
const UPDATE = `mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { role { id } } }`;
const CHECK = `query ($permission: String!, $key: String) {
  checkAccess(permission: $permission, key: $key) { hasAccess } }`;

async function hasAccess(permission: string, variables: object, key = world.admin) {
  const { checkAccess } = await world.ask<{ checkAccess: { hasAccess: boolean } }>(CHECK, {
    key,
    variables: { permission, ...variables },
  });
  return checkAccess.hasAccess;
}

describe("a permission that there is none of", () => {
  test.each(ILLEGAL)("is refused to every role and had by nobody, %j", async (name) => {
    const role = await world.role({ permissions: ["row::get"] });
    const before = await state();
    for (const permissions of [[name], ["row::get", name]]) {
      const created = await world.run(CREATE, {
        variables: { input: { name: uniqueName("role"), permissions } },
      });
      const updated = await world.run(UPDATE, { variables: { input: { id: role, permissions } } });
      for (const { errors, text } of [created, updated]) {
        expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
        expect(text.length).toBeLessThan(1_000);
      }
    }
    expect(await state()).toStrictEqual(before);
    expect(await hasAccess(name, {})).toBe(false);
    expect(await hasAccess(name, { key: world.admin })).toBe(false);
  });
});

describe("a permission that a tenant made up", () => {
  test("is had by whoever holds a role with it, and lets nobody do anything else", async () => {
    const permissions = ["access::check", "key::check_access"];
    for (const held of LEGAL) {
      const key = await world.key({ roles: [{ permissions: [held, ...permissions] }] });
      for (const asked of LEGAL) {
        const isHeld = asked === held;
        expect([held, asked, await hasAccess(asked, {}, key)]).toStrictEqual([held, asked, isHeld]);
        expect(await hasAccess(asked, { key }, key)).toBe(isHeld);
      }
      expect(await hasAccess("row::get", {}, key)).toBe(false);
      const { errors } = await world.run("{ datasets { totalCount } }", { key });
      expect(errors[0]?.extensions.code).toBe("FORBIDDEN");
    }
  });
});
