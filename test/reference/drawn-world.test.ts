import fc from "fast-check";
import { expect, test } from "vitest";
import { cellsOf } from "./cells-of.ts";
import { createRow } from "./create-row.ts";
import { deleteRow } from "./delete-row.ts";
import { aListing, aNewRow, aRowChange } from "./drawn-asks.ts";
import { aWorld } from "./drawn-world.ts";
import { listRows } from "./list-rows.ts";
import type { Scene, World } from "./model.ts";
import { givenByConditions } from "./restriction.ts";
import { rolesOf } from "./rights.ts";
import { hiddenColumns, linkAnswer, readableCells, seesRow } from "./sight.ts";
import { updateRow } from "./update-row.ts";

const SEED = 1;
const worlds = fc.sample(aWorld(), { seed: SEED, numRuns: 150 });

const scenes = worlds.flatMap((world): Scene[] =>
  world.callers.flatMap((caller) => world.datasets.map((dataset) => ({ world, caller, dataset }))),
);

function drawn<Value>(arbitrary: fc.Arbitrary<Value>): Value {
  const [value] = fc.sample(arbitrary, { seed: SEED, numRuns: 1 });
  if (value === undefined) throw new Error("Nothing was drawn.");
  return value;
}

/** How often each of some things comes, as a share of all. */
function shares(things: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const thing of things) counts.set(thing, (counts.get(thing) ?? 0) + 1 / things.length);
  return counts;
}

test("the cells of a world are counted once for every caller", () => {
  const [world] = worlds as [World];
  const rows = world.datasets.map(
    ({ rows: some, columns, links }) => some.length * (columns.length + links.length),
  );
  expect(cellsOf(world)).toBe(rows.reduce((sum, count) => sum + count, 0) * world.callers.length);
  expect(cellsOf({ ...world, callers: [] })).toBe(0);
});

test("drawn rows are seen by some and hidden from others, as are the cells of those that are seen", () => {
  const looks = scenes.flatMap((scene) =>
    scene.dataset.rows.map((row) => {
      if (!seesRow(scene, row)) return "unseen";
      const read = Object.keys(readableCells(scene, row)).length;
      if (read === scene.dataset.columns.length) return "whole";
      return hiddenColumns(scene, row).length > 0 ? "in part, as it says" : "in part";
    }),
  );
  const found = shares(looks);
  for (const kind of ["unseen", "whole", "in part", "in part, as it says"]) {
    expect([kind, (found.get(kind) ?? 0) > 0.04]).toEqual([kind, true]);
  }
});

test("drawn links lead to rows that are all seen, in part or not at all, or are not read", () => {
  const answered = scenes.flatMap((scene) =>
    scene.dataset.links.flatMap(({ name }) =>
      scene.dataset.rows
        .filter((row) => seesRow(scene, row) && row.links[name]?.length !== 0)
        .map((row) => {
          const answer = linkAnswer(scene, row, name);
          if (answer.is !== "ROWS") return answer.is;
          if (answer.totalCount === 0) return "none";
          return answer.totalCount === row.links[name]?.length ? "all" : "some";
        }),
    ),
  );
  const found = shares(answered);
  for (const kind of ["ERROR", "NOTHING", "none", "some", "all"]) {
    expect([kind, (found.get(kind) ?? 0) > 0.02]).toEqual([kind, true]);
  }
});

test("drawn lists are of no rows, of some and of all, or are refused", () => {
  const outcomes = scenes.map((scene) => {
    const listed = listRows(scene, drawn(aListing(scene.dataset)));
    if (listed.is === "ERROR") return listed.code;
    if (listed.is === "NOTHING") return "unknown";
    const seen = scene.dataset.rows.filter((row) => seesRow(scene, row)).length;
    if (listed.totalCount === 0) return "none";
    return listed.totalCount === seen ? "all" : "some";
  });
  const found = shares(outcomes);
  for (const kind of ["FORBIDDEN", "BAD_USER_INPUT", "unknown", "none", "some", "all"]) {
    expect([kind, (found.get(kind) ?? 0) > 0.01]).toEqual([kind, true]);
  }
});

test("drawn writes end in every way in which they can", () => {
  const writes = scenes.map((scene) => {
    const { world, dataset } = scene;
    const [row] = dataset.rows;
    return [
      `create ${createRow(scene, drawn(aNewRow(world, dataset, "new"))).codes.join()}`,
      `update ${updateRow(scene, drawn(aRowChange(world, dataset))).codes.join()}`,
      `delete ${deleteRow(scene, row?.id ?? "").codes.join()}`,
    ];
  });
  const found = shares(writes.flat());
  for (const kind of ["create", "update", "delete"]) {
    for (const code of ["OK", "NOT_FOUND", "FORBIDDEN"]) {
      const outcome = `${kind} ${code}`;
      expect([outcome, (found.get(outcome) ?? 0) > 0.005]).toEqual([outcome, true]);
    }
  }
});

test("one who holds the administrator's role reads every cell", () => {
  const top = scenes.filter(({ world, caller }) =>
    rolesOf(world, caller).some(({ builtIn }) => builtIn === "ADMINISTRATOR"),
  );
  expect(top.length).toBeGreaterThan(0);
  for (const scene of top) {
    for (const row of scene.dataset.rows) expect(readableCells(scene, row)).toEqual(row.cells);
  }
});

test("drawn users see rows and are refused rows by what is known of them", () => {
  const users = scenes.filter(({ caller }) => caller.user !== undefined);
  const changes = users.flatMap((scene) => {
    const { user, ...caller } = scene.caller;
    const nobody = { ...caller, roles: rolesOf(scene.world, scene.caller).map(({ name }) => name) };
    const without = { ...scene, caller: nobody };
    const unproved: Scene = user
      ? { ...scene, caller: { ...nobody, user: { ...user, address: "UNVERIFIED" } } }
      : scene;
    return scene.dataset.rows.map((row) => {
      if (seesRow(scene, row) === seesRow(without, row)) return "as a key";
      return seesRow(unproved, row) ? "by its id or an attribute" : "by the address";
    });
  });
  const found = shares(changes);
  expect(found.get("by its id or an attribute")).toBeGreaterThan(0.005);
  expect(found.get("by the address")).toBeGreaterThan(0.0005);
});

test("drawn JWTs claim roles that they get, and such as nobody gets by claiming them", () => {
  const claims = scenes.flatMap(({ world, caller }) => {
    const { roles = [], ofUser = [] } = caller.user?.jwt ?? {};
    const held = new Set(rolesOf(world, caller).map(({ name }) => name));
    return roles
      .filter((name) => !ofUser.includes(name) && name !== "authenticated")
      .map((name) => `${held.has(name) ? "gets" : "does not get"} ${name.replace(/_.*/, "")}`);
  });
  const found = shares(claims);
  for (const kind of [
    "gets role",
    "gets administrator",
    "does not get administrator",
    "does not get anonymous",
    "does not get nobodys",
  ]) {
    expect([kind, (found.get(kind) ?? 0) > 0.01]).toEqual([kind, true]);
  }
  expect([...found.keys()]).toHaveLength(5);
});

/** The same, but for what restricts a token. */
function free({ caller: { token, ...caller }, ...rest }: Scene): Scene {
  return {
    ...rest,
    caller: token ? { ...caller, token: { ...token, restriction: null } } : caller,
  };
}

test("drawn tokens are refused rows by their conditions, and make rows with what these set", () => {
  const tokens = scenes.filter(({ caller }) => caller.token !== undefined);
  const looks = tokens.flatMap((scene) =>
    scene.dataset.rows.map((row) => {
      if (seesRow(scene, row)) return "seen";
      return seesRow(free(scene), row) ? "beyond" : "unseen";
    }),
  );
  const found = shares(looks);
  for (const kind of ["seen", "beyond", "unseen"]) {
    expect([kind, (found.get(kind) ?? 0) > 0.1]).toEqual([kind, true]);
  }
  const made = tokens.filter((scene) => {
    const { stored } = createRow(scene, { id: "new", cells: {}, links: {} });
    return [...givenByConditions(scene)].some(([name, value]) => stored?.cells[name] === value);
  });
  expect(made.length / tokens.length).toBeGreaterThan(0.01);
});
