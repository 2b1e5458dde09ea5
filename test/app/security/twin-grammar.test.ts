/**
 * Two tenants are alike in all that one caller reads, and different in everything else; they are asked
 * documents drawn from a grammar. Every answer to the caller has to be the same to the byte.
 */
import { afterAll, expect, test } from "vitest";
import { testDatabase } from "../../support/database.ts";
import { compare } from "./twins/compare.ts";
import { aPair } from "./twins/twins.ts";

const database = await testDatabase();
afterAll(() => database.close());

/** Tells of what was asked as well, where the answers are not alike. */
const told = (apart: readonly string[]) => apart.slice(0, 3).join("\n\n");

test("a caller is told the same by twins, whatever it asks and does", async () => {
  const twins = await aPair(database, 1);
  const tally = await compare(twins, { seed: 1, documents: 2_000, askers: ["caller", "caller"] });
  expect(told(tally.apart)).toBe("");
  process.stdout.write(`Documents asked of twins: ${tally.documents}\n`);
  expect(tally.documents).toBeGreaterThanOrEqual(2_000);
  expect(tally.answered).toBeGreaterThan(tally.documents / 2);
});

test("a publishable key with the same roles is told the same", async () => {
  const twins = await aPair(database, 2);
  const tally = await compare(twins, { seed: 2, documents: 100, askers: ["page", "page"] });
  expect(told(tally.apart)).toBe("");
});

test("a user is told the same, also of other users and their sessions", async () => {
  const twins = await aPair(database, 5);
  const tally = await compare(twins, { seed: 5, documents: 1_000, askers: ["user", "user"] });
  expect(told(tally.apart)).toBe("");
  process.stdout.write(`Documents that users asked of twins: ${tally.documents}\n`);
  expect(tally.answered).toBeGreaterThan(tally.documents / 2);
});

test("a user by a JWT is told the same, whose roles are claimed in part", async () => {
  const twins = await aPair(database, 10);
  const tally = await compare(twins, { seed: 10, documents: 500, askers: ["jwt", "jwt"] });
  expect(told(tally.apart)).toBe("");
  process.stdout.write(`Documents that users by JWTs asked of twins: ${tally.documents}\n`);
  expect(tally.answered).toBeGreaterThan(tally.documents / 2);
});

test("a token is told the same, whose condition is on a column that it does not know", async () => {
  const twins = await aPair(database, 8, { isBeyond: true });
  const tally = await compare(twins, { seed: 8, documents: 1_000, askers: ["token", "token"] });
  expect(told(tally.apart)).toBe("");
  process.stdout.write(`Documents that tokens asked of twins: ${tally.documents}\n`);
  expect(tally.answered).toBeGreaterThan(tally.documents / 2);
});

test("a key with its roles is not, so that there are rows beyond the condition", async () => {
  const twins = await aPair(database, 9, { isBeyond: true });
  const tally = await compare(twins, { seed: 9, documents: 50, askers: ["caller", "caller"] });
  expect(tally.apart).not.toStrictEqual([]);
});

test("whoever knows users by their names is told the same of their addresses, attributes and sessions", async () => {
  const twins = await aPair(database, 6, { isMore: false });
  const tally = await compare(twins, { seed: 6, documents: 500, askers: ["clerk", "clerk"] });
  expect(told(tally.apart)).toBe("");
});

test("a clerk of twins that have not as many users is not, so that users are asked for", async () => {
  const twins = await aPair(database, 7);
  const askers = ["clerk", "clerk"] as const;
  const { apart } = await compare(twins, { seed: 7, documents: 300, askers });
  expect(apart).not.toStrictEqual([]);
});

test("an administrator is not, so that the twins differ", async () => {
  const twins = await aPair(database, 3);
  const askers = ["administrator", "administrator"] as const;
  expect((await compare(twins, { seed: 3, documents: 50, askers })).apart).not.toStrictEqual([]);
});

test("a caller who saw one column in rows out of sight would not be, so that a leak is found", async () => {
  const twins = await aPair(database, 4);
  const askers = ["leaky", "leaky"] as const;
  const { apart } = await compare(twins, { seed: 4, documents: 200, askers });
  expect(apart).not.toStrictEqual([]);
});
