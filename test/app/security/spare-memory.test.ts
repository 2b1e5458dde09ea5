/** Answers are made in memory that other answers were made in, and hold nothing of those. */
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, test } from "vitest";
import { spareMemory } from "../../../src/memory/spare-memory.ts";
import { fill } from "../../support/filled.ts";
import { aWorld } from "../../support/world.ts";
import { listeningApi } from "../e2e/listening-api.ts";

const GROUPS = [0, 1, 2, 3];
const ROWS = 400;
/** Longer than what a socket takes at once, in all the rows of a group. */
const LENGTH = 20_000;

const wordOf = (group: number) => String.fromCharCode(97 + group).repeat(LENGTH);

describe("The memory of answers", async () => {
  const world = await aWorld();
  const api = await listeningApi(world.database);
  afterAll(() => api.close());
  const dataset = await world.dataset({
    columns: [
      { name: "group", type: "INTEGER" },
      { name: "word", type: "TEXT" },
    ],
  });
  const cells = { 1: "n % 4", 2: `repeat(chr(97 + n % 4), ${LENGTH})` };
  await fill(world, dataset, { rows: GROUPS.length * ROWS, cells });

  const query = `query ($id: ID!, $group: Cell) {
    dataset(id: $id) {
      rows(first: ${ROWS}, filter: { column: "group", eq: $group }) { nodes { values(columns: ["word"]) } }
    }
  }`;

  /** Asks for the rows of a group; of the answer nothing is taken yet. */
  async function begun(group: number): Promise<IncomingMessage> {
    const headers = { "content-type": "application/json", "x-api-key": world.admin };
    const asked = request(api.url, { method: "POST", headers, agent: false });
    asked.end(JSON.stringify({ query, variables: { id: dataset.id, group } }));
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    return answer;
  }

  /** Takes the answer, which has to hold the rows of the group alone. */
  async function expectWhole(answer: IncomingMessage, group: number): Promise<void> {
    const row = `{"values":{"word":"${wordOf(group)}"}}`;
    const rows = Array.from({ length: ROWS }, () => row).join();
    const whole = `{"data":{"dataset":{"rows":{"nodes":[${rows}]}}}}`;
    const body = await text(answer);
    // A difference of megabytes would say nothing.
    expect(body === whole, `${body.length} bytes of group ${group}: ${body.slice(0, 100)}`).toBe(
      true,
    );
  }

  const all = async () =>
    await Promise.all(GROUPS.map(async (group) => expectWhole(await begun(group), group)));

  test("is used for many at once, each of which is whole", async () => {
    for (const _round of [1, 2]) {
      // oxlint-disable-next-line no-await-in-loop
      await all();
    }
    expect(spareMemory.bytes).toBeGreaterThan(0);
  });

  test("is not used again while a client has yet to take what is in it", async () => {
    const slow = await Promise.all(GROUPS.map(begun));
    await all();
    await Promise.all(slow.map((answer, group) => expectWhole(answer, group)));
  });

  test("may be used again where a client went away", async () => {
    for (const group of GROUPS) {
      // oxlint-disable-next-line no-await-in-loop
      const answer = await begun(group);
      answer.destroy();
    }
    await expect(all()).resolves.toBeDefined();
  });
});
