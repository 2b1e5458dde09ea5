import { describe, expect, test } from "vitest";
import { hindrance } from "../../src/authz/access-plan.ts";
import { ACTIONS } from "../../src/authz/action.ts";
import { normalForm } from "../../src/authz/normal-form.ts";
import { restrictionOf } from "../../src/authz/restriction.ts";
import { decidedIn, definitionOf } from "../proof/in-code-words.ts";
import { ALL, column, type Gives, scene, table } from "../reference/by-hand.ts";
import type { Condition, Restriction } from "../reference/token.ts";

const TASKS = table("tasks", [column("owner", "TEXT"), column("size", "INTEGER")], []);
const small: Condition = {
  dataset: "tasks",
  column: "size",
  op: "lt",
  value: 5,
  set: false,
  setValue: null,
};
const ADAS: Gives = {
  ...ALL,
  where: Object.fromEntries(ACTIONS.map((action) => [action, { column: "owner", eq: "ada" }])),
};

/** What the code decides for a token that carries all that these roles give. */
function decided(roles: readonly Gives[], restriction: Restriction | null) {
  const ofKey = roles.map((_, index) => `role ${index + 1}`);
  const named = roles.map((gives, index) => ({ ...gives, name: ofKey[index] ?? "" }));
  const token = { ofKey, carriesAll: true, restriction, clientId: null };
  return decidedIn(scene([TASKS], named, { token }), definitionOf(TASKS));
}

describe("the conditions of a token", () => {
  const owned = { kind: "compare", columnId: "owner", by: "eq", operand: "ada" } as const;
  const isSmall = { kind: "compare", columnId: "size", by: "lt", operand: "5" } as const;

  test.each(ACTIONS)("are ANDed to what each role gives of %s", (action) => {
    const { plan } = decided([ADAS, ALL], { conditions: [small], datasets: [] });
    const both = normalForm({ kind: "all", of: [owned, isSmall] });
    expect(plan[action].map(({ rows }) => rows)).toEqual([both, isSmall]);
  });

  test("change nothing of a dataset that is listed besides", () => {
    const listing = decided([ADAS, ALL], { conditions: [], datasets: ["tasks"] });
    expect(listing.plan).toEqual(decided([ADAS, ALL], null).plan);
  });

  test.each(ACTIONS)(
    "leave nothing of %s where neither they nor the list name the dataset",
    (action) => {
      const conditions = [{ ...small, dataset: "others" }];
      const { plan, rights, definition } = decided([ADAS, ALL], { conditions, datasets: [] });
      expect(plan[action]).toEqual([]);
      const guarded = { datasetId: definition.id, accessLevel: "OPEN" } as const;
      expect(hindrance(rights, guarded, action)).toBe("RESTRICTED");
    },
  );
});

test.each([
  [{}],
  ["every row"],
  [[null]],
  [[{ datasetId: "tasks", columnId: "size", by: "like", operand: "5", set: null }]],
  [[{ datasetId: "tasks", columnId: "size", by: "lt", operand: 5, set: null }]],
  [[{ datasetId: "tasks", columnId: "size", by: "lt", operand: "5" }]],
])("what is kept as %j and is no condition leaves nothing to reach", (kept) => {
  expect(restrictionOf(kept, ["tasks"])).toEqual(new Map());
});
