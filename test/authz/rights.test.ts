import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isEveryRow } from "../../src/authz/predicate.ts";
import { looks, narrow, permits, permitsAny } from "../../src/authz/rights.ts";
import { LOOKING, OPERATOR, type Role, STRANGER } from "../../src/authz/role.ts";
import { aCaller, aRole, PERMISSIONS, rightsOf } from "./cases.ts";
import { hasPermission } from "./reference.ts";

const RUNS = { numRuns: 5_000 };

describe("a permission", () => {
  test("is held if one role in effect has it, and the caller's kind lets it be used", () => {
    fc.assert(
      fc.property(aCaller, fc.constantFrom(...PERMISSIONS, "key::create"), (caller, name) => {
        expect(permits(rightsOf(caller), name)).toBe(hasPermission(caller, name));
      }),
      RUNS,
    );
  });

  test("is never lost by one more role", () => {
    fc.assert(
      fc.property(aCaller, aRole, fc.constantFrom(...PERMISSIONS), (caller, role, name) => {
        const more = { ...caller, roles: [...caller.roles, role] };
        expect(permits(rightsOf(more), name) || !permits(rightsOf(caller), name)).toBe(true);
      }),
      RUNS,
    );
  });

  test("of some kind is held if one of that kind is", () => {
    fc.assert(
      fc.property(aCaller, fc.constantFrom("row", "viewer", "key", "ro", ""), (caller, type) => {
        const some = caller.roles.some(({ isAdministrator }) => isAdministrator);
        const held = PERMISSIONS.some(
          (name) => name.startsWith(`${type}::`) && hasPermission(caller, name),
        );
        expect(permitsAny(rightsOf(caller), type)).toBe(some || held);
      }),
      RUNS,
    );
  });

  test.each(["toString", "constructor", "__proto__", "valueOf", "hasOwnProperty", "then", ""])(
    "called %j is nobody's by nature",
    (name) => {
      const caller = rightsOf({ isAnonymous: false, isPublishable: false, roles: [] });
      expect([permits(caller, name), permitsAny(caller, name)]).toStrictEqual([false, false]);
    },
  );

  test("is one to look by its verb alone", () => {
    const verbs = ["get", "find", "check", "explain", "subscribe"];
    expect(verbs.every((verb) => looks(`anything::${verb}`))).toBe(true);
    for (const name of ["row::create", "key::check_access", "get", "row::get::create", "row:get"]) {
      expect(looks(name)).toBe(false);
    }
    expect(LOOKING.every(looks)).toBe(true);
  });
});

const names = (kept: readonly Role[]) => kept.map(({ name }) => name);

describe("narrowing", () => {
  const roles = ["one", "two", "administrator"].map((name): Role => ({ ...STRANGER, name }));

  test("is not asked for: all roles stay", () => {
    expect(names(narrow(roles, null))).toStrictEqual(["one", "two", "administrator"]);
  });

  test("keeps exactly the roles that are named, each once", () => {
    expect(names(narrow(roles, ["two"]))).toStrictEqual(["two"]);
    expect(names(narrow(roles, ["two", "one", "two"]))).toStrictEqual(["two", "one"]);
  });

  test.each([[["three"]], [["one", "three"]], [[""]], [["One"]], [["one", ""]], [["toString"]]])(
    "by %j, of which one is not held, leaves none",
    (listed) => {
      expect(narrow(roles, listed)).toStrictEqual([]);
    },
  );

  test("gives nothing that the roles did not give", () => {
    fc.assert(
      fc.property(fc.subarray(roles), fc.subarray(names(roles)), (held, listed) => {
        const kept = narrow(held, listed);
        expect(held).toStrictEqual(expect.arrayContaining([...kept]));
      }),
      RUNS,
    );
  });
});

test("the stranger looks and reads nothing; the operator holds what there is", () => {
  const principal = { kind: "ANONYMOUS", tenantId: null, id: null, name: "" } as const;
  const stranger = { principal, roles: [STRANGER], variables: new Map(), readOnly: true };
  const operator = { principal, roles: [OPERATOR], variables: new Map(), readOnly: false };
  expect(permits(stranger, "dataset::find")).toBe(true);
  expect(permits(stranger, "dataset::create")).toBe(false);
  expect(permits(operator, "whatever::comes")).toBe(true);
});

test("only the filter of no condition is every row by its form", () => {
  expect(isEveryRow({ kind: "all", of: [] })).toBe(true);
  expect(isEveryRow({ kind: "any", of: [] })).toBe(false);
  expect(isEveryRow({ kind: "not", of: { kind: "any", of: [] } })).toBe(false);
  expect(isEveryRow({ kind: "all", of: [{ kind: "all", of: [] }] })).toBe(false);
});
