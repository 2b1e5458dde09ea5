import { describe, expect, test } from "vitest";
import type { Role } from "../../src/authz/role.ts";
import type { Context } from "../../src/graphql/context.ts";
import { requirePermission } from "../../src/graphql/require-permission.ts";
import { authScopes, may } from "../../src/graphql/scopes.ts";

/** A request, as far as scopes look at it. */
function contextOf(permissions: readonly string[], readOnly = false): Context {
  const role: Role = {
    id: "",
    name: "role",
    builtIn: null,
    permissions: new Set(permissions),
    defaults: new Set(),
  };
  const principal = { kind: "KEY", tenantId: null, id: null, name: "" } as const;
  return { rights: { principal, roles: [role], readOnly } } as unknown as Context;
}

describe("the scopes of a request", () => {
  test.each(Object.getOwnPropertyNames(Object.prototype))("know none called %s", (name) => {
    expect(Reflect.get(authScopes(contextOf([name])), name)).toBeUndefined();
  });

  test("are three, and each answers yes or no; a method in stages is asked about in each of them", () => {
    const scopes = authScopes(contextOf(["row::get"]));
    expect(Object.keys(scopes)).toStrictEqual(["permission", "anyOf", "inStages"]);
    expect([scopes.permission("row::get"), scopes.permission("row::create")]).toStrictEqual([
      true,
      false,
    ]);
    expect([scopes.anyOf("row"), scopes.anyOf("role"), scopes.anyOf("")]).toStrictEqual([
      true,
      false,
      false,
    ]);
  });

  test("say no to a name that nobody holds, whatever objects have by nature", () => {
    const scopes = authScopes(contextOf([]));
    for (const name of [...Object.getOwnPropertyNames(Object.prototype), "then", ""]) {
      expect([scopes.permission(name), scopes.anyOf(name)]).toStrictEqual([false, false]);
    }
  });

  test("let a read-only caller use what looks, and nothing else", () => {
    const scopes = authScopes(contextOf(["row::get", "row::create"], true));
    expect([scopes.permission("row::get"), scopes.permission("row::create")]).toStrictEqual([
      true,
      false,
    ]);
  });
});

test("a permission that only some arguments need is required by name", () => {
  expect(may("row::get")).toStrictEqual({ permission: "row::get" });
  expect(() => requirePermission(contextOf([]), "key::check_access")).toThrow(
    "Not allowed: the permission key::check_access is missing.",
  );
  expect(() =>
    requirePermission(contextOf(["key::check_access"]), "key::check_access"),
  ).not.toThrow();
});
