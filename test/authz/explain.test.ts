import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accessPlan, type Guarded } from "../../src/authz/access-plan.ts";
import type { Action } from "../../src/authz/action.ts";
import type { Grant } from "../../src/authz/branch.ts";
import {
  type DataNeed,
  type RoleAnswer,
  roleAnswers,
  rolesPermitting,
  rowsNeeded,
  toldAll,
  toldAny,
} from "../../src/authz/explain.ts";
import { permits } from "../../src/authz/rights.ts";
import { aCaller, aCase, COLUMNS, guardedOf, PERMISSIONS, rightsOf } from "./cases.ts";

const NEEDS: readonly DataNeed[] = [
  ...(["READ", "CREATE", "UPDATE"] as const).flatMap((action) =>
    COLUMNS.map((fieldId): DataNeed => ({ on: "FIELD", action, fieldId })),
  ),
  ...(["CREATE", "DELETE"] as const).map((action): DataNeed => ({ on: "WHOLE", action })),
  ...(["READ", "UPDATE"] as const).flatMap((action): DataNeed[] => [
    { on: "ANYWHERE", action },
    { on: "ROW", action },
  ]),
];

const aNeed = fc.constantFrom(...NEEDS);

const valueOf = () => null;

const compare = (variable: string) =>
  ({ kind: "compare", columnId: "first", by: "eq", operand: { variable } }) as const;

/** The case in the words of the code. */
const decidingOf = (drawn: Parameters<typeof guardedOf>[0]) => ({
  rights: rightsOf(drawn.caller),
  guarded: guardedOf(drawn),
  valueOf,
});

describe("what is said of each role", () => {
  test("is together what is decided for all of them", () => {
    fc.assert(
      fc.property(aCase, aNeed, (drawn, need) => {
        const deciding = decidingOf(drawn);
        const plan = accessPlan(deciding.rights, deciding.guarded);
        const answers = roleAnswers(deciding, need);
        expect(answers.some(({ gives }) => gives)).toBe(rowsNeeded(plan, need).length > 0);
      }),
    );
  });

  test("names the grant that decided: turned round, the answer is another", () => {
    let turned = 0;
    fc.assert(
      fc.property(aCase, aNeed, (drawn, need) => {
        fc.pre(need.on !== "FIELD" || drawn.dataset.columns.includes(need.fieldId));
        const deciding = decidingOf(drawn);
        for (const answer of roleAnswers(deciding, need)) {
          const grant = grantOf(deciding.guarded, answer);
          // Some cell, and a cell of a new row, may be given or lacking by several words; one is told.
          const isOne = need.on === "FIELD" || need.on === "WHOLE";
          if (!grant || !isOne || (need.action === "CREATE" && !answer.gives)) continue;
          const guarded = withTurned(deciding.guarded, grant, need.action);
          const after = roleAnswers({ ...deciding, guarded }, need);
          expect(after.find(({ role }) => role.id === answer.role.id)?.gives).toBe(!answer.gives);
          turned += 1;
        }
      }),
      { numRuns: 500 },
    );
    expect(turned).toBeGreaterThan(20);
  });

  test("is the role's default where it says so, and nothing else", () => {
    fc.assert(
      fc.property(aCase, aNeed, (drawn, need) => {
        const deciding = decidingOf(drawn);
        const answers = roleAnswers(deciding, need);
        const by = (source: RoleAnswer["source"]) =>
          answers.filter((answer) => answer.source === source);
        const isPublicRead = drawn.caller.isAnonymous && need.action === "READ";
        expect(by("ADMINISTRATOR").every(({ role }) => role.builtIn === "ADMINISTRATOR")).toBe(
          true,
        );
        expect(by("OPEN_DATASET").every(() => isPublicRead)).toBe(true);
        const byDefault = need.on === "WHOLE" ? by("DEFAULT") : [];
        expect(byDefault.map(({ gives }) => gives)).toEqual(
          byDefault.map(({ role }) => role.defaults.has(need.action)),
        );
      }),
    );
  });

  test("names the variables of its filter that have no value, and no others", () => {
    const role = {
      id: "role",
      name: "role",
      builtIn: null,
      permissions: new Set<string>(),
      defaults: new Set(["READ"] as const),
    };
    const filter = { kind: "any", of: [compare("user.email"), compare("now")] } as const;
    const grant: Grant = {
      roleId: "role",
      fieldId: null,
      settings: {},
      rowFilters: { READ: filter },
    };
    const rights = { ...rightsOf({ isAnonymous: false, isPublishable: false, roles: [] }) };
    const guarded: Guarded = {
      datasetId: "dataset",
      accessLevel: "PRIVATE",
      fieldIds: ["first"],
      grants: [grant],
    };
    const [answer] = roleAnswers(
      {
        rights: { ...rights, roles: [role] },
        guarded,
        valueOf: (operand) =>
          typeof operand === "object" && operand.variable === "now" ? "today" : null,
      },
      { on: "FIELD", action: "READ", fieldId: "first" },
    );
    expect(answer).toMatchObject({ gives: true, filter, withoutValue: ["user.email"] });
    expect(answer?.rows).toEqual({ kind: "any", of: [] });
  });
});

test("what is said of each role and a permission is together what is decided", () => {
  fc.assert(
    fc.property(aCaller, fc.constantFrom(...PERMISSIONS, "access::explain"), (caller, name) => {
      const rights = rightsOf(caller);
      expect(rolesPermitting(rights, name).some(({ has }) => has)).toBe(permits(rights, name));
    }),
  );
});

test("what may not be told makes a whole untold, unless another part decides it", () => {
  expect([toldAny([false, null]), toldAny([true, null]), toldAny([])]).toEqual([null, true, false]);
  expect([toldAll([true, null]), toldAll([false, null]), toldAll([])]).toEqual([null, false, true]);
});

/** The grant that an answer names; undefined: it names none. */
function grantOf({ grants }: Guarded, { role, source, grantOn }: RoleAnswer): Grant | undefined {
  if (source === "FIELD_GRANT" && grantOn === null) return undefined;
  if (source !== "FIELD_GRANT" && source !== "DATASET_GRANT") return undefined;
  const found = grants.find(({ roleId, fieldId }) => roleId === role.id && fieldId === grantOn);
  expect(found).toBeDefined();
  return found;
}

function withTurned(guarded: Guarded, grant: Grant, action: Action): Guarded {
  const setting = grant.settings[action] === "ALLOW" ? "WITHHOLD" : "ALLOW";
  const turned = { ...grant, settings: { ...grant.settings, [action]: setting } };
  return {
    ...guarded,
    grants: guarded.grants.map((each) => (each === grant ? turned : each)),
  };
}
