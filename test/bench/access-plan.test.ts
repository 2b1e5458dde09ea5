import { expect, test } from "vitest";
import { definition, guarded, rights } from "../../bench/access-plan/large-dataset.ts";
import { valuesFor } from "../../src/access/variables.ts";
import { accessPlan, boundPlan } from "../../src/authz/access-plan.ts";
import { readableView } from "../../src/db/readable-view.ts";

test("100 roles with 20 row filters on 200 columns make a readable view of at most 64 kB of SQL", () => {
  const valueOf = valuesFor(definition, rights.variables, new Date());
  const plan = boundPlan(accessPlan(rights, guarded), valueOf);
  const { text, values } = readableView({ definition, plan });
  expect(plan.READ).toHaveLength(20);
  expect(text).toContain("f.b19");
  expect(Buffer.byteLength(text + JSON.stringify(values))).toBeLessThanOrEqual(64 * 1_024);
});
