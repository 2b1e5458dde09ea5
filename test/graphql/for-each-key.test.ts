import { expect, test } from "vitest";
import { allForEach, oneForEach } from "../../src/graphql/for-each-key.ts";

const found = [
  { key: "b", is: 1 },
  { key: "a", is: 2 },
];

test("what was found stands in the order of the keys, however often each is asked for", () => {
  const keys = ["a", "none", "b", "a"];
  expect(oneForEach(keys, found, ({ key }) => key)).toEqual([found[1], null, found[0], found[1]]);
});

test("all that was found for a key stays in its order, and is its own", () => {
  const more = [...found, { key: "b", is: 3 }, { key: "of nobody", is: 4 }];
  const all = allForEach(["b", "none", "a"], more, ({ key }) => key);
  expect(all.map((each) => each.map(({ is }) => is))).toEqual([[1, 3], [], [2]]);
});
