import fc from "fast-check";
import { isFieldKnown } from "../../src/authz/access-plan.ts";
import type { RowInHand } from "../../src/authz/evaluate.ts";
import { setByConditions } from "../../src/access/write-needs.ts";
import { createRow, type NewRow } from "../reference/create-row.ts";
import { deleteRow } from "../reference/delete-row.ts";
import { aNewRow, anUpsert, aRowChange } from "../reference/drawn-asks.ts";
import { KEY } from "../reference/drawn-dataset.ts";
import type { Cell, Row, Scene } from "../reference/model.ts";
import { type RowChange, updateRow } from "../reference/update-row.ts";
import { upsertRow } from "../reference/upsert-row.ts";
import { namesSet, type Sets, type Written } from "../reference/write.ts";
import { fieldIdsByName, inHand } from "./in-code-words.ts";
import { fieldsRead, type TargetInHand, writeEnds, type WriteInHand } from "./judged.ts";
import type { Case } from "./prove-world.ts";

/** A write as the reference has it done, and as the plan judges it. */
interface Compared {
  readonly due: Written;
  readonly write: WriteInHand;
}

/** Compares, of every case, the making of a row, a change of one, one or the other by a key, and each deletion. */
export function provedWrites(cases: readonly Case[], seed: number) {
  const disagreements: object[] = [];
  let count = 0;
  for (const [at, one] of cases.entries()) {
    const { scene, dataset } = one;
    for (const { due, write } of writesOf(one, seed + at)) {
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

function writesOf(one: Case, seed: number): Compared[] {
  const { world, dataset } = one.scene;
  const sample = { seed, numRuns: 1 };
  const made = fc.sample(aNewRow(world, dataset, "new"), sample);
  const changed = fc.sample(aRowChange(world, dataset), sample);
  const keyed = fc.sample(anUpsert(world, dataset, "new"), sample);
  return [
    ...made.map((row) => creation(one, row)),
    ...changed.map((change) => edit(one, change)),
    ...keyed.flatMap((row) => upsert(one, row)),
    ...dataset.rows.map((row) => deletion(one, row)),
  ];
}

function creation(one: Case, row: NewRow): Compared {
  const { scene, dataset } = one;
  const given = setByConditions(dataset.definition, dataset.rights);
  const unset = [...given].filter(([{ name }]) => !(name in row.cells));
  const becomes = new Map([
    ...inHand({ cells: { ...defaultsOf(scene), ...row.cells } }, dataset.definition),
    ...unset.map(([{ id }, value]) => [id, value] as const),
  ]);
  return {
    due: createRow(scene, row),
    write: { action: "CREATE", was: null, becomes, ...said(one, row) },
  };
}

function edit(one: Case, change: RowChange): Compared {
  const { scene, dataset } = one;
  const was = scene.dataset.rows.find(({ id }) => id === change.id)?.cells ?? {};
  const before: RowInHand = inHand({ cells: was }, dataset.definition);
  const becomes = inHand({ cells: { ...was, ...change.cells } }, dataset.definition);
  return {
    due: updateRow(scene, change),
    write: { action: "UPDATE", was: before, becomes, ...said(one, change) },
  };
}

/** An upsert is judged as a change of the row that it finds, or as the making of one. */
function upsert(one: Case, row: NewRow): Compared[] {
  const { scene, dataset } = one;
  const { definition, plan } = dataset;
  const key = fieldIdsByName(definition).get(KEY) ?? "";
  const { [KEY]: sought = null, ...cells } = row.cells;
  if (sought === null || !isFieldKnown(plan, key)) return [];
  const there = scene.dataset.rows.find(
    (each) =>
      each.cells[KEY] === sought &&
      fieldsRead(dataset, inHand(each, definition))?.has(key) === true,
  );
  const { write } = there ? edit(one, { ...row, id: there.id, cells }) : creation(one, row);
  return [{ due: upsertRow(scene, KEY, row), write: { ...write, permission: "row::upsert" } }];
}

function deletion({ scene, dataset }: Case, row: Row): Compared {
  const was = inHand(row, dataset.definition);
  return {
    due: deleteRow(scene, row.id),
    write: { action: "DELETE", was, becomes: null, set: [], targets: [] },
  };
}

/** What a write sets, and where it has the row lead. */
function said({ scene, dataset, ofCaller }: Case, sets: Sets) {
  const ids = fieldIdsByName(dataset.definition);
  const targets = scene.dataset.links.flatMap(({ name, target }): TargetInHand[] => {
    const there = ofCaller.get(target);
    const rows = scene.world.datasets.find((each) => each.name === target)?.rows ?? [];
    return (sets.links[name] ?? []).flatMap((id) => {
      const row = rows.find((each) => each.id === id);
      return there ? [{ dataset: there, row: row ? inHand(row, there.definition) : null }] : [];
    });
  });
  return { set: namesSet(sets).map((name) => ids.get(name) ?? name), targets };
}

function defaultsOf({ dataset: { columns } }: Scene): Record<string, Cell> {
  return Object.fromEntries(columns.map(({ name, default: value }) => [name, value]));
}
