import fc from "fast-check";
import { createRow } from "../../reference/create-row.ts";
import { deleteRow } from "../../reference/delete-row.ts";
import { aNewRow, anUpsert, aRowChange } from "../../reference/drawn-asks.ts";
import { KEY } from "../../reference/drawn-dataset.ts";
import type { Write } from "../../reference/heard.ts";
import type { Scene } from "../../reference/model.ts";
import { updateRow } from "../../reference/update-row.ts";
import { upsertRow } from "../../reference/upsert-row.ts";
import type { Written } from "../../reference/write.ts";

/** A write, and what becomes of it: as it is, and if it set no links. */
export interface Drawn {
  readonly write: Write;
  readonly written: Written;
  readonly unlinked: Written;
}

/** Whether a write is done that is about links, or fails by them alone, as few do that are drawn by chance. */
export function isTelling({ write, written: { codes }, unlinked }: Drawn): boolean {
  if (write.field === "deleteRows") return codes.includes("OK");
  if (codes.includes("OK")) return Object.values(write.links).some((ids) => ids.length > 0);
  return codes.includes("NOT_FOUND") && unlinked.codes.includes("OK");
}

/** A write of one row by a caller, to be done where everything stands as in the scene. */
export function aWrite(scene: Scene, id: string): fc.Arbitrary<Drawn> {
  const { world, dataset } = scene;
  return fc.oneof(
    aNewRow(world, dataset, id).map((row) => ({
      write: { field: "createRows" as const, ...row },
      written: createRow(scene, row),
      unlinked: createRow(scene, { ...row, links: {} }),
    })),
    aNewRow(world, dataset, id).map(({ cells }) => {
      const row = { id, cells, links: {} };
      const written = createRow(scene, row, "row::import");
      return { write: { field: "importRows" as const, ...row }, written, unlinked: written };
    }),
    aRowChange(world, dataset).map((change) => ({
      write: { field: "updateRows" as const, ...change },
      written: updateRow(scene, change),
      unlinked: updateRow(scene, { ...change, links: {} }),
    })),
    anUpsert(world, dataset, id).map((row) => ({
      write: { field: "upsertRows" as const, by: KEY, ...row },
      written: upsertRow(scene, KEY, row),
      unlinked: upsertRow(scene, KEY, { ...row, links: {} }),
    })),
    fc.constantFrom(...dataset.rows).map((row) => ({
      write: { field: "deleteRows" as const, id: row.id },
      written: deleteRow(scene, row.id),
      unlinked: deleteRow(scene, row.id),
    })),
  );
}
