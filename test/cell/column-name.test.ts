import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { isName, nameFromHeader } from "../../src/cell/column-name.ts";

describe("a header becomes a name", () => {
  test.each([
    ["US Gross", "us_gross"],
    ["Beak Length (mm)", "beak_length_mm"],
    ["Année", "annee"],
    ["  id ", "id"],
    ["2020", "c_2020"],
    ["2020 sales", "c_2020_sales"],
    ["__proto__", "proto"],
    ["a--b__c", "a_b_c"],
    ["½ price", "c_1_2_price"],
    ["İstanbul", "istanbul"],
    ["§§", null],
    ["名前", null],
    [`a${"\u0301".repeat(31)}`, null],
    ["", null],
    [`${"a".repeat(62)} b`, "a".repeat(62)],
  ])("%j → %j", (header, name) => {
    expect(nameFromHeader(header)).toBe(name);
  });

  test("whatever the header, the name is a name or null", () => {
    const property = fc.property(fc.string({ unit: "binary", maxLength: 100 }), (header) => {
      const name = nameFromHeader(header);
      return name === null || isName(name);
    });
    expect(fc.check(property).counterexample).toBeNull();
  });

  test("a name becomes itself", () => {
    const names = fc.stringMatching(/^[a-z][a-z0-9]{0,30}(_[a-z0-9]{1,10}){0,2}$/);
    const property = fc.property(names, (name) => nameFromHeader(name) === name);
    expect(fc.check(property).counterexample).toBeNull();
  });
});

test.each(["", "A", "1a", "_a", "a-b", "a b", "é", "a".repeat(64), "a\n"])(
  "%j is no name",
  (text) => {
    expect(isName(text)).toBe(false);
  },
);
