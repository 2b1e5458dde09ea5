import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  accessPlan,
  fieldsGiven,
  gives,
  isFieldKnown,
  isKnown,
  readsEverywhere,
  rowsGiven,
  rowsOf,
  rowsSeen,
} from "../../src/authz/access-plan.ts";
import { ACTIONS } from "../../src/authz/action.ts";
import { aCase, aRole, type DrawnCase, guardedOf, rightsOf } from "./cases.ts";
import * as reference from "./reference.ts";

const RUNS = { numRuns: 5_000 };

const planOf = (drawn: DrawnCase) => accessPlan(rightsOf(drawn.caller), guardedOf(drawn));

/** Everything that the plan answers about a case. */
function decided(drawn: DrawnCase) {
  const plan = planOf(drawn);
  const { columns } = drawn.dataset;
  return {
    isKnown: isKnown(plan),
    seesRows: rowsSeen(plan).length > 0,
    canCreateRows: rowsGiven(plan, "CREATE").length > 0,
    canDeleteRows: rowsGiven(plan, "DELETE").length > 0,
    somewhere: ACTIONS.filter((action) => gives(plan, action)),
    columns: columns.map((column) => ({
      isKnown: isFieldKnown(plan, column),
      given: ACTIONS.filter((action) => gives(plan, action, column)),
      isRead: fieldsGiven(plan, "READ").has(column),
      isSetInNewRows: fieldsGiven(plan, "CREATE").has(column),
      isChanged: fieldsGiven(plan, "UPDATE").has(column),
      readsEverywhere: readsEverywhere(plan, column),
      readIn: rowsOf(plan, "READ", column).length > 0,
    })),
  };
}

function expected({ caller, dataset }: DrawnCase): ReturnType<typeof decided> {
  const may = (action: reference.ReferenceAction, column: string) =>
    reference.mayOnColumn(caller, dataset, action, column);
  return {
    isKnown: reference.knowsDataset(caller, dataset),
    seesRows: reference.seesRows(caller, dataset),
    canCreateRows: reference.mayOnDataset(caller, dataset, "CREATE"),
    canDeleteRows: reference.mayOnDataset(caller, dataset, "DELETE"),
    somewhere: ACTIONS.filter((action) => reference.maySomewhere(caller, dataset, action)),
    columns: dataset.columns.map((column) => ({
      isKnown: reference.knowsColumn(caller, dataset, column),
      given: ACTIONS.filter((action) => may(action, column)),
      isRead: may("READ", column),
      isSetInNewRows: reference.maySetInNewRow(caller, dataset, column),
      isChanged: may("UPDATE", column),
      readsEverywhere: may("READ", column),
      readIn: may("READ", column),
    })),
  };
}

describe("the access plan", () => {
  test("decides as the contract says", () => {
    fc.assert(
      fc.property(aCase, (drawn) => {
        expect(decided(drawn)).toStrictEqual(expected(drawn));
      }),
      RUNS,
    );
  });

  test("never takes away what a role gives because of another role", () => {
    fc.assert(
      fc.property(aCase, aRole, (drawn, role) => {
        const { caller } = drawn;
        fc.pre(!caller.isAnonymous);
        const more = { ...drawn, caller: { ...caller, roles: [...caller.roles, role] } };
        expect(truths(decided(more))).toStrictEqual(
          expect.arrayContaining(truths(decided(drawn)) as never[]),
        );
      }),
      RUNS,
    );
  });

  test("is the same whichever way the roles stand", () => {
    fc.assert(
      fc.property(aCase, (drawn) => {
        const roles = drawn.caller.roles.toReversed();
        const turned = { ...drawn, caller: { ...drawn.caller, roles } };
        expect(decided(turned)).toStrictEqual(decided(drawn));
      }),
      RUNS,
    );
  });

  test("gives the union of what each role gives alone", () => {
    fc.assert(
      fc.property(aCase, (drawn) => {
        const { caller } = drawn;
        const alone = caller.roles.map((role) =>
          truths(decided({ ...drawn, caller: { ...caller, roles: [role] } })),
        );
        const together = new Set(truths(decided(drawn)));
        expect(new Set(alone.flat())).toStrictEqual(together);
      }),
      RUNS,
    );
  });

  test("gives whoever holds administrator everything, whatever any grant says", () => {
    fc.assert(
      fc.property(aCase, ({ caller, dataset }) => {
        const [first, ...others] = caller.roles;
        fc.pre(first !== undefined);
        const administrator = { ...first, isAdministrator: true };
        const all = { ...caller, isAnonymous: false, isPublishable: false };
        const drawn = { dataset, caller: { ...all, roles: [administrator, ...others] } };
        const { columns, ...whole } = decided(drawn);
        expect(whole.somewhere).toStrictEqual(ACTIONS);
        for (const column of columns) {
          expect(column.given).toStrictEqual(["READ", "CREATE", "UPDATE"]);
        }
      }),
      RUNS,
    );
  });

  test("gives nothing to whoever holds no role", () => {
    fc.assert(
      fc.property(aCase, (drawn) => {
        const plan = planOf({ ...drawn, caller: { ...drawn.caller, roles: [] } });
        expect(plan).toStrictEqual({ READ: [], CREATE: [], UPDATE: [], DELETE: [] });
      }),
      RUNS,
    );
  });

  test("lets publishable keys and the public read at most", () => {
    fc.assert(
      fc.property(aCase, (drawn) => {
        fc.pre(drawn.caller.isAnonymous || drawn.caller.isPublishable);
        const { CREATE, UPDATE, DELETE } = planOf(drawn);
        expect([CREATE, UPDATE, DELETE]).toStrictEqual([[], [], []]);
      }),
      RUNS,
    );
  });

  test("speaks of no column that the dataset does not have", () => {
    fc.assert(
      fc.property(aCase, (drawn) => {
        const plan = planOf(drawn);
        for (const name of ["fourth", "toString", "__proto__", ""]) {
          expect(ACTIONS.some((action) => gives(plan, action, name))).toBe(false);
        }
      }),
      RUNS,
    );
  });
});

/** What is true in an answer, each as one text. */
function truths(answer: ReturnType<typeof decided>): string[] {
  const { columns, somewhere, ...whole } = answer;
  return [
    ...Object.entries(whole).flatMap(([name, holds]) => (holds ? [name] : [])),
    ...somewhere,
    ...columns.flatMap(({ given, ...column }, index) => [
      ...given.map((action) => `${index} ${action}`),
      ...Object.entries(column).flatMap(([name, holds]) => (holds ? [`${index} ${name}`] : [])),
    ]),
  ];
}

/** Says of one role what its grants and defaults make of one column; `-` stands for nothing said. */
const PRECEDENCE: [string, string, string, boolean][] = [
  // default, grant on the dataset, grant on the column, whether the column is read
  ["off", "-", "-", false],
  ["on", "-", "-", true],
  ["off", "ALLOW", "-", true],
  ["on", "ALLOW", "-", true],
  ["off", "WITHHOLD", "-", false],
  ["on", "WITHHOLD", "-", false],
  ["off", "-", "ALLOW", true],
  ["on", "-", "ALLOW", true],
  ["off", "-", "WITHHOLD", false],
  ["on", "-", "WITHHOLD", false],
  ["off", "WITHHOLD", "ALLOW", true],
  ["on", "WITHHOLD", "ALLOW", true],
  ["off", "ALLOW", "WITHHOLD", false],
  ["on", "ALLOW", "WITHHOLD", false],
];

const said = (setting: string) => (setting === "-" ? null : (setting as "ALLOW" | "WITHHOLD"));
const nothing = { create: null, update: null, delete: null };
const nobody: reference.ReferenceRole = {
  isAdministrator: false,
  permissions: [],
  canRead: false,
  canCreate: false,
  canUpdate: false,
  canDelete: false,
  grants: [],
};
const asKey = (...roles: reference.ReferenceRole[]): DrawnCase => ({
  caller: { isAnonymous: false, isPublishable: false, roles },
  dataset: { accessLevel: "PRIVATE", columns: ["first", "second"] },
});

test.each(PRECEDENCE)(
  "default %s, grant on the dataset %s, on the column %s: read %s",
  (byDefault, onDataset, onColumn, isRead) => {
    const role = {
      ...nobody,
      canRead: byDefault === "on",
      grants: [
        { ...nothing, column: null, read: said(onDataset) },
        { ...nothing, column: "first", read: said(onColumn) },
      ],
    };
    expect(gives(planOf(asKey(role)), "READ", "first")).toBe(isRead);
  },
);

test("a new row needs the dataset and the column from one and the same role", () => {
  const dataset = { ...nobody, canCreate: true };
  const withheld = { column: "first", read: null, create: "WITHHOLD", update: null, delete: null };
  const onDatasetAlone = { ...dataset, grants: [{ ...withheld, create: "WITHHOLD" as const }] };
  const onColumnAlone = { ...nobody, grants: [{ ...withheld, create: "ALLOW" as const }] };
  const split = planOf(asKey(onDatasetAlone, onColumnAlone));
  expect(gives(split, "CREATE", "first")).toBe(true);
  expect(rowsGiven(split, "CREATE")).toHaveLength(1);
  expect([...fieldsGiven(split, "CREATE")]).toStrictEqual(["second"]);
  expect([...fieldsGiven(planOf(asKey(dataset)), "CREATE")]).toStrictEqual(["first", "second"]);
});

test.each([
  ["PRIVATE", false],
  ["ONLY_VIZ", false],
  ["OPEN", true],
] as const)("the public reads a dataset that is %s: %s", (accessLevel, isRead) => {
  const caller = { isAnonymous: true, isPublishable: false, roles: [{ ...nobody, canRead: true }] };
  const plan = planOf({ caller, dataset: { accessLevel, columns: ["first"] } });
  expect([isKnown(plan), gives(plan, "READ", "first")]).toStrictEqual([isRead, isRead]);
});

test("a key that is given nothing reads nothing of what is open to the public", () => {
  const { caller } = asKey(nobody);
  expect(isKnown(planOf({ caller, dataset: { accessLevel: "OPEN", columns: ["first"] } }))).toBe(
    false,
  );
});
