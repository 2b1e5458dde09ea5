import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isStreamSafe, normalized } from "../../src/cell/normalized.ts";

const FORMS = ["NFC", "NFKC", "NFKD"] as const;

/** Marks that ICU sorts: no two next to each other are of one class. */
const marks = (pairs: number) => `a${"\u0301\u0316".repeat(pairs)}`;

describe("A normal form", () => {
  test.each(FORMS)("is %s, of text with 30 marks in a row", (form) => {
    expect(normalized(marks(15), form)).toBe(marks(15).normalize(form));
  });

  test.each(FORMS)("is not made of more: the text stays as it is, for %s", (form) => {
    expect(normalized(`${marks(15)}\u0301`, form)).toBe(`${marks(15)}\u0301`);
  });

  test.each([
    ["marks without end", marks(60_000)],
    ["marks that NFKC makes of kana", `a${"\uFF9E\u0316".repeat(60_000)}`],
    ["marks in rows of 30", marks(15).repeat(4_000)],
    ["characters that become 18", "\uFDFA".repeat(60_000)],
  ])("takes no longer than it should for %s", (_what, text) => {
    const begun = performance.now();
    for (const form of FORMS) normalized(text, form);

    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});

describe("Text is stream-safe", () => {
  const units = ["a", "字", "😀", "\u0301", "\u{1D165}", "\uFF9E", "\uD834"];
  const pieces = fc.tuple(fc.constantFrom(...units), fc.integer({ min: 1, max: 33 }));
  const texts = fc.array(pieces).map((all) => all.map(([unit, n]) => unit.repeat(n)).join(""));

  test("if no 31 marks stand in a row, wherever they stand", () => {
    const property = fc.property(texts, (text) => isStreamSafe(text) === mostMarks(text) <= 30);

    expect(fc.check(property, { numRuns: 2_000 }).counterexample).toBeNull();
  });

  test("by every character that is a mark in one of its normal forms, but for two vowels with one mark before them", () => {
    const letters = Array.from({ length: 0x11_00_00 }, (_, code) => code)
      .filter((code) => code < 0xd8_00 || code > 0xdf_ff)
      .map((code) => String.fromCodePoint(code))
      .filter((character) => character.normalize("NFKD") !== character)
      .filter((character) => isStreamSafe(character.repeat(31)));
    const joining = letters.filter((letter) =>
      FORMS.some((f) => /^\p{M}/u.test(letter.normalize(f))),
    );

    expect(joining).toEqual(["\u0E33", "\u0EB3"]);
  });
});

function mostMarks(text: string): number {
  let [most, now] = [0, 0];
  for (const character of text) {
    now = /[\p{M}\uFF9E\uFF9F]/u.test(character) ? now + 1 : 0;
    most = Math.max(most, now);
  }
  return most;
}
