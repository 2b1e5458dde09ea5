import { expect, test } from "vitest";
import { listed } from "../../src/cell/listed.ts";

const names = (count: number, length = 1) =>
  Array.from({ length: count }, (_, index) => String.fromCodePoint(97 + index).repeat(length));

test("a message lists twenty names, and says whether there are more", () => {
  expect(listed([])).toBe("");
  expect(listed(["a", "b"])).toBe("a, b");
  expect(listed(names(20))).toBe(names(20).join(", "));
  expect(listed(names(21))).toBe(`${names(20).join(", ")}, …`);
});

test("long names are cut, and fewer of them are listed", () => {
  expect(listed(names(1, 64))).toBe(`${"a".repeat(63)}…`);
  const long = listed(names(20, 63));
  expect(long).toMatch(/^a{63}, b{63}, .+, …$/);
  expect(long.length).toBeLessThan(620);
});
