import { describe, expect, test } from "vitest";
import { ALL, column, type Gives, READS, scene, table } from "./by-hand.ts";
import { createRow } from "./create-row.ts";
import { mayHandOutRoles } from "./delegation.ts";
import { deleteRow } from "./delete-row.ts";
import { listRows } from "./list-rows.ts";
import type { Cell, Scene } from "./model.ts";
import { answers } from "./answers.ts";
import type { Condition, Restriction } from "./token.ts";
import { updateRow } from "./update-row.ts";

const TASKS = table(
  "tasks",
  [column("owner", "TEXT"), column("size", "DECIMAL", { default: "9" })],
  [
    { owner: "ada", size: "1.5" },
    { owner: "bob", size: "20" },
    { owner: "eve", size: null },
  ],
);
const OTHERS = table("others", [column("owner", "TEXT")], [{ owner: "ada" }]);

/** Smaller than 10: the first row. A new one is given 1.50. */
const small: Condition = {
  dataset: "tasks",
  column: "size",
  op: "lt",
  value: "10",
  set: true,
  setValue: "1.50",
};
const plain: Condition = { ...small, set: false, setValue: null };
const BLIND: Gives = { ...ALL, places: { size: { READ: "WITHHOLD", CREATE: "WITHHOLD" } } };

/** A token of a key that gives this. */
function asToken(gives: Gives, some: Partial<Restriction> | null, ofKey = ["role 1"]): Scene {
  const restriction = some && { conditions: [], datasets: [], ...some };
  const token = { ofKey, carriesAll: false, restriction, clientId: "ada" };
  return scene([TASKS, OTHERS], [{ ...gives, name: "role 1" }], { token });
}

const create = (at: Scene, cells: Readonly<Record<string, Cell>>) =>
  createRow(at, { id: "new", cells, links: {} });

/** Whether a token of a key with every right has a list of the rows. */
const listed = (some: Partial<Restriction> | null) => listRows(asToken(ALL, some), {}).is;

const hands = ({ world, caller }: Scene) => mayHandOutRoles(world, caller, ["role 1"]);

describe("a token", () => {
  test("sees the rows that meet its conditions, also by what it may not read", () => {
    for (const gives of [ALL, BLIND]) {
      const { list, rows } = answers(asToken(gives, { conditions: [small] }));
      expect(list).toEqual({ is: "ROWS", ids: ["tasks 1"], totalCount: 1 });
      expect(rows.map(({ values }) => values)).toEqual([
        { owner: "ada", ...(gives === ALL && { size: "1.5" }) },
      ]);
    }
  });

  test("has to meet all of them", () => {
    const conditions = [small, { ...plain, op: "gt", value: "1.50" } as const];
    expect(answers(asToken(ALL, { conditions })).rows).toEqual([]);
  });

  test("knows the datasets that they name and those that it lists, and no others", () => {
    expect(listed(null)).toBe("ROWS");
    expect(listed({ conditions: [small] })).toBe("ROWS");
    expect(listed({ datasets: ["tasks"] })).toBe("ROWS");
    expect(listed({ datasets: ["others"] })).toBe("NOTHING");
    expect(listed({ conditions: [{ ...plain, dataset: "others", column: "owner" }] })).toBe(
      "NOTHING",
    );
  });

  test("has of its roles those that its key holds, and is a client where filters name it", () => {
    expect(listRows(asToken(ALL, null, []), {}).is).toBe("ERROR");
    const own: Gives = { ...READS, where: { READ: { column: "owner", eq: "$client.id" } } };
    expect(answers(asToken(own, null)).rows.map(({ id }) => id)).toEqual(["tasks 1"]);
  });

  test("changes and deletes rows that meet its conditions, before and after", () => {
    const at = asToken(ALL, { conditions: [plain] });
    const update = (id: string, cells: Readonly<Record<string, Cell>>) =>
      updateRow(at, { id, cells, links: {} }).codes;
    expect(update("tasks 1", { size: "9.99" })).toEqual(["OK"]);
    expect(update("tasks 1", { size: "10" })).toEqual(["FORBIDDEN"]);
    expect(update("tasks 1", { size: null })).toEqual(["FORBIDDEN"]);
    expect(update("tasks 2", { size: "1" })).toEqual(["NOT_FOUND"]);
    expect(deleteRow(at, "tasks 1").codes).toEqual(["OK"]);
    expect(deleteRow(at, "tasks 2").codes).toEqual(["NOT_FOUND"]);
  });

  test("makes rows with the value that a condition sets, and with no other", () => {
    const at = asToken(ALL, { conditions: [small] });
    expect(create(at, {}).stored?.cells).toEqual({ owner: null, size: "1.50" });
    expect(create(at, { size: "1.5" }).stored?.cells).toEqual({ owner: null, size: "1.5" });
    expect(create(at, { size: "2" }).codes).toEqual(["FORBIDDEN"]);
    expect(create(at, { size: null }).codes).toEqual(["FORBIDDEN"]);
    expect(create(asToken(BLIND, { conditions: [small] }), {}).stored?.cells["size"]).toBe("1.50");
  });

  test("makes rows that meet a condition which sets nothing", () => {
    const at = asToken(ALL, { conditions: [plain] });
    expect(create(at, {}).stored?.cells["size"]).toBe("9");
    expect(create(at, { size: "11" }).codes).toEqual(["FORBIDDEN"]);
  });

  test("hands out nothing if it is restricted, whatever it holds", () => {
    const any: Gives = { ...ALL, permissions: ["grant::any"] };
    expect(hands(asToken(any, null))).toBe(true);
    expect(hands(asToken(any, { datasets: ["tasks"] }))).toBe(false);
  });
});
