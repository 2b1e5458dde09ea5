import fc from "fast-check";
import { afterAll, expect, inject, test } from "vitest";
import { deleteTenant } from "../../src/domain/tenant/delete-tenant.ts";
import { aCrowd } from "../proof/crowd.ts";
import { proveWorld } from "../proof/prove-world.ts";
import { aWorld } from "../support/world.ts";

const { cells: wanted, seed } = inject("proof");

/** A cell takes less than a millisecond; what hangs is known by this. */
const timeout = 300_000 + wanted * 10;

const { database } = await aWorld();
afterAll(() => database.close());

test(
  "for every cell and write the reference, the access plan and the readable view agree",
  { timeout },
  async () => {
    const begun = performance.now();
    const counted = { worlds: 0, cells: 0, ofTokens: 0, writes: 0 };
    while (counted.cells < wanted) {
      const drawn = seed + counted.worlds;
      const [world] = fc.sample(aCrowd(), { seed: drawn, numRuns: 1 });
      if (!world) throw new Error("No world was drawn.");
      // eslint-disable-next-line no-await-in-loop
      const proved = await proveWorld(world, drawn);
      const { slug, cells, cellsOfTokens, writes, disagreements } = proved;
      expect({ seed: drawn, astray: disagreements.slice(0, 2) }).toEqual({
        seed: drawn,
        astray: [],
      });
      // A long run would fill the database otherwise.
      // eslint-disable-next-line no-await-in-loop
      await deleteTenant(database, slug);
      counted.worlds += 1;
      counted.cells += cells;
      counted.ofTokens += cellsOfTokens;
      counted.writes += writes;
    }
    expect(counted.ofTokens).toBeGreaterThan(counted.cells / 5);
    const seconds = ((performance.now() - begun) / 1_000).toFixed(0);
    console.log(
      `${counted.cells} cells, of tokens ${counted.ofTokens}, and ${counted.writes} writes, seeds ${seed} to ${seed + counted.worlds - 1}, ${seconds} s, 0 disagreements`,
    );
  },
);
