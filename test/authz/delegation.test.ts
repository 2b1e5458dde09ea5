import fc from "fast-check";
import { expect, test } from "vitest";
import { accessPlan } from "../../src/authz/access-plan.ts";
import { ACTIONS } from "../../src/authz/action.ts";
import { missingDataRight, missingRight } from "../../src/authz/delegation.ts";
import type { Rights } from "../../src/authz/rights.ts";
import { OPERATOR } from "../../src/authz/role.ts";
import { aCaller, aDataset, guardedOf, PERMISSIONS, rightsOf } from "./cases.ts";
import {
  hasPermission,
  mayMakeCell,
  mayOnColumn,
  mayOnDataset,
  type ReferenceCaller,
} from "./reference.ts";

const RUNS = { numRuns: 5_000 };

const isAdministrator = ({ roles }: ReferenceCaller) => roles.some((role) => role.isAdministrator);

const mayOnlyLook = (caller: ReferenceCaller) => rightsOf(caller).readOnly;

test("what a principal gains is named, if the one who hands it out does not hold it", () => {
  fc.assert(
    fc.property(aCaller, aCaller, aCaller, (before, after, held) => {
      const gained = PERMISSIONS.filter(
        (name) => hasPermission(after, name) && !hasPermission(before, name),
      );
      const lacked = gained.filter((name) => !hasPermission(held, name));
      const missing = missingRight({
        before: rightsOf(before),
        after: rightsOf(after),
        held: rightsOf(held),
      });
      const isAsMuch = (caller: ReferenceCaller) =>
        isAdministrator(caller) && (!mayOnlyLook(caller) || mayOnlyLook(after));
      const isRaised = isAdministrator(after) && !isAsMuch(before) && !isAsMuch(held);
      const named = missing?.gate === "PERMISSION" ? missing.name : null;
      expect(missing !== null || lacked.length === 0).toBe(true);
      expect([null, ...lacked, ...(isRaised ? ["grant::any"] : [])]).toContain(named);
      expect(isRaised && named === null).toBe(false);
    }),
    RUNS,
  );
});

test("administrators who may only look hand out no more than that, nor does it lift them unsaid", () => {
  const none: Rights = {
    principal: { kind: "KEY", tenantId: "tenant", id: "key", name: "" },
    roles: [],
    variables: new Map(),
    readOnly: false,
  };
  const full = { ...none, roles: [OPERATOR] };
  const looking = { ...full, readOnly: true };
  const grantAny = { gate: "PERMISSION", name: "grant::any" };

  expect(missingRight({ before: none, after: full, held: looking })).toEqual(grantAny);
  expect(missingRight({ before: looking, after: full, held: none })).toEqual(grantAny);
  expect(missingRight({ before: none, after: looking, held: looking })).toBeNull();
  expect(missingRight({ before: none, after: full, held: full })).toBeNull();
});

test("a data right is missing exactly where it is gained on a place and not held there", () => {
  fc.assert(
    fc.property(aCaller, aCaller, aCaller, aDataset, (before, after, held, dataset) => {
      const planOf = (caller: ReferenceCaller) =>
        accessPlan(rightsOf(caller), guardedOf({ caller, dataset }));
      const places = [null, ...dataset.columns];
      const may = (
        caller: ReferenceCaller,
        action: (typeof ACTIONS)[number],
        place: string | null,
      ) =>
        place === null
          ? mayOnDataset(caller, dataset, action)
          : mayOnColumn(caller, dataset, action, place);
      const isLacked = (can: (caller: ReferenceCaller) => boolean) =>
        can(after) && !can(before) && !can(held);
      const lacked = ACTIONS.flatMap((action) =>
        places
          .filter(
            (place) =>
              isLacked((caller) => may(caller, action, place)) ||
              (action === "CREATE" &&
                place !== null &&
                isLacked((caller) => mayMakeCell(caller, dataset, place))),
          )
          .map((fieldId) => ({ action, fieldId })),
      );
      const missing = missingDataRight(
        { before: planOf(before), after: planOf(after), held: planOf(held) },
        dataset.columns,
      );
      expect(missing).toStrictEqual(lacked[0] ?? null);
    }),
    RUNS,
  );
});

test("whoever keeps or loses rights needs nobody to hold them", () => {
  fc.assert(
    fc.property(aCaller, aDataset, (caller, dataset) => {
      const plan = accessPlan(rightsOf(caller), guardedOf({ caller, dataset }));
      const none = { ...caller, roles: [] };
      const nothing = accessPlan(rightsOf(none), guardedOf({ caller: none, dataset }));
      const same = { before: rightsOf(caller), after: rightsOf(caller), held: rightsOf(none) };
      expect(missingRight(same)).toBeNull();
      expect(missingRight({ ...same, after: rightsOf(none) })).toBeNull();
      expect(
        missingDataRight({ before: plan, after: plan, held: nothing }, dataset.columns),
      ).toBeNull();
      expect(
        missingDataRight({ before: plan, after: nothing, held: nothing }, dataset.columns),
      ).toBeNull();
    }),
    RUNS,
  );
});
