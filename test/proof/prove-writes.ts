import fc from "fast-check";
import type { RowInHand } from "../../src/authz/evaluate.ts";
import type { DatasetDefinition } from "../../src/db/dataset-definition.ts";
import { createRow } from "../reference/create-row.ts";
import { deleteRow } from "../reference/delete-row.ts";
import { aNewRow, aRowChange } from "../reference/drawn-asks.ts";
import type { Cell, Scene } from "../reference/model.ts";
import { updateRow } from "../reference/update-row.ts";
import type { Written } from "../reference/write.ts";
import { columnsByName, inHand } from "./in-code-words.ts";
import { writeEnds, type WriteInHand } from "./judged.ts";
import type { Case } from "./prove-world.ts";

/** A write as the reference has it done, and as the plan judges it. */
interface Compared {
  readonly due: Written;
  readonly write: WriteInHand;
}

/** Compares, of every case, the making of a row, a change of one, and each deletion. */
export function provedWrites(cases: readonly Case[], seed: number) {
  const disagreements: object[] = [];
  let count = 0;
  for (const [at, { scene, dataset }] of cases.entries()) {
    for (const { due, write } of writesOf(scene, dataset.definition, seed + at)) {
      const done = writeEnds(dataset, write);
      count += 1;
      if (!agrees(due, done)) {
        disagreements.push({ caller: scene.caller, write, due: due.codes, done });
      }
    }
  }
  return { count, disagreements };
}

/** What is wrong with values, which the plan says nothing of, may stand beside what is right of rights. */
function agrees({ codes }: Written, done: string): boolean {
  if (codes.includes(done as "OK")) return true;
  return done === "OK" && codes.every((code) => code === "BAD_USER_INPUT");
}

function writesOf(scene: Scene, definition: DatasetDefinition, seed: number): Compared[] {
  const { world, dataset } = scene;
  const sample = { seed, numRuns: 1 };
  const columns = columnsByName(definition);
  const idsOf = (cells: Readonly<Record<string, Cell>>) =>
    Object.keys(cells).map((name) => columns.get(name)?.id ?? name);
  const made = fc.sample(aNewRow(world, dataset, "new"), sample).map((row): Compared => {
    const cells = { ...defaultsOf(scene), ...row.cells };
    const becomes = inHand({ cells }, definition);
    const write = { action: "CREATE", was: null, becomes, set: idsOf(row.cells) } as const;
    return { due: createRow(scene, row), write };
  });
  const changed = fc.sample(aRowChange(world, dataset), sample).map((change): Compared => {
    const was = dataset.rows.find(({ id }) => id === change.id)?.cells ?? {};
    const becomes = inHand({ cells: { ...was, ...change.cells } }, definition);
    const before: RowInHand = inHand({ cells: was }, definition);
    const write = { action: "UPDATE", was: before, becomes, set: idsOf(change.cells) } as const;
    return { due: updateRow(scene, change), write };
  });
  const deleted = dataset.rows.map((row): Compared => {
    const write = {
      action: "DELETE",
      was: inHand(row, definition),
      becomes: null,
      set: [],
    } as const;
    return { due: deleteRow(scene, row.id), write };
  });
  return [...made, ...changed, ...deleted];
}

function defaultsOf({ dataset: { columns } }: Scene): Record<string, Cell> {
  return Object.fromEntries(columns.map(({ name, default: value }) => [name, value]));
}
