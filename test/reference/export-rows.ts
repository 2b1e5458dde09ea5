import { type Listing, listRows } from "./list-rows.ts";
import type { Cell, Scene } from "./model.ts";
import { hasPermission, may } from "./rights.ts";
import { knowsDataset, readableCells } from "./sight.ts";

/** What is asked of `exportRows`. */
export interface Exporting extends Listing {
  /** All that the caller may read if not set. */
  readonly columns?: readonly string[];
}

/** What comes back: the cells of each row that stand in the file, or an error and no file. */
export type Exported =
  | { readonly is: "FILE"; readonly rows: readonly Readonly<Record<string, Cell>>[] }
  | { readonly is: "ERROR"; readonly code: "FORBIDDEN" | "NOT_FOUND" | "BAD_USER_INPUT" };

/** The file that a caller gets of a dataset: of each row in its list the cells that it reads, and no other. */
export function exportRows(scene: Scene, { columns, ...listing }: Exporting): Exported {
  if (!hasPermission(scene.world, scene.caller, "row::export")) {
    return { is: "ERROR", code: "FORBIDDEN" };
  }
  if (!knowsDataset(scene)) return { is: "ERROR", code: "NOT_FOUND" };
  const readable = scene.dataset.columns
    .map(({ name }) => name)
    .filter((name) => may(scene, "READ", name));
  const list = listRows(scene, listing);
  if (list.is !== "ROWS")
    return { is: "ERROR", code: list.is === "ERROR" ? list.code : "NOT_FOUND" };
  const asked = columns ?? readable;
  if (asked.length === 0 || asked.some((name) => !readable.includes(name))) {
    return { is: "ERROR", code: "BAD_USER_INPUT" };
  }
  const rows: Record<string, Cell>[] = [];
  for (const id of list.ids) {
    const row = scene.dataset.rows.find((one) => one.id === id);
    if (!row) continue;
    const cells = Object.entries(readableCells(scene, row));
    rows.push(Object.fromEntries(cells.filter(([name]) => asked.includes(name))));
  }
  return { is: "FILE", rows };
}
