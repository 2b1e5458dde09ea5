import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../src/cell/cell-value.ts";
import { newRowUuid } from "../../../src/db/id.ts";
import { type Slice, withRows } from "../../../src/db/row-staging.ts";
import { chunksOf } from "../../../src/domain/row/import/import-chunks.ts";
import type { SourceItem } from "../../../src/records/source-record.ts";

/** How many of ten records with these cells are used at once. */
async function usedAtOnce(cells: readonly (readonly [string, JsonValue])[]): Promise<number> {
  async function* items(): AsyncGenerator<SourceItem> {
    for (let n = 0; n < 10; n += 1)
      yield { kind: "record", at: `line ${n}`, cells: new Map(cells) };
  }
  const first = await chunksOf(items(), async () => undefined).next();
  return first.done === true ? 0 : first.value.length;
}

describe("Records of a file are used by so few at once that they stay in memory", () => {
  const many = Array.from({ length: 100_000 }, (_, index) => index);

  it.each([
    ["small ones", [["a", 1]], 10],
    ["long texts", [["a", "x".repeat(1_000_000)]], 5],
    ["long headers", [["x".repeat(1_000_000), 1]], 5],
    ["many cells", many.map((index) => [String(index), null] as const), 3],
    ["lists in a cell", [["a", many.map(() => [])]], 3],
  ] as const)("%s", async (_what, cells, most) => {
    expect(await usedAtOnce(cells)).toBe(most);
  });

  it("also those that are nested deeper than calls may be", async () => {
    let deep: JsonValue = [];
    for (const _level of many) deep = [deep];

    expect(await usedAtOnce([["a", deep]])).toBe(3);
  });
});

describe("Rows that wait become those of the dataset", () => {
  it("each once, by statements that are bounded as what came at once is", () => {
    const lots = Array.from({ length: 25 }, () =>
      [1, 2].map(() => ({ id: newRowUuid(7), cells: new Map(), at: "line 1" })),
    );
    let slices: readonly Slice[] = [];
    for (const rows of lots) slices = withRows(withRows(slices, rows), []);
    const last = (lot: number) => lots[lot]?.[1]?.id;

    expect(slices).toEqual([
      { after: "00000000-0000-0000-0000-000000000000", upTo: last(9), lots: 10 },
      { after: last(9), upTo: last(19), lots: 10 },
      { after: last(19), upTo: last(24), lots: 5 },
    ]);
  });
});
