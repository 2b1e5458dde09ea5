import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { aCrowd } from "../proof/crowd.ts";
import { proveWorld } from "../proof/prove-world.ts";
import { aWorld } from "../support/world.ts";

/** How many cells are looked at, each for one caller. */
const CELLS = 100_000;

const { database } = await aWorld();
afterAll(() => database.close());

test("for every cell and write the reference, the access plan and the readable view agree", async () => {
  const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  const counted = { worlds: 0, cells: 0, writes: 0 };
  while (counted.cells < CELLS) {
    const [world] = fc.sample(aCrowd({ hasLinks: false }), {
      seed: seed + counted.worlds,
      numRuns: 1,
    });
    if (!world) throw new Error("No world was drawn.");
    // eslint-disable-next-line no-await-in-loop
    const { cells, writes, disagreements } = await proveWorld(world, seed);
    expect({ seed: seed + counted.worlds, astray: disagreements.slice(0, 2) }).toEqual({
      seed: seed + counted.worlds,
      astray: [],
    });
    counted.worlds += 1;
    counted.cells += cells;
    counted.writes += writes;
  }
  console.log(
    `${counted.cells} cells and ${counted.writes} writes of ${counted.worlds} worlds, seeds from ${seed}.`,
  );
});
