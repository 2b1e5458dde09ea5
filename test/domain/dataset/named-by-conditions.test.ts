import { expect, test } from "vitest";
import { aWorld, type World } from "../../support/world.ts";

const REMOVE = `mutation ($id: ID!) { removeColumn(input: {id: $id}) { dataset { id } } }`;
const CONVERT = `mutation ($id: ID!) { updateColumn(input: {id: $id, type: TEXT}) { column { type } } }`;
const RENAME = `mutation ($id: ID!) { updateColumn(input: {id: $id, name: "amount"}) { column { name } } }`;
const REVOKE = `mutation ($id: ID!) { revokeAccessToken(input: {id: $id}) { accessToken { id } } }`;

async function aScene() {
  const world = await aWorld();
  const { id: datasetId, columns } = await world.dataset({
    name: "sales",
    columns: [
      { name: "region", type: "TEXT" },
      { name: "price", type: "INTEGER" },
    ],
  });
  const [region = "", price = ""] = [columns["region"], columns["price"]];
  const condition = { datasetId, column: "price", op: "le", value: 5 };
  const roles = [{ permissions: ["access_token::create"], canRead: true }];
  const key = await world.keyWithId({ roles });
  const mint = (more: object = {}) =>
    world.token({ key: key.secret, conditions: [condition], ...more });
  return { world, datasetId, region, price, key, mint };
}

async function outcome(world: World, document: string, id: string, key = world.admin) {
  const { errors } = await world.run(document, { key, variables: { id } });
  return errors[0]?.extensions ?? null;
}

test("a column that a condition of a token names neither goes nor changes its type, until the token ends", async () => {
  const { world, price, region, mint } = await aScene();
  const [one, other] = [await mint(), await mint()];
  const namedBy = [one, other].map(({ id }) => ({
    kind: "CONDITION",
    dataset: "sales",
    column: null,
    id,
  }));
  expect(await outcome(world, REMOVE, price)).toMatchObject({ code: "CONFLICT", namedBy });
  expect(await outcome(world, CONVERT, price)).toMatchObject({ code: "CONFLICT", namedBy });
  expect(await outcome(world, RENAME, price)).toBeNull();
  await world.ask(REVOKE, { variables: { id: one.id } });
  expect(await outcome(world, REMOVE, price)).toMatchObject({ namedBy: namedBy.slice(1) });
  expect(await outcome(world, REMOVE, region)).toBeNull();
  await world.ask(REVOKE, { variables: { id: other.id } });
  expect(await outcome(world, CONVERT, price)).toBeNull();
  expect(await outcome(world, REMOVE, price)).toBeNull();
});

test.each([
  ["is idle", { idleSeconds: 60 }],
  ["is past its time", { maxSeconds: 60, idleSeconds: 80_000 }],
])("a token that %s names nothing any more", async (_how, more) => {
  const { world, price, mint } = await aScene();
  await mint(more);
  expect(await outcome(world, REMOVE, price)).toMatchObject({ code: "CONFLICT" });
  world.wait(61);
  expect(await outcome(world, REMOVE, price)).toBeNull();
});

test("nor does one whose key is gone", async () => {
  const { world, price, mint, key } = await aScene();
  await mint();
  expect(await outcome(world, REMOVE, price)).toMatchObject({ code: "CONFLICT" });
  await world.ask(`mutation ($id: ID!) { revokeKey(input: {id: $id}) { key { id } } }`, {
    variables: { id: key.id },
  });
  expect(await outcome(world, REMOVE, price)).toBeNull();
});

test("the tokens are listed for whoever may know of tokens, and some of them where there are many", async () => {
  const { world, price, mint } = await aScene();
  await mint();
  const remover = (...permissions: string[]) =>
    world.key({ roles: [{ permissions: ["column::remove", ...permissions], canRead: true }] });
  const listed = async (key: string) =>
    (await outcome(world, REMOVE, price, key))?.["namedBy"] as unknown[];
  expect(await listed(await remover())).toEqual([]);
  expect(await listed(await remover("access_token::find"))).toHaveLength(1);
  for (let made = 0; made < 100; made += 1) await mint();
  expect(await listed(world.admin)).toHaveLength(100);
});

// The embedded database does one transaction at a time.
test("a token that is made while the column goes names one that is there, or none", async () => {
  const rounds = 20;
  for (let round = 0; round < rounds; round += 1) {
    const { world, price, datasetId, key } = await aScene();
    const conditions = [{ datasetId, column: "price", op: "le", value: 5 }];
    const [minted, removed] = await Promise.all([
      world.run(
        `mutation ($input: CreateAccessTokenInput!) { createAccessToken(input: $input) { secret } }`,
        { key: key.secret, variables: { input: { binding: "COOKIE", conditions } } },
      ),
      outcome(world, REMOVE, price),
    ]);
    const isMinted = minted.errors.length === 0;
    expect([isMinted, removed === null]).not.toEqual([true, true]);
    expect([isMinted, removed === null]).toContain(true);
  }
});
