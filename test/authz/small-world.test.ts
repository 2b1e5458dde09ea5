/**
 * Every set of at most two roles over one dataset of two columns and two rows, for each action by itself:
 * what the reference answers, the access plan has to decide.
 */
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import type { KnownDataset } from "../../src/access/known-dataset.ts";
import { decidedIn, definitionOf, inHand } from "../proof/in-code-words.ts";
import { fieldsRead, writeEnds } from "../proof/judged.ts";
import type { Action, Cell, Scene } from "../reference/model.ts";
import { smallAnswers } from "../reference/small-answers.ts";
import { everySet, type Policy, SMALL, SMALL_SETS, smallWorld } from "../reference/small-world.ts";

const SETS = 23_653;

const definition = definitionOf(SMALL);

function sceneOf(action: Action, policies: readonly Policy[]): Scene {
  const world = smallWorld(action, policies);
  const [caller] = world.callers;
  if (!caller) throw new Error("The small world has one caller.");
  return { world, caller, dataset: SMALL };
}

const rowInHand = (cells: Readonly<Record<string, Cell>>) => inHand({ cells }, definition);

/** The same answers as {@link smallAnswers}, by the plan. */
function planned(action: Action, dataset: KnownDataset): string[] {
  const ends = (was: Record<string, Cell> | null, cells: Record<string, Cell>) =>
    writeEnds(dataset, {
      action: action as "CREATE",
      was: was && rowInHand(was),
      becomes: rowInHand({ ...was, ...cells }),
      set: Object.keys(cells),
      targets: [],
    });
  if (action === "CREATE") return SMALL_SETS.map((cells) => ends(null, cells));
  if (action === "DELETE") return SMALL.rows.map(({ cells }) => ends(cells, {}));
  if (action === "UPDATE") {
    return SMALL.rows.flatMap(({ cells }) =>
      SMALL_SETS.filter((to) => Object.keys(to).length > 0).map((to) => ends(cells, to)),
    );
  }
  return SMALL.rows.map(({ cells }) => {
    const read = fieldsRead(dataset, rowInHand(cells));
    if (read === null) return "unseen";
    const shown = definition.columns.filter(({ id }) => read.has(id));
    return JSON.stringify(Object.fromEntries(shown.map(({ name }) => [name, cells[name]])));
  });
}

test.each(["READ", "CREATE", "UPDATE", "DELETE"] as const)(
  "of every set of at most two roles the access plan decides about %s as the contract says",
  (action) => {
    let count = 0;
    const astray: object[] = [];
    for (const policies of everySet()) {
      count += 1;
      const scene = sceneOf(action, policies);
      const due = smallAnswers(action, scene.world);
      const done = planned(action, decidedIn(scene, definition));
      if (!isDeepStrictEqual(done, due)) astray.push({ policies, done, due });
    }
    expect(astray.slice(0, 3)).toEqual([]);
    expect(count).toBe(SETS);
    console.log(`Small world: ${count} sets of roles for ${action}.`);
  },
);
