import { beforeAll, expect, test } from "vitest";
import { aWorld, type World } from "../../support/world.ts";
import { explained, explainedToItself } from "./explaining.ts";

let world: World;
let films: Awaited<ReturnType<World["dataset"]>>;
let link: Awaited<ReturnType<World["link"]>>;

beforeAll(async () => {
  world = await aWorld();
  films = await world.dataset({
    columns: [{ name: "title", type: "TEXT" }],
    rows: [{ title: "One" }],
  });
  link = await world.link({ datasetId: films.id, targetId: films.id });
});

const question = () => ({ object: { rowId: films.rows[0] ?? "" }, action: "READ" });

/** A role that sees rows by the link alone, of which it gives no column. */
async function byLink() {
  return await world.role({
    permissions: ["viewer::get", "row::get", "dataset::get", "node::get"],
    grants: [{ datasetId: films.id, linkId: link.id, read: "ALLOW" }],
  });
}

test("a row that is seen by a link alone is told to be seen", async () => {
  const roleId = await byLink();
  const key = await world.key({ roles: [roleId] });
  const seen = await world.ask(`query ($id: ID!) { node(id: $id) { id } }`, {
    key,
    variables: { id: films.rows[0] },
  });
  expect(seen).toEqual({ node: { id: films.rows[0] } });
  expect((await explainedToItself(world, question(), { key }))?.allowed).toBe(true);
  const subject = { roleIds: [roleId] };
  expect((await explained(world, { subject, ...question() }))?.allowed).toBe(true);
});

test("what another sees by a link that the caller does not know is not told", async () => {
  const key = await world.key({
    roles: [
      {
        permissions: ["access::explain", "row::get", "dataset::get"],
        grants: [{ datasetId: films.id, columnId: films.columns["title"] ?? "", read: "ALLOW" }],
      },
    ],
  });
  const [withLink, without] = [await byLink(), await world.role({ permissions: ["row::get"] })];
  const told = async (roleId: string) => {
    const found = await explained(world, { subject: { roleIds: [roleId] }, ...question() }, key);
    return found?.steps.filter(({ gate }) => gate === "DATA").map(({ passed }) => passed);
  };
  expect(await told(withLink)).toEqual([false]);
  expect(await told(without)).toEqual([false]);
});
