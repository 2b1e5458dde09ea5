import { expect, test } from "vitest";
import { statementsOf } from "../../support/statements.ts";
import { aWorld, type World } from "../../support/world.ts";

const EVERYTHING = `{
  viewer { roles permissions tenant { slug } }
  permissions { name }
  roles { totalCount nodes {
    name permissions grants { read role { name } dataset { name } column { name } } } }
  keys { totalCount nodes { name status roles { name grants { id } } } }
}`;

async function aDatasetWithItsReader(world: World): Promise<void> {
  const { id: datasetId, columns } = await world.dataset({
    columns: [
      { name: "a", type: "TEXT" },
      { name: "b", type: "TEXT" },
    ],
  });
  const grants = Object.values(columns).map(
    (columnId) => ({ datasetId, columnId, read: "ALLOW" }) as const,
  );
  await world.key({ roles: [{ grants: [{ datasetId, update: "WITHHOLD" }, ...grants] }, {}] });
}

test("what lists roles, keys and grants takes the same statements however many there are", async () => {
  const world = await aWorld();
  const ask = statementsOf(world.database);
  // What was asked for before is not read again: what making things has asked for, too.
  const take = async () => {
    await ask(EVERYTHING, world.admin);
    return await ask(EVERYTHING, world.admin);
  };
  await aDatasetWithItsReader(world);
  const few = await take();
  for (let more = 0; more < 3; more += 1) {
    // eslint-disable-next-line no-await-in-loop
    await aDatasetWithItsReader(world);
  }
  const many = await take();
  expect(many).toHaveLength(few.length);
  expect(few.length).toBeLessThan(20);
});

test("what checks a new key takes the same statements however much it hands out", async () => {
  const world = await aWorld();
  const take = statementsOf(world.database);
  const all = { canRead: true, canCreate: true, canUpdate: true, canDelete: true };
  const key = await world.key({ roles: [{ ...all, permissions: ["key::create"] }] });
  const document = `mutation ($roles: [ID!]!) {
    createKey(input: { name: "made", roleIds: $roles }) { secret }
  }`;
  const roleOn = async (datasets: number) => {
    const made = await Promise.all(
      Array.from({ length: datasets }, () =>
        world.dataset({ columns: [{ name: "a", type: "TEXT" }] }),
      ),
    );
    return await world.role({
      grants: made.map(({ id }) => ({ datasetId: id, read: "ALLOW" }) as const),
    });
  };
  const [one, three] = [await roleOn(1), await roleOn(3)];
  const few = await take(document, key, { roles: [one] });
  const many = await take(document, key, { roles: [one, three] });
  expect(many).toHaveLength(few.length);
});
