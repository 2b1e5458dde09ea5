import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { neutralised, restored } from "../../src/cell/formula.ts";

/** Text that is made of little but what has a meaning in the marking. */
const marky = fc.string({
  unit: fc.constantFrom("'", "=", "+", "-", "@", "\t", "\r", "\n", "＝", "a", "1", " ", '"', ","),
  maxLength: 6,
});

describe("A formula", () => {
  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A"])(
    "is never at the beginning of a field: %j",
    (text) => {
      expect(neutralised(text)).toBe(`'${text}`);
    },
  );

  it("is told from text, which stays as it is", () => {
    for (const text of ["a=1", " =1", "1-1", "'quoted'", "''a", "it's", "“=”"]) {
      expect(neutralised(text)).toBe(text);
      expect(restored(text)).toBe(text);
    }
  });

  it("comes back as it was, also with apostrophes before it, and so does text of no characters", () => {
    for (const text of ["", "'", "''", "'=1", "''-", "=", "-"]) {
      expect(restored(neutralised(text))).toBe(text);
      expect(neutralised(text)).not.toBe("");
    }
  });

  it("is hidden whatever the text, and restored whatever the text", () => {
    fc.assert(
      fc.property(fc.oneof(marky, fc.string({ unit: "grapheme" })), (text) => {
        expect(restored(neutralised(text))).toBe(text);
        expect(neutralised(text)).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
        expect(neutralised(text)).not.toBe("");
      }),
    );
  });
});
