import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DataRight, Guarded } from "../../src/authz/access-plan.ts";
import type { Grant } from "../../src/authz/branch.ts";
import { ACTIONS, type Action } from "../../src/authz/action.ts";
import type { Lacking } from "../../src/authz/missing.ts";
import { nearestRole } from "../../src/authz/nearest-role.ts";
import type { Rights } from "../../src/authz/rights.ts";
import type { Role } from "../../src/authz/role.ts";
import {
  aCase,
  aCaller,
  COLUMNS,
  type DrawnCase,
  guardedOf,
  PERMISSIONS,
  rightsOf,
} from "./cases.ts";
import {
  knowsColumn,
  knowsDataset,
  mayOnColumn,
  mayOnDataset,
  maySomewhere,
  type ReferenceCaller,
  type ReferenceRole,
} from "./reference.ts";

const RUNS = { numRuns: 2_000 };

const aPermission = fc.constantFrom(...PERMISSIONS, "row::delete", "key::find", "custom::x", "odd");
const aRight: fc.Arbitrary<DataRight> = fc.record({
  action: fc.constantFrom(...ACTIONS),
  fieldId: fc.constantFrom(null, ...COLUMNS),
});

const permission = (name: string): Lacking => ({ gate: "PERMISSION", name });
const data = (right: DataRight, on: Guarded | null): Lacking => ({
  gate: "DATA",
  name: "what it is called",
  right,
  on,
});

/** A role and what it does not give, one step after the other away from it, in so many words. */
type Step = (role: ReferenceRole) => boolean;

const permissionSteps = (name: string): Step[] => {
  const [type = "", verb = ""] = name.split("::");
  return [
    (role) => role.isAdministrator || role.permissions.includes(name),
    (role) => role.permissions.some((each) => each.split("::")[0] === type),
    (role) => role.permissions.some((each) => each.split("::")[1] === verb),
  ];
};

const dataSteps = ({ caller, dataset }: DrawnCase, { action, fieldId }: DataRight): Step[] => {
  const alone = (role: ReferenceRole) => ({ ...caller, roles: [role] });
  const there = (role: ReferenceRole, each: Action) =>
    fieldId === null
      ? mayOnDataset(alone(role), dataset, each)
      : dataset.columns.includes(fieldId) && mayOnColumn(alone(role), dataset, each, fieldId);
  const others = ACTIONS.filter((each) => each !== action);
  return [
    (role) => there(role, action),
    (role) => maySomewhere(alone(role), dataset, action),
    (role) => others.some((other) => there(role, other)),
    (role) => others.some((other) => maySomewhere(alone(role), dataset, other)),
  ];
};

/** The first by name of the roles on the first step that has one; they are named in their order. */
function nearestBy(steps: readonly Step[], { roles }: ReferenceCaller): number | null {
  for (const step of [...steps, () => true]) {
    for (const [index, role] of roles.entries()) if (step(role)) return index;
  }
  return null;
}

const rolesNamed = (nearest: ReturnType<typeof nearestRole>) => nearest?.name ?? null;
const named = (index: number | null) => (index === null ? null : `role_${index}`);

describe("the nearest role", () => {
  test("to a permission has it, or one of its type, or its verb on another type", () => {
    fc.assert(
      fc.property(aCaller, aPermission, (caller, name) => {
        const found = nearestRole(rightsOf(caller), permission(name));
        const isSilent = rightsOf(caller).readOnly && !/::(get|find|check|subscribe)$/.test(name);
        const nearest = isSilent ? null : nearestBy(permissionSteps(name), caller);
        expect(rolesNamed(found)).toBe(named(nearest));
      }),
      RUNS,
    );
  });

  test("to a data right gives it, or its action elsewhere, or another action there, or elsewhere", () => {
    fc.assert(
      fc.property(aCase, aRight, (drawn, right) => {
        const { caller } = drawn;
        const found = nearestRole(rightsOf(caller), data(right, guardedOf(drawn)));
        const isSilent = rightsOf(caller).readOnly && right.action !== "READ";
        const nearest = isSilent ? null : nearestBy(dataSteps(drawn, right), caller);
        expect(rolesNamed(found)).toBe(named(nearest));
      }),
      RUNS,
    );
  });

  test("is one of the roles in effect, and there is none where none is in effect", () => {
    fc.assert(
      fc.property(aCase, aRight, aPermission, fc.boolean(), (drawn, right, name, isKnown) => {
        const rights = rightsOf(drawn.caller);
        const names = rights.roles.map((role) => role.name);
        const lacks = [
          permission(name),
          data(right, isKnown ? guardedOf(drawn) : null),
          { gate: "SPACE", name: "CAN_EDIT" } as const,
        ];
        for (const lacking of lacks) {
          const found = rolesNamed(nearestRole(rights, lacking));
          expect(names.length === 0 || rights.readOnly ? [null, ...names] : names).toContain(found);
        }
      }),
      RUNS,
    );
  });

  test("is told to nobody who can only look and wants more", () => {
    fc.assert(
      fc.property(aCase, aRight, (drawn, right) => {
        const rights = { ...rightsOf(drawn.caller), variables: new Map(), readOnly: true };
        expect(nearestRole(rights, permission("row::delete"))).toBeNull();
        fc.pre(right.action !== "READ");
        expect(nearestRole(rights, data(right, guardedOf(drawn)))).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  test("is the same in whichever order the roles are held", () => {
    fc.assert(
      fc.property(aCase, aRight, aPermission, (drawn, right, name) => {
        const rights = rightsOf(drawn.caller);
        const turned = { ...rights, roles: rights.roles.toReversed() };
        for (const lacking of [permission(name), data(right, guardedOf(drawn))]) {
          expect(nearestRole(turned, lacking)).toStrictEqual(nearestRole(rights, lacking));
        }
      }),
      RUNS,
    );
  });
});

/** Grants of roles that the caller does not hold, on whatever there is. */
const foreignGrants: fc.Arbitrary<Grant[]> = fc.array(
  fc.record({
    roleId: fc.constantFrom("", "another role", "role 7"),
    fieldId: fc.constantFrom(null, ...COLUMNS, "unheard of"),
    settings: fc.dictionary(
      fc.constantFrom(...ACTIONS),
      fc.constantFrom("ALLOW" as const, "WITHHOLD" as const),
    ),
    rowFilters: fc.constant({}),
  }),
);

describe("the nearest role does not depend on", () => {
  test("the grants of roles that the caller does not hold", () => {
    fc.assert(
      fc.property(aCase, aRight, foreignGrants, (drawn, right, foreign) => {
        const rights = rightsOf(drawn.caller);
        const guarded = guardedOf(drawn);
        const more = { ...guarded, grants: [...foreign, ...guarded.grants] };
        expect(nearestRole(rights, data(right, more))).toStrictEqual(
          nearestRole(rights, data(right, guarded)),
        );
      }),
      RUNS,
    );
  });

  test("columns that the caller does not know: they may be there or not", () => {
    fc.assert(
      fc.property(aCase, aRight, (drawn, right) => {
        const { caller, dataset } = drawn;
        const columns = dataset.columns.filter((each) => knowsColumn(caller, dataset, each));
        const isNamed = right.fieldId === null || columns.includes(right.fieldId);
        const asked = isNamed ? right : { ...right, fieldId: null };
        const shown = { caller, dataset: { ...dataset, columns } };
        const rights = rightsOf(caller);
        expect(nearestRole(rights, data(asked, guardedOf(shown)))).toStrictEqual(
          nearestRole(rights, data(asked, guardedOf(drawn))),
        );
      }),
      RUNS,
    );
  });

  test("what a dataset is that the caller does not know: all its roles are equally far from it", () => {
    let seen = 0;
    fc.assert(
      fc.property(aCase, aRight, (drawn, right) => {
        if (knowsDataset(drawn.caller, drawn.dataset)) return;
        seen += 1;
        const rights = rightsOf(drawn.caller);
        const none = { ...drawn.dataset, columns: [] };
        expect(nearestRole(rights, data(right, guardedOf(drawn)))).toStrictEqual(
          nearestRole(rights, data(right, guardedOf({ ...drawn, dataset: none }))),
        );
      }),
      RUNS,
    );
    expect(seen).toBeGreaterThan(100);
  });
});

const role = (name: string, parts: Partial<Role> = {}): Role => ({
  id: name,
  name,
  builtIn: null,
  permissions: new Set(),
  defaults: new Set(),
  ...parts,
});
const holding = (...roles: Role[]): Rights => ({
  principal: { kind: "KEY", tenantId: "tenant", id: "key", name: "" },
  roles,
  variables: new Map(),
  readOnly: false,
});
const may = (name: string, ...permissions: string[]) =>
  role(name, { permissions: new Set(permissions) });
const grant = (roleId: string, fieldId: string | null, ...allowed: Action[]): Grant => ({
  roleId,
  fieldId,
  settings: Object.fromEntries(allowed.map((action) => [action, "ALLOW" as const])),
  rowFilters: {},
});

describe("of roles that come near in different ways", () => {
  test.each([
    ["its type before its verb", [may("a", "key::find"), may("b", "role::get")], "b"],
    ["its verb before nothing", [may("a", "key::get"), may("b", "key::find")], "b"],
    ["the first by name of the same", [may("b", "role::get"), may("a", "role::create")], "a"],
    ["the first by name of the far", [may("b"), may("B"), may("a")], "B"],
    ["a type by its whole name", [may("a", "roles::get"), may("b", "key::find")], "b"],
  ])("the permission role::find has %s", (_what, roles, name) => {
    expect(nearestRole(holding(...roles), permission("role::find"))).toStrictEqual({
      name,
      hasRight: false,
    });
  });

  test.each<[string, Grant[]]>([
    ["its action on another column", [grant("a", "x", "READ"), grant("b", "y", "UPDATE")]],
    ["its action on the dataset", [grant("a", "x", "READ"), grant("b", null, "UPDATE")]],
    ["another action on the column", [grant("a", "y", "READ"), grant("b", "x", "READ")]],
    ["another action on the dataset", [grant("b", null, "DELETE")]],
  ])("a data right on a column has %s", (_what, grants) => {
    const guarded: Guarded = {
      datasetId: "dataset",
      accessLevel: "PRIVATE",
      fieldIds: ["x", "y"],
      grants,
    };
    const lacking = data({ action: "UPDATE", fieldId: "x" }, guarded);
    expect(nearestRole(holding(role("a"), role("b")), lacking)?.name).toBe("b");
  });

  test("a right that no grant speaks of has that which gives another by default", () => {
    const lacking = data({ action: "UPDATE", fieldId: null }, null);
    const rights = holding(role("a"), role("b", { defaults: new Set(["READ"] as const) }));
    expect(nearestRole(rights, lacking)?.name).toBe("b");
  });
});

test("a role that has the very right, of which a part is missing, comes nearest and is said to", () => {
  const guarded: Guarded = {
    datasetId: "dataset",
    accessLevel: "PRIVATE",
    fieldIds: ["x"],
    grants: [grant("b", null, "CREATE")],
  };
  const lacking = data({ action: "CREATE", fieldId: null }, guarded);
  expect(nearestRole(holding(role("a"), role("b")), lacking)).toStrictEqual({
    name: "b",
    hasRight: true,
  });
});
