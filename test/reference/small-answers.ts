import { createRow } from "./create-row.ts";
import { deleteRow } from "./delete-row.ts";
import type { Action, Scene, World } from "./model.ts";
import { readableCells, seesRow } from "./sight.ts";
import { SMALL, SMALL_SETS } from "./small-world.ts";
import { updateRow } from "./update-row.ts";

/**
 * The answers to every question that one action raises in the small world, each on a line of its own:
 * what is read of each row; how the making of every new row ends, each change of each row, and each
 * deletion.
 */
export function smallAnswers(action: Action, world: World): string[] {
  const [caller] = world.callers;
  if (!caller) throw new Error("The small world has one caller.");
  const scene: Scene = { world, caller, dataset: SMALL };
  if (action === "READ") {
    return SMALL.rows.map((row) =>
      seesRow(scene, row) ? JSON.stringify(readableCells(scene, row)) : "unseen",
    );
  }
  if (action === "CREATE") {
    return SMALL_SETS.map((cells) =>
      createRow(scene, { id: "row 3", cells, links: {} }).codes.join(" or "),
    );
  }
  if (action === "UPDATE") {
    return SMALL.rows.flatMap(({ id }) =>
      SMALL_SETS.filter((cells) => Object.keys(cells).length > 0).map((cells) =>
        updateRow(scene, { id, cells, links: {} }).codes.join(" or "),
      ),
    );
  }
  return SMALL.rows.map(({ id }) => deleteRow(scene, id).codes.join(" or "));
}
