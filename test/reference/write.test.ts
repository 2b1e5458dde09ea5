import { describe, expect, test } from "vitest";
import { ALL, column, type Gives, READS, scene, table, withLink } from "./by-hand.ts";
import { createRow } from "./create-row.ts";
import { deleteRow } from "./delete-row.ts";
import type { Cell, Column, Filter } from "./model.ts";
import { seesRow } from "./sight.ts";
import { updateRow } from "./update-row.ts";
import { upsertRow } from "./upsert-row.ts";

const TASKS = table(
  "tasks",
  [
    column("owner", "TEXT"),
    column("state", "TEXT", { default: "new" }),
    column("size", "INTEGER", { isRequired: true, default: 1 }),
  ],
  [
    { owner: "ada", state: "open", size: 1 },
    { owner: "bob", state: "open", size: 2 },
  ],
);

const ADAS: Filter = { column: "owner", eq: "ada" };
type Cells = Record<string, Cell>;

const create = (roles: readonly Gives[], cells: Cells) =>
  createRow(scene([TASKS], roles), { id: "tasks 3", cells, links: {} });
const update = (roles: readonly Gives[], id: string, cells: Cells) =>
  updateRow(scene([TASKS], roles), { id: `tasks ${id}`, cells, links: {} });
const remove = (roles: readonly Gives[], id: string) =>
  deleteRow(scene([TASKS], roles), `tasks ${id}`);

describe("a new row", () => {
  test("needs one role that gives CREATE and whose filter holds on the complete row", () => {
    const makes: Gives = { on: { CREATE: "ALLOW" }, where: { CREATE: ADAS } };
    expect(create([makes], { owner: "ada" }).codes).toEqual(["OK"]);
    expect(create([makes], { owner: "bob" }).codes).toEqual(["FORBIDDEN"]);
    expect(create([makes], {}).codes).toEqual(["FORBIDDEN"]);
  });

  test("is judged and stored with its defaults", () => {
    const makes: Gives = {
      on: { CREATE: "ALLOW" },
      where: { CREATE: { column: "state", eq: "new" } },
    };
    expect(create([makes], { owner: "eve" }).stored?.cells).toEqual({
      owner: "eve",
      state: "new",
      size: 1,
    });
    expect(create([makes], { state: "open" }).codes).toEqual(["FORBIDDEN"]);
    expect(create([makes], { state: null }).codes).toEqual(["FORBIDDEN"]);
  });

  test("needs for each column that is set a role that gives the row as well as the column", () => {
    const rows: Gives = { on: { CREATE: "ALLOW" }, places: { owner: { CREATE: "WITHHOLD" } } };
    const onlyColumn: Gives = { places: { owner: { CREATE: "ALLOW" } } };
    expect(create([rows, onlyColumn], { owner: "ada" }).codes).toEqual(["FORBIDDEN"]);
    expect(create([rows, onlyColumn], { state: "x" }).codes).toEqual(["OK"]);
    const both: Gives = { on: { CREATE: "ALLOW" }, where: { CREATE: ADAS } };
    expect(create([rows, both], { owner: "ada" }).codes).toEqual(["OK"]);
    expect(create([rows, both], { owner: "bob" }).codes).toEqual(["FORBIDDEN"]);
  });

  test("is refused in the order of what is asked first", () => {
    expect(create([{ ...ALL, permissions: [] }], {}).codes).toEqual(["FORBIDDEN"]);
    expect(create([{}], {}).codes).toEqual(["NOT_FOUND"]);
    expect(create([READS], { nope: 1 }).codes).toEqual(["FORBIDDEN"]);
    expect(create([ALL], { nope: 1 }).codes).toEqual(["BAD_USER_INPUT"]);
    expect(create([ALL], { size: null }).codes).toEqual(["BAD_USER_INPUT"]);
  });

  test("changes nothing if it is refused", () => {
    const refused = create([READS], {});
    expect(refused.world.datasets[0]?.rows).toHaveLength(2);
    expect(create([ALL], {}).world.datasets[0]?.rows).toHaveLength(3);
  });

  test("without a required value is FORBIDDEN to whoever may not set it", () => {
    const strict = {
      ...TASKS,
      columns: [column("owner", "TEXT"), column("must", "TEXT", { isRequired: true })],
    };
    const made = (gives: Gives) =>
      createRow(scene([strict], [gives]), { id: "x", cells: {}, links: {} }).codes;
    expect(made({ on: { CREATE: "ALLOW" } })).toEqual(["BAD_USER_INPUT"]);
    const withheld = { must: { CREATE: "WITHHOLD" } } as const;
    expect(made({ on: { CREATE: "ALLOW" }, places: withheld })).toEqual(["FORBIDDEN"]);
    // One that it does not know is set by nobody who names it.
    const named = { id: "x", cells: { must: "x" }, links: {} };
    const gives: Gives = { on: { CREATE: "ALLOW" }, places: withheld };
    expect(createRow(scene([strict], [gives]), named).codes).toEqual([
      "BAD_USER_INPUT",
      "FORBIDDEN",
    ]);
  });
});

describe("a changed cell", () => {
  test("needs one role whose filter holds on the row before and after", () => {
    const changes: Gives = { on: { UPDATE: "ALLOW" }, where: { UPDATE: ADAS } };
    expect(update([READS, changes], "1", { state: "done" }).codes).toEqual(["OK"]);
    expect(update([READS, changes], "2", { state: "done" }).codes).toEqual(["FORBIDDEN"]);
    expect(update([READS, changes], "1", { owner: "bob" }).codes).toEqual(["FORBIDDEN"]);
    expect(update([READS, changes], "2", { owner: "ada" }).codes).toEqual(["FORBIDDEN"]);
  });

  test("is not given by one role before and another after", () => {
    const adas: Gives = { on: { UPDATE: "ALLOW" }, where: { UPDATE: ADAS } };
    const bobs: Gives = {
      on: { UPDATE: "ALLOW" },
      where: { UPDATE: { column: "owner", eq: "bob" } },
    };
    expect(update([READS, adas, bobs], "1", { owner: "bob" }).codes).toEqual(["FORBIDDEN"]);
    const either: Gives = {
      on: { UPDATE: "ALLOW" },
      where: { UPDATE: { column: "owner", in: ["ada", "bob"] } },
    };
    expect(update([READS, either], "1", { owner: "bob" }).codes).toEqual(["OK"]);
  });

  test("may be covered by another role than the next cell", () => {
    const states: Gives = { places: { state: { UPDATE: "ALLOW" } } };
    const sizes: Gives = { places: { size: { UPDATE: "ALLOW" } }, where: { UPDATE: ADAS } };
    const cells = { state: "done", size: 5 };
    expect(update([READS, states, sizes], "1", cells).stored?.cells).toEqual({
      owner: "ada",
      state: "done",
      size: 5,
    });
    expect(update([READS, states, sizes], "2", cells).codes).toEqual(["FORBIDDEN"]);
    expect(update([READS, states], "1", cells).codes).toEqual(["FORBIDDEN"]);
  });

  test("is judged on the whole row, what another role covers of it included", () => {
    const owners: Gives = { places: { owner: { UPDATE: "ALLOW" } } };
    const adas: Gives = { places: { state: { UPDATE: "ALLOW" } }, where: { UPDATE: ADAS } };
    expect(update([READS, owners, adas], "1", { state: "x", owner: "eve" }).codes).toEqual([
      "FORBIDDEN",
    ]);
    expect(update([READS, owners, adas], "1", { owner: "eve" }).codes).toEqual(["OK"]);
  });

  test("is of a row that the caller sees, or of none", () => {
    const sees: Gives = { on: { READ: "ALLOW" }, where: { READ: ADAS } };
    const changes: Gives = { on: { UPDATE: "ALLOW" } };
    expect(update([sees, changes], "1", { state: "x" }).codes).toEqual(["OK"]);
    expect(update([sees, changes], "2", { state: "x" }).codes).toEqual(["NOT_FOUND"]);
    expect(update([sees, changes], "9", { state: "x" }).codes).toEqual(["NOT_FOUND"]);
    expect(update([changes], "1", { state: "x" }).codes).toEqual(["NOT_FOUND"]);
  });

  test("that takes its row out of sight is written", () => {
    const sees: Gives = { on: { READ: "ALLOW" }, where: { READ: ADAS } };
    const before = scene([TASKS], [sees, { on: { UPDATE: "ALLOW" } }]);
    const { codes, stored, world } = updateRow(before, {
      id: "tasks 1",
      cells: { owner: "bob" },
      links: {},
    });
    const [dataset = TASKS] = world.datasets;
    expect(codes).toEqual(["OK"]);
    expect(dataset.rows[0]?.cells["owner"]).toBe("bob");
    expect(stored && seesRow({ ...before, world, dataset }, stored)).toBe(false);
  });

  test("is refused in the order of what is asked first", () => {
    const states: Gives = { ...READS, places: { state: { UPDATE: "ALLOW" } } };
    expect(update([{}], "1", { state: "x" }).codes).toEqual(["NOT_FOUND"]);
    expect(update([READS], "1", { nope: "x" }).codes).toEqual(["FORBIDDEN"]);
    expect(update([states], "9", { nope: "x" }).codes).toEqual(["BAD_USER_INPUT"]);
    expect(update([states], "9", { owner: "x" }).codes).toEqual(["FORBIDDEN"]);
    expect(update([ALL], "1", { size: null }).codes).toEqual(["BAD_USER_INPUT"]);
  });
});

describe("an upsert", () => {
  const owners = { ...TASKS, columns: TASKS.columns.map(isKey) };
  const upsert = (roles: readonly Gives[], cells: Cells) =>
    upsertRow(scene([owners], roles), "owner", { id: "tasks 3", cells, links: {} });
  const sees: Gives = { on: { READ: "ALLOW" }, where: { READ: ADAS } };
  const makes: Gives = { on: { CREATE: "ALLOW" } };
  const changes: Gives = { on: { UPDATE: "ALLOW" } };

  test("changes the row that has the key, and makes it if there is none", () => {
    expect(upsert([ALL], { owner: "bob", state: "done" }).stored?.id).toBe("tasks 2");
    expect(upsert([ALL], { owner: "eve" }).stored?.id).toBe("tasks 3");
  });

  test("needs for each what it comes to", () => {
    expect(upsert([READS, makes], { owner: "eve" }).codes).toEqual(["OK"]);
    expect(upsert([READS, makes], { owner: "ada", state: "done" }).codes).toEqual(["FORBIDDEN"]);
    expect(upsert([READS, changes], { owner: "ada", state: "done" }).codes).toEqual(["OK"]);
    expect(upsert([READS, changes], { owner: "eve" }).codes).toEqual(["FORBIDDEN"]);
  });

  test("does not change the cell by which it found the row", () => {
    const states: Gives = { places: { state: { UPDATE: "ALLOW" } } };
    expect(upsert([READS, states], { owner: "ada", state: "done" }).codes).toEqual(["OK"]);
    expect(upsert([READS, states], { owner: "ada", size: 3 }).codes).toEqual(["FORBIDDEN"]);
  });

  test("of a row that is not seen, or whose key is not read, finds its key taken", () => {
    expect(upsert([sees, makes, changes], { owner: "ada", size: 3 }).codes).toEqual(["OK"]);
    expect(upsert([sees, makes, changes], { owner: "bob" }).codes).toEqual(["BAD_USER_INPUT"]);
    const blind: Gives = { ...READS, places: { owner: { READ: "WITHHOLD" } } };
    expect(upsert([blind, makes, changes], { owner: "ada" }).codes).toEqual(["BAD_USER_INPUT"]);
  });

  test("needs a key", () => {
    expect(upsert([ALL], { state: "done" }).codes).toEqual(["BAD_USER_INPUT"]);
    expect(upsert([ALL], { owner: null }).codes).toEqual(["BAD_USER_INPUT"]);
  });
});

function isKey(each: Column): Column {
  return { ...each, isUnique: each.name === "owner" };
}

describe("a deletion", () => {
  test("needs the right on the dataset, and its filter on the old row", () => {
    const deletes: Gives = { on: { DELETE: "ALLOW" }, where: { DELETE: ADAS } };
    expect(remove([READS, deletes], "1").world.datasets[0]?.rows).toHaveLength(1);
    expect(remove([READS, deletes], "2").codes).toEqual(["FORBIDDEN"]);
    expect(remove([READS], "1").codes).toEqual(["FORBIDDEN"]);
  });

  test("is of a row that the caller sees, or of none", () => {
    const sees: Gives = { on: { READ: "ALLOW" }, where: { READ: ADAS } };
    const deletes: Gives = { on: { DELETE: "ALLOW" } };
    expect(remove([sees, deletes], "1").codes).toEqual(["OK"]);
    expect(remove([sees, deletes], "2").codes).toEqual(["NOT_FOUND"]);
    expect(remove([deletes], "1").codes).toEqual(["NOT_FOUND"]);
    expect(remove([{}], "1").codes).toEqual(["NOT_FOUND"]);
  });

  test("removes the links to the row", () => {
    const link = { name: "after", target: "tasks", isMany: true };
    const linked = withLink(TASKS, link, [["tasks 2"], ["tasks 1", "tasks 2"]]);
    const { world } = deleteRow(scene([linked], [ALL]), "tasks 1");
    expect(world.datasets[0]?.rows.map(({ links }) => links)).toEqual([{ after: ["tasks 2"] }]);
  });
});

describe("a written link", () => {
  const link = { name: "after", target: "tasks", isMany: true };
  const linked = withLink(TASKS, link, [[], []]);
  const sees: Gives = { on: { READ: "ALLOW" }, where: { READ: ADAS } };
  const to = (gives: Gives, target: string) =>
    updateRow(scene([linked], [sees, gives]), {
      id: "tasks 1",
      cells: {},
      links: { after: [target] },
    }).codes;

  test("to a row that the caller does not see is as one to a row that never existed", () => {
    const changes: Gives = { places: { after: { UPDATE: "ALLOW" } } };
    expect(to(changes, "tasks 1")).toEqual(["OK"]);
    expect(to(changes, "tasks 2")).toEqual(["NOT_FOUND"]);
    expect(to(changes, "tasks 9")).toEqual(["NOT_FOUND"]);
  });

  test("that the caller does not know is as one that does not exist, wherever it is to lead", () => {
    const owners: Gives = { places: { owner: { READ: "ALLOW", UPDATE: "ALLOW" } } };
    const codes = (target: string) =>
      updateRow(scene([linked], [owners]), {
        id: "tasks 1",
        cells: {},
        links: { after: [target] },
      }).codes;
    expect(codes("tasks 1")).toEqual(["BAD_USER_INPUT"]);
    expect(codes("tasks 9")).toEqual(["BAD_USER_INPUT"]);
  });

  test("needs the right on the link", () => {
    expect(to({ places: { owner: { UPDATE: "ALLOW" } } }, "tasks 1")).toEqual(["FORBIDDEN"]);
  });
});
