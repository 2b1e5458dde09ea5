import { describe, expect, test } from "vitest";
import type { Figure } from "../../bench/figure.ts";
import { measure } from "../../bench/lines.ts";
import { report } from "../../bench/report.ts";
import { leastPlan } from "./least.ts";

describe("The bench of latency", () => {
  test("compares every way of asking with the bare server, and counts the statements of each", async () => {
    const plan = await leastPlan();
    const figures: Figure[] = [];
    await measure(["latency", "statements"], plan, (figure) => figures.push(figure));

    const [latency = "", statements = ""] = figures.map(report);
    expect(latency.match(/^\| (bare server|Fieldgate)/gm)).toHaveLength(6);
    expect(latency).toMatch(/^(met|missed) +1 row, values against the bare server: /m);
    expect(latency).not.toMatch(/NaN|undefined/);
    const counts = statements.match(/\d+ \(\d+\)/g) ?? [];
    expect(counts).toHaveLength(10);
    expect(new Set(counts.filter((count) => count !== "1 (0)")).size).toBe(1);
    expect(plan.said.at(-1)).toBe("10 rows: round 1 of 1");
  });
});
