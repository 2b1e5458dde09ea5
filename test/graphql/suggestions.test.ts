import { expect, test } from "vitest";
import { suggestionsAmong } from "../../src/graphql/suggestions.ts";

test("a name is answered with those that are alike, the nearest first", () => {
  const suggest = suggestionsAmong(["title", "titles", "year"]);
  expect(suggest("titel")).toBe(' Did you mean "title" or "titles"?');
  expect(suggest("Year")).toBe(' Did you mean "year"?');
  expect(suggest("gross")).toBe("");
  expect(suggest("__proto__")).toBe("");
});

test("ten names are compared at most, each once, and none that no name can be as long as", () => {
  const suggest = suggestionsAmong(["title", "t".repeat(64)]);
  expect(suggest("t".repeat(64))).toBe("");
  const asked = Array.from({ length: 11 }, (_, index) => `title${index}`);
  const answers = [...asked, ...asked].map(suggest);
  expect(answers.filter((words) => words === "")).toHaveLength(2);
  expect([answers[10], answers[21]]).toEqual(["", ""]);
});
