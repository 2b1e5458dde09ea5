import { expect, test } from "vitest";
import { suggestionsAmong } from "../../src/graphql/suggestions.ts";

test("a name is answered with those that are alike, the nearest first", () => {
  const suggest = suggestionsAmong(["title", "titles", "year"]);
  expect(suggest("titel")).toBe(' Did you mean "title" or "titles"?');
  expect(suggest("Year")).toBe(' Did you mean "year"?');
  expect(suggest("gross")).toBe("");
  expect(suggest("__proto__")).toBe("");
});

test("what is compared is bounded, and none that no name can be as long as", () => {
  const suggest = suggestionsAmong(["title", "t".repeat(64)]);
  expect(suggest("t".repeat(64))).toBe("");

  const known = Array.from({ length: 300 }, (_, index) => `column_of_some_length_${index}`);
  const wide = suggestionsAmong(known);
  const asked = known.map((name) => `${name}x`);
  const answers = [...asked, ...asked].map(wide);
  // The first two of them, and when these are asked about again.
  const suggested = answers.flatMap((words, index) => (words === "" ? [] : [index]));
  expect(suggested).toEqual([0, 1, 300, 301]);
});
