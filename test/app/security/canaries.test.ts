/**
 * Every secret that there is, is a canary: it is used rightly and wrongly, sent where it does not belong, mistyped and
 * cut off, and is then found in no answer, no log line and no event; neither are its hashes.
 */
import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newKeyText } from "../../../src/identity/secret/key-text.ts";
import { draws } from "../../support/draws.ts";
import { type Canary, found, tracesOf, type Written } from "./canaries/canary.ts";
import { aHouse, type House } from "./canaries/house.ts";
import { misusesOf } from "./canaries/misuses.ts";
import { askForAll, tablesWith, useRightly } from "./canaries/uses.ts";

let house: House;

beforeAll(async () => {
  house = await aHouse();
});

afterAll(async () => {
  await house.server.close();
});

/** How many requests are on their way at once. */
const AT_ONCE = 25;

/** Sends everything that can be done wrong with a canary; by the administrator where it presents nothing else. */
async function misuse({ of, text }: Canary, by: Readonly<Record<string, string>>): Promise<void> {
  const sendings = misusesOf(text).map(({ where, sending }) => () => {
    const headers = { ...by, ...sending.headers };
    return house.send(`${of}: ${where}`, { ...sending, headers });
  });
  for (let from = 0; from < sendings.length; from += AT_ONCE) {
    // oxlint-disable-next-line no-await-in-loop
    await Promise.all(sendings.slice(from, from + AT_ONCE).map((send) => send()));
  }
}

/** A canary as it is, with another last character, without its end, and as it is beside a key. */
const WAYS: readonly ((text: string) => readonly [string, Readonly<Record<string, string>>])[] = [
  (text) => [text, {}],
  (text) => [`${text.slice(0, -1)}${text.endsWith("a") ? "b" : "a"}`, {}],
  (text) => [text.slice(0, -2), {}],
  (text) => [text, { "x-api-key": house.world.admin }],
];

/** Everything that was logged, by its names. */
const logged = (): Written[] =>
  house.lines.flatMap((line) => {
    const fields = Object.entries(JSON.parse(line) as Record<string, unknown>);
    const [, message] = fields.find(([name]) => name === "msg") ?? [];
    return fields.map(([name, value]) => ({
      where: `${name} of the log line ${JSON.stringify(message)}`,
      text: `${name} ${JSON.stringify(value)}`,
    }));
  });

/** Everything that the tables of events hold. */
async function events(): Promise<Written[]> {
  const { database, tenantId } = house.world;
  await house.world.settle();
  const { rows } = await database.pool.query<{ text: string }>(
    sql`SELECT row_to_json(e)::text AS text FROM event e WHERE e.tenant_id = ${tenantId}::uuid`,
  );
  return rows.map(({ text }) => ({ where: `the event ${text.slice(0, 160)}`, text }));
}

test("a canary is found where it is shown rightly, by the same search", async () => {
  const { world, answers, ask } = house;
  const text = newKeyText(world.tenantId, world.keyId).text;
  const canary: Canary = { of: "a cell", text, isTold: true };
  const { id } = await world.dataset({
    columns: [{ name: "name", type: "TEXT" }],
    rows: [{ name: text }],
  });
  const query = `query ($id: ID!) { dataset(id: $id) { rows { nodes { values } } } }`;
  await ask("a question for rows", query, { id }, world.admin);
  expect(found([canary], answers)).toEqual(["a cell in the answer to a question for rows"]);
  expect(found([canary], logged())).toEqual([]);
  expect(await tablesWith(house, text)).not.toEqual([]);
  for (const trace of tracesOf(canary)) {
    expect(found([canary], [{ where: "here", text: `before${trace}after` }])).toHaveLength(1);
  }
});

/** Nothing is found where answers, log lines and events are. */
async function expectNoTrace(): Promise<void> {
  const places = [...house.answers, ...logged(), ...(await events())];
  expect(found(house.canaries, places)).toEqual([]);
}

/** The statuses of the answers to a question, in its order. */
const statusesOf = (question: string) =>
  house.answers
    .filter(({ where }) => where === `the answer to a question by ${question}`)
    .map(({ text }) => (JSON.parse(text) as [status: number])[0]);

/** What happened to messages to users, by what the log says. */
const messagesLost = () => house.lines.filter((line) => line.includes("to a user was not sent"));

describe("of every secret there is no trace", () => {
  test("where it is used as it should be, and again", async () => {
    await useRightly(house);
    expect(house.answers.filter(({ text }) => text.startsWith("[200,")).length).toBeGreaterThan(15);
    const { good, tampered, down } = house.jwts;
    expect([good, tampered, down].map(({ of }) => statusesOf(of))).toEqual([
      [200, 200],
      [401, 401],
      [503, 503],
    ]);
    const kinds = messagesLost().map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(new Set(kinds)).toEqual(new Set(house.world.messages.map(({ kind }) => kind)));
    await expectNoTrace();
  });

  test("where it is asked for all that is kept of it", async () => {
    await askForAll(house);
    await expectNoTrace();
  });

  test("where it is sent wrongly", async () => {
    const told = house.canaries.filter(({ isTold }) => isTold);
    for (const [place, canary] of told.entries()) {
      for (let way = 0; way < draws(WAYS.length); way += 1) {
        const [text, by] = WAYS[(place + way) % WAYS.length]?.(canary.text) ?? ["", {}];
        // oxlint-disable-next-line no-await-in-loop
        await misuse({ ...canary, text }, by);
      }
    }
    process.stdout.write(`Canaries: ${house.canaries.length}, answers: ${house.answers.length}\n`);
    await expectNoTrace();
  });

  test("in the clear in any table of the database", async () => {
    const kept = house.canaries.filter(({ isKept = false }) => !isKept);
    expect(await tablesWith(house, house.user.email)).toContain("public.app_user");
    for (const canary of kept) {
      const [middle = ""] = tracesOf(canary);
      // oxlint-disable-next-line no-await-in-loop
      expect({ of: canary.of, in: await tablesWith(house, middle) }).toEqual({
        of: canary.of,
        in: [],
      });
    }
  });
});
