import { describe, expect, test } from "vitest";
import type { Figure } from "../../bench/figure.ts";
import { measure } from "../../bench/lines.ts";
import { report } from "../../bench/report.ts";
import { postgresServer } from "../support/postgres-server.ts";
import { leastPlan } from "./least.ts";

const server = await postgresServer();

/** What the bench prints of these lines when it does the least. */
async function printed(...only: readonly string[]): Promise<readonly string[]> {
  const figures: Figure[] = [];
  await measure(only, await leastPlan(), (figure) => figures.push(figure));
  const texts = figures.map(report);
  expect(texts.join("\n")).not.toMatch(/NaN|undefined/);
  return texts;
}

describe("The bench", () => {
  test("compares every way of asking with the bare server, one at a time and many at once", async () => {
    const [latency, throughput] = await printed("latency", "throughput");

    expect(latency?.match(/^\| (bare server|Fieldgate)/gm)).toHaveLength(6);
    expect(latency).toMatch(/^(met|missed) +1 row, values against the bare server: /m);
    expect(throughput?.match(/^\| (bare server|Fieldgate)/gm)).toHaveLength(2);
    expect(throughput).toMatch(/^\| Fieldgate.* = .* × /m);
  });

  test("compares the making of rows with a bare INSERT, and counts the statements of reading", async () => {
    const [create, statements] = await printed("create", "statements");

    expect(create).toMatch(/^(met|missed) +create 10 rows: /m);
    const counts = statements?.match(/\d+ \(\d+\)/g) ?? [];
    expect(counts).toHaveLength(10);
    expect(new Set(counts.filter((count) => count !== "1 (0)")).size).toBe(1);
  });

  test.skipIf(!server)(
    "imports many rows, and asks a native table the same about them",
    async () => {
      const [imported, search, counts] = await printed("import", "search", "counts");

      expect(imported).toContain("1,000 rows in");
      expect(search).toMatch(/^(met|missed) +page 20 by cursor: /m);
      expect(counts).toMatch(/^(met|missed) +count, with a row filter: /m);
      expect(counts).toMatch(/^(met|missed) +group by, count and sum, with a row filter: /m);
    },
  );

  test.skipIf(!server)("looks at the embedded database, and asks nothing of it", async () => {
    const [embedded] = await printed("embedded");

    expect(embedded?.match(/^\| (bare server|Fieldgate)/gm)).toHaveLength(6);
    expect(embedded).not.toMatch(/^(met|missed)/m);
  });
});
