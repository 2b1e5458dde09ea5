import type { Dataset, Row, Scene, World } from "./model.ts";
import { meetsConditions } from "./restriction.ts";
import { hasPermission, may, roleGives, rolesOf, rowFilterOf } from "./rights.ts";
import { letsThrough } from "./row-filter.ts";
import { knowsDataset, seenRow } from "./sight.ts";
import { refused, worldWith, type Written } from "./write.ts";

/** What becomes of a row that a caller deletes. */
export function deleteRow(scene: Scene, id: string): Written {
  if (!hasPermission(scene.world, scene.caller, "row::delete")) return refused(scene, "FORBIDDEN");
  if (!knowsDataset(scene)) return refused(scene, "NOT_FOUND");
  if (!may(scene, "DELETE", null)) return refused(scene, "FORBIDDEN");
  const row = seenRow(scene, id);
  if (!row) return refused(scene, "NOT_FOUND");
  if (!mayDelete(scene, row)) return refused(scene, "FORBIDDEN");
  const rest = scene.dataset.rows.filter((one) => one.id !== id);
  const world = withoutLinksTo(worldWith(scene, rest), scene.dataset.name, id);
  return { codes: ["OK"], world, stored: null };
}

function mayDelete(scene: Scene, row: Row): boolean {
  if (!meetsConditions(scene, row)) return false;
  for (const role of rolesOf(scene.world, scene.caller)) {
    if (!roleGives(role, scene, "DELETE", null)) continue;
    if (letsThrough(rowFilterOf(role, scene.dataset, "DELETE"), row, scene)) return true;
  }
  return false;
}

/** Deleting a row removes the links to it. */
function withoutLinksTo(world: World, target: string, id: string): World {
  const datasets = world.datasets.map((dataset): Dataset => {
    const leading = dataset.links.filter((link) => link.target === target);
    const rows = dataset.rows.map((row): Row => {
      const links: Record<string, readonly string[]> = { ...row.links };
      for (const { name } of leading) links[name] = (links[name] ?? []).filter((to) => to !== id);
      return { ...row, links };
    });
    return { ...dataset, rows };
  });
  return { ...world, datasets };
}
