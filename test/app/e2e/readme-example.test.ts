import { expect, test } from "vitest";
import { aWorld } from "../../support/world.ts";
import { isExample, readmeBlocks } from "../cli/readme-blocks.ts";

const LOOKING = ["dataset::get", "row::get"];

function blockOf(name: string): string {
  const block = readmeBlocks().find((each) => isExample(each) && each.info === `example ${name}`);
  if (!block) throw new Error(`The README has no example ${name}.`);
  return block.text;
}

test("the README's example of the access model answers as it says", async () => {
  const world = await aWorld();
  const { id: sales, columns } = await world.dataset({
    name: "sales",
    columns: [
      { name: "name", type: "TEXT" },
      { name: "region", type: "TEXT" },
      { name: "price", type: "INTEGER" },
    ],
    rows: [
      { name: "Bob", region: "US", price: 20 },
      { name: "Ada", region: "EU", price: 10 },
    ],
  });
  const partner = await world.role({ name: "partner", permissions: LOOKING });
  const analyst = await world.role({ name: "analyst", permissions: LOOKING });
  await world.ask(blockOf("roles"), { variables: { partner, analyst, sales, ...columns } });
  const key = await world.key({ roles: [partner, analyst] });
  const answer: unknown = JSON.parse(blockOf("answer"));
  expect(await world.ask(blockOf("question"), { key })).toEqual(answer);
  const everything = await world.ask<{ dataset: { named: object } }>(blockOf("question"));
  expect(everything.dataset.named).toEqual({ totalCount: 1 });
});
