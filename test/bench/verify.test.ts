import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { bareEndpoint } from "../../bench/requests/endpoints.ts";
import { expected, type Order } from "../../bench/requests/orders.ts";
import { verify } from "../../bench/requests/verify.ts";

const right = expected(2);
const [first = {}, second = {}] = right;

describe("The bench takes an answer", () => {
  test("that is what was written", async () => {
    expect(await answering(right)).toBe(JSON.stringify(right).length);
  });

  test("that spells the same cells in another way and order", async () => {
    const spelt: Order = {
      created_at: "2020-01-01T00:00:00+00:00",
      ordered_on: "2020-01-01T00:00:00",
      ...first,
      number: String(first["number"]),
      total: Number(first["total"]),
    };
    await expect(answering([spelt, second])).resolves.toBeGreaterThan(0);
  });

  test("with no other cell, row or column", async () => {
    await expect(answering([first])).rejects.toThrow("answers 1 rows, not 2");
    await expect(answering([second, first])).rejects.toThrow("in row 1 of 2, number is 100008");
    await expect(answering([first, { ...second, total: "1.0" }])).rejects.toThrow("total is");
    await expect(answering([first, { ...second, note: null }])).rejects.toThrow("note is null");
    await expect(answering([first, {}])).rejects.toThrow("number is absent");
  });
});

/** Verifies a server that answers like this to whoever asks for two rows. */
async function answering(rows: readonly Order[]): Promise<number> {
  const server = createServer((_, response) => response.end(JSON.stringify(rows))).listen(0);
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return await verify(
    bareEndpoint({ address: `http://127.0.0.1:${port}`, pid: process.pid }),
    right,
  );
}
