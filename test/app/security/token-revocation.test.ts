import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { draws } from "../../support/draws.ts";
import { aWorld } from "../../support/world.ts";

const { database } = await aWorld();
afterAll(() => database.close());

/** How many requests with one token are on their way at once. */
const AT_ONCE = 8;

/** How long others ask before a token ends, and go on afterwards, in milliseconds. */
const BEFORE_MS = 100;
const AFTER_MS = 100;

/** Ways to end a token, and the code of what it then hears. */
const ENDS = {
  "it is revoked": [
    `mutation ($token: ID!) { revokeAccessToken(input: { id: $token }) { accessToken { id } } }`,
    "UNAUTHENTICATED",
  ],
  "its key is revoked": [
    `mutation ($key: ID!) { revokeKey(input: { id: $key }) { key { id } } }`,
    "UNAUTHENTICATED",
  ],
  "its role is taken from its key": [
    `mutation ($role: ID!) { deleteRole(input: { id: $role }) { id } }`,
    "FORBIDDEN",
  ],
} as const;

/** A dataset, and tokens that read and write it. */
async function aScene() {
  const world = await aWorld();
  const { id } = await world.dataset({ columns: [{ name: "name", type: "TEXT" }] });
  const READ = `query ($id: ID!) { dataset(id: $id) { rowCount } }`;
  const WRITE = `mutation ($id: ID!) { createRows(input: { datasetId: $id, rows: [{ name: "x" }] }) { count } }`;
  const permissions = ["dataset::get", "row::get", "row::create", "access_token::create"];
  const aToken = async () => {
    const role = await world.role({ permissions, canRead: true, canCreate: true });
    const key = await world.keyWithId({ roles: [role] });
    const token = await world.token({ key: key.secret });
    const ask = async (isWriting: boolean) => {
      const asking = { ...token.asking, variables: { id } };
      const begun = performance.now();
      const { errors } = await world.run(isWriting ? WRITE : READ, asking);
      return { begun, isWriting, code: errors[0]?.extensions.code ?? "OK" };
    };
    return { ids: { token: token.id, key: key.id, role }, ask };
  };
  const rows = async () =>
    (await world.ask<{ dataset: { rowCount: number } }>(READ, { variables: { id } })).dataset
      .rowCount;
  return { world, aToken, rows };
}

test.each(Object.entries(ENDS))(
  "of the requests that begin after it was acknowledged that %s, none is allowed",
  async (_how, [end, expected]) => {
    const rounds = draws(database.kind === "PGlite" ? 5 : 50);
    const { world, aToken, rows } = await aScene();
    const tried = { before: 0, writes: 0, after: 0, allowed: 0 };
    for (let round = 0; round < rounds; round += 1) {
      const { ids, ask } = await aToken();
      const answers: Awaited<ReturnType<typeof ask>>[] = [];
      const over = new AbortController();
      const load = Array.from({ length: AT_ONCE }, async (_none, place) => {
        while (!over.signal.aborted) answers.push(await ask(place % 2 === 0));
      });
      await sleep(BEFORE_MS);
      const { errors } = await world.run(end, { variables: ids });
      const acknowledged = performance.now();
      const written = await rows();
      await sleep(AFTER_MS);
      over.abort();
      await Promise.all(load);
      expect(errors).toEqual([]);
      const after = answers.filter(({ begun }) => begun > acknowledged);
      expect(new Set(after.map(({ code }) => code))).toEqual(new Set([expected]));
      tried.before += answers.length - after.length;
      tried.writes += answers.filter(({ isWriting, code }) => isWriting && code === "OK").length;
      tried.after += after.length;
      tried.allowed += after.filter(({ code }) => code === "OK").length;
      // What was under way when it was acknowledged wrote nothing afterwards.
      expect(await rows()).toBe(written);
    }
    console.log(
      `${rounds} ends under load: ${tried.before} requests before (${tried.writes} writes), ${tried.after} after, of which ${tried.allowed} were allowed.`,
    );
    expect(await rows()).toBe(tried.writes);
  },
);
