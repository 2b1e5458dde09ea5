import { describe, expect, test } from "vitest";

import type { ColumnDraft } from "../../src/cell/parse-column.ts";
import { parseColumn } from "../../src/cell/parse-column.ts";

const fieldsAtFault = (draft: Partial<ColumnDraft>): string[] => {
  const parsed = parseColumn({ name: "c", type: "TEXT", ...draft });
  return parsed.ok ? [] : parsed.faults.map((fault) => fault.field);
};

describe("a definition that agrees with itself becomes canonical", () => {
  test("what is not set is closed or empty", () => {
    expect(parseColumn({ name: "title", type: "TEXT" })).toStrictEqual({
      ok: true,
      column: {
        name: "title",
        type: "TEXT",
        required: false,
        unique: false,
        indexed: false,
        min: null,
        max: null,
        maxLength: null,
        pattern: null,
        options: null,
        default: null,
      },
    });
  });

  test("bounds, options and default take the form of cells", () => {
    const price = parseColumn({ name: "p", type: "DECIMAL", min: 1e-7, max: "1e3", default: 2 });
    expect(price).toMatchObject({ column: { min: "0.0000001", max: "1000", default: "2" } });
    const tag = parseColumn({ name: "t", type: "SELECT", options: ["e\u0301"], default: "é" });
    expect(tag).toMatchObject({ column: { options: ["é"], default: "é" } });
  });

  test("a parsed definition is parsed to itself", () => {
    const draft = { name: "d", type: "DATETIME", min: "2024-01-01T00:00+01:00" } as const;
    const once = parseColumn(draft);
    expect(once.ok && parseColumn(once.column)).toStrictEqual(once);
  });

  test.each<[string, Partial<ColumnDraft>]>([
    ["a required column without a default", { required: true, default: null }],
    ["min equal to max", { type: "INTEGER", min: 3, max: "3" }],
    ["options from another column", { type: "SELECT", hasOptionSource: true, default: "x" }],
    ["an empty pattern", { pattern: "" }],
  ])("%s is allowed", (_, draft) => {
    expect(fieldsAtFault(draft)).toStrictEqual([]);
  });
});

describe("a definition that contradicts itself is refused", () => {
  test.each<[string, Partial<ColumnDraft>, string[]]>([
    ["a name with a capital", { name: "Title" }, ["name"]],
    ["min above max, as numbers", { type: "INTEGER", min: 10, max: 9 }, ["min"]],
    ["min above max, as decimals", { type: "DECIMAL", min: "10", max: "9.5" }, ["min"]],
    [
      "min above max, as moments",
      { type: "DATETIME", min: "2024-01-01T00:00-01:00", max: "2024-01-01T00:00Z" },
      ["min"],
    ],
    ["bounds of a type without order", { min: "a", max: "b" }, ["min", "max"]],
    ["a bound of another type", { type: "DATE", min: "soon" }, ["min"]],
    ["maxLength of a number", { type: "INTEGER", maxLength: 3 }, ["maxLength"]],
    ["maxLength of nothing", { maxLength: 0 }, ["maxLength"]],
    ["a fraction of a character", { maxLength: 1.5 }, ["maxLength"]],
    ["a pattern of a SELECT", { type: "SELECT", options: ["a"], pattern: "a" }, ["pattern"]],
    ["a pattern that does not compile", { pattern: "(a" }, ["pattern"]],
    ["a back-reference", { pattern: "(a)\\1" }, ["pattern"]],
    ["a pattern that is too long", { pattern: "a".repeat(1001) }, ["pattern"]],
    ["a pattern that is too complex", { pattern: "x{0,1000}".repeat(110) }, ["pattern"]],
    ["a pattern with U+0000", { pattern: "\0" }, ["pattern"]],
    ["a SELECT without options", { type: "SELECT" }, ["options"]],
    ["a SELECT of nothing", { type: "SELECT", options: [] }, ["options"]],
    ["options twice over", { type: "SELECT", options: ["a"], hasOptionSource: true }, ["options"]],
    ["one option twice", { type: "SELECT", options: ["é", "e\u0301"] }, ["options"]],
    ["an option of bad text", { type: "SELECT", options: ["\uD800"] }, ["options"]],
    ["options of a TEXT", { options: ["a"] }, ["options"]],
    [
      "a unique, indexed JSON",
      { type: "JSON", unique: true, indexed: true },
      ["unique", "indexed"],
    ],
    ["a default outside its own rules", { type: "INTEGER", min: 3, default: 2 }, ["default"]],
    ["a default that is no option", { type: "SELECT", options: ["a"], default: "b" }, ["default"]],
  ])("%s", (_, draft, fields) => {
    expect(fieldsAtFault(draft)).toStrictEqual(fields);
  });

  test("all faults are told at once", () => {
    const draft = {
      name: "9",
      type: "BOOLEAN",
      min: 1,
      maxLength: 2,
      pattern: "a",
      options: ["a"],
    } as const;
    expect(fieldsAtFault(draft)).toStrictEqual(["name", "min", "maxLength", "pattern", "options"]);
  });
});
