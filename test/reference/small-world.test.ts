import { expect, test } from "vitest";
import { EVERY_ACTION } from "./model.ts";
import { smallAnswers } from "./small-answers.ts";
import { everySet, POLICIES, type Policy, SMALL_SETS, smallWorld } from "./small-world.ts";

test("216 policies a role make 23,653 sets of at most two roles", () => {
  expect(POLICIES).toHaveLength(216);
  expect(new Set(POLICIES.map((policy) => JSON.stringify(policy)))).toHaveLength(216);
  expect([...everySet()]).toHaveLength(23_653);
});

const GIVES: Policy = {
  isDefault: true,
  onDataset: undefined,
  onColumns: [undefined, undefined],
  rowFilter: undefined,
};

test("no role gives nothing, and a role without a filter everything", () => {
  for (const action of EVERY_ACTION) {
    const denied = action === "READ" ? "unseen" : "FORBIDDEN";
    expect(new Set(smallAnswers(action, smallWorld(action, [])))).toEqual(new Set([denied]));
    expect(smallAnswers(action, smallWorld(action, [GIVES]))).not.toContain(denied);
  }
});

test("each row filter lets the rows through that it says", () => {
  const filters = [...new Set(POLICIES.map(({ rowFilter }) => rowFilter))];
  const seen = filters.map((rowFilter) =>
    smallAnswers("READ", smallWorld("READ", [{ ...GIVES, rowFilter }])).map(
      (answer) => answer !== "unseen",
    ),
  );
  expect(seen).toEqual([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ]);
});

test("every old and new row is asked about", () => {
  const counts = EVERY_ACTION.map((action) => smallAnswers(action, smallWorld(action, [])).length);
  expect(counts).toEqual([2, SMALL_SETS.length, 2 * (SMALL_SETS.length - 1), 2]);
});

const isGiven = (answer: string) => !["unseen", "FORBIDDEN"].includes(answer);

test.each(EVERY_ACTION)("by one more role no right to %s is lost", (action) => {
  const given = new Map<Policy, boolean[]>();
  for (const policy of POLICIES) {
    given.set(policy, smallAnswers(action, smallWorld(action, [policy])).map(isGiven));
  }
  const lost: unknown[] = [];
  for (const policies of everySet()) {
    const [one, other] = policies;
    if (!one || !other) continue;
    const together = smallAnswers(action, smallWorld(action, policies)).map(isGiven);
    for (const [index, is] of together.entries()) {
      if (!is && (given.get(one)?.[index] || given.get(other)?.[index])) lost.push(policies);
    }
  }
  expect(lost).toEqual([]);
});
