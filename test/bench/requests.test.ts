import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { compare, type Plan } from "../../bench/requests/compare.ts";
import { bareEndpoint } from "../../bench/requests/endpoints.ts";
import { asked, type Order, orders } from "../../bench/requests/orders.ts";
import { report } from "../../bench/requests/report.ts";
import { verify } from "../../bench/requests/verify.ts";
import { postgresServer } from "../support/postgres-server.ts";

describe("The bench of requests", () => {
  test("compares every way of asking with the bare server", async () => {
    const server = await postgresServer();
    const least = { rounds: 1, turns: 1, patience: 0 };
    const said: string[] = [];
    const plan: Plan = {
      postgres: server?.url ?? null,
      rows: 12,
      sizes: [1, 10],
      effort: least,
      warmUp: least,
      say: (words) => said.push(words),
    };
    const comparison = await compare(plan);

    const { findings } = comparison;
    expect(findings).toHaveLength(6);
    expect(findings.every(({ ratio }) => ratio.mid > 0)).toBe(true);
    expect(findings.every(({ frames, statements }) => 0 < frames && frames < statements)).toBe(
      true,
    );
    expect(new Set(findings.map(({ statements }) => statements)).size).toBe(1);
    expect(said.at(-1)).toBe("10 rows: round 1 of 1");
    const text = report(comparison, plan);
    expect(text).toContain("| bare server ");
    expect(text).not.toMatch(/NaN|undefined/);
  });

  test("takes no answer with another cell, another row or another column", async () => {
    const right = orders(0, 1).map(askedOf);
    const [first = {}, second = {}] = right;

    expect(await answering(right)).toBe(JSON.stringify(right).length);
    await expect(answering([first])).rejects.toThrow("answers 1 rows, not 2");
    await expect(answering([second, first])).rejects.toThrow("row 1 of 2: number is 100001");
    await expect(answering([first, { ...second, total: "1.0" }])).rejects.toThrow("total is");
    await expect(answering([first, { ...second, note: null }])).rejects.toThrow("note was not");
    await expect(answering([first, {}])).rejects.toThrow("number is absent");
  });
});

function askedOf(order: Order): Order {
  return Object.fromEntries(asked.map((name) => [name, order[name] ?? null]));
}

/** Verifies a server that answers like this to whoever asks for two rows. */
async function answering(rows: readonly Order[]): Promise<number> {
  const server = createServer((_, response) => response.end(JSON.stringify(rows))).listen(0);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return await verify(bareEndpoint(`http://127.0.0.1:${port}`), 2);
}
