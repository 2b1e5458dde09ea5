import { afterAll, expect, test } from "vitest";
import { draws } from "../../support/draws.ts";
import { aWorld } from "../../support/world.ts";
import { endedUnderLoad, inWords, nothingTried } from "./under-load.ts";

const { database } = await aWorld();
afterAll(() => database.close());

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
      const { errors } = await world.run(isWriting ? WRITE : READ, asking);
      return errors[0]?.extensions.code ?? "OK";
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
    const tried = nothingTried();
    for (let round = 0; round < rounds; round += 1) {
      const { ids, ask } = await aToken();
      const run = () => world.run(end, { variables: ids });
      const { errors, outcomes, late } = await endedUnderLoad({ ask, end: run, rows }, tried);
      expect(errors).toEqual([]);
      expect(outcomes).toEqual(new Set([expected]));
      // What was under way when it was acknowledged wrote nothing afterwards.
      expect(late).toBe(0);
    }
    console.log(inWords(tried));
    // One that was done just before its token ended is there, and could not be answered any more.
    expect(await rows()).toBeGreaterThanOrEqual(tried.writes);
  },
);
