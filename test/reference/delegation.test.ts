import { describe, expect, test } from "vitest";
import { column, type Gives, role, scene, table } from "./by-hand.ts";
import { mayHandOut, mayHandOutRoles } from "./delegation.ts";
import type { Dataset, Filter, World } from "./model.ts";

const FILMS = table(
  "films",
  [column("title", "TEXT"), column("gross", "DECIMAL"), column("at", "DATETIME")],
  [{ title: "one" }],
);

const EURO: Filter = { column: "title", eq: "euro" };
const BIG: Filter = { column: "gross", gt: "9" };

/** Whether one who holds some roles may change another role from one thing into another. */
function allowed(held: readonly Gives[], was: Gives | null, becomes: Gives): boolean {
  const { world, caller: giver } = scene(
    [FILMS],
    held.map((gives, index) => ({ permissions: [], ...gives, name: `own ${index}` })),
  );
  const withRole = (gives: Gives | null): World => ({
    ...world,
    roles: gives
      ? [...world.roles, role("films", { permissions: [], ...gives, name: "other" })]
      : world.roles,
  });
  return mayHandOut({ giver, before: withRole(was), after: withRole(becomes) });
}

const reads = (filter?: Filter): Gives => ({
  on: { READ: "ALLOW" },
  ...(filter && { where: { READ: filter } }),
});

describe("a data right is handed out", () => {
  test("by one who holds it without a filter, with any filter", () => {
    expect(allowed([reads()], null, reads())).toBe(true);
    expect(allowed([reads()], null, reads(BIG))).toBe(true);
    expect(allowed([{}], null, reads())).toBe(false);
  });

  test("by one who holds it with the very same filter, and not without", () => {
    expect(allowed([reads(EURO)], null, reads(EURO))).toBe(true);
    expect(allowed([reads(EURO)], null, reads())).toBe(false);
    expect(allowed([reads(EURO)], null, reads(BIG))).toBe(false);
  });

  test("by one to whose filter another is ANDed", () => {
    expect(allowed([reads(EURO)], null, reads({ and: [EURO, BIG] }))).toBe(true);
    expect(allowed([reads(EURO)], null, reads({ or: [EURO, BIG] }))).toBe(false);
    expect(allowed([reads({ and: [EURO, BIG] })], null, reads(EURO))).toBe(false);
  });

  test("by filters compared as text, never by reasoning", () => {
    const narrower: Filter = { column: "gross", gt: "10" };
    expect(allowed([reads(BIG)], null, reads(narrower))).toBe(false);
    expect(allowed([reads(EURO)], null, reads({ column: "title", in: ["euro"] }))).toBe(false);
  });

  test("by filters in normal form", () => {
    const one: Filter = { column: "at", gt: "2024-01-01T00:00:00Z" };
    const same: Filter = { column: "at", gt: "2024-01-01T01:00:00+01:00" };
    expect(allowed([reads(one)], null, reads(same))).toBe(true);
    expect(allowed([reads({ and: [{ and: [EURO] }] })], null, reads(EURO))).toBe(true);
  });

  test("by filters in normal form, in which an or of the same twice is that thing", () => {
    const nothing: Filter = { and: [] };
    expect(allowed([reads({ or: [nothing, nothing] })], null, reads())).toBe(true);
    const both: Filter = { or: [{ and: [EURO, BIG] }, { and: [BIG, EURO] }] };
    expect(allowed([reads(both)], null, reads({ and: [EURO, BIG] }))).toBe(true);
    expect(allowed([reads(EURO)], null, reads(both))).toBe(true);
    const either: Filter = { or: [EURO, BIG] };
    const repeated: Filter = { or: [{ and: [EURO, EURO] }, BIG] };
    expect(allowed([reads(either)], null, reads(repeated))).toBe(true);
    expect(allowed([reads(both)], null, reads(either))).toBe(false);
  });

  test("by filters in normal form, in which a number has no exponent and keeps its zeros", () => {
    const half: Filter = { column: "gross", eq: "15e-1" };
    expect(allowed([reads(half)], null, reads({ column: "gross", eq: 1.5 }))).toBe(true);
    expect(allowed([reads(half)], null, reads({ column: "gross", eq: "1.50" }))).toBe(false);
  });

  test("by one role by itself, not by what two give together", () => {
    const titles: Gives = { places: { title: { READ: "ALLOW" } }, where: { READ: EURO } };
    const grosses: Gives = { places: { gross: { READ: "ALLOW" } }, where: { READ: BIG } };
    const both: Gives = {
      places: { title: { READ: "ALLOW" }, gross: { READ: "ALLOW" } },
      where: { READ: EURO },
    };
    expect(allowed([titles, grosses], null, titles)).toBe(true);
    expect(allowed([titles, grosses], null, both)).toBe(false);
  });

  test("for each place by itself", () => {
    const onColumn: Gives = { places: { title: { READ: "ALLOW" } } };
    expect(allowed([onColumn], null, onColumn)).toBe(true);
    expect(allowed([onColumn], null, reads())).toBe(false);
    const withheld: Gives = { on: { READ: "ALLOW" }, places: { gross: { READ: "WITHHOLD" } } };
    expect(allowed([withheld], null, reads())).toBe(false);
    expect(allowed([withheld], null, withheld)).toBe(true);
  });
});

describe("a change", () => {
  test("that takes away needs nobody to hold it", () => {
    expect(allowed([{}], reads(), {})).toBe(true);
    expect(allowed([{}], reads(EURO), reads(EURO))).toBe(true);
  });

  test("that narrows a filter needs READ on what it names, since it tells which rows meet it", () => {
    expect(allowed([{}], reads(), reads(EURO))).toBe(false);
    const title: Gives = { places: { title: { READ: "ALLOW" } } };
    expect(allowed([title], reads(), reads(EURO))).toBe(true);
  });

  test("that lifts a filter hands out every row", () => {
    expect(allowed([reads(EURO)], reads(EURO), reads())).toBe(false);
    expect(allowed([reads()], reads(EURO), reads())).toBe(true);
  });

  test("that removes a withheld column hands that column out", () => {
    const withheld: Gives = { on: { READ: "ALLOW" }, places: { gross: { READ: "WITHHOLD" } } };
    expect(allowed([{}], withheld, reads())).toBe(false);
    expect(allowed([{ places: { gross: { READ: "ALLOW" } } }], withheld, reads())).toBe(true);
  });

  test("of a permission needs it, and grant::any needs nothing else", () => {
    const changes: Gives = { permissions: ["row::update"] };
    expect(allowed([changes], null, changes)).toBe(true);
    expect(allowed([{}], null, changes)).toBe(false);
    const any: Gives = { permissions: ["grant::any"] };
    expect(allowed([any], null, { ...changes, ...reads() })).toBe(true);
  });

  test("of a level hands READ to the public", () => {
    const open: Dataset = { ...FILMS, accessLevel: "OPEN" };
    const opens = (held: Gives) => {
      const { world, caller: giver } = scene([FILMS], [{ permissions: [], ...held, name: "own" }]);
      const anonymous = { ...role("films", { permissions: [] }), name: "anonymous" };
      const roles = [...world.roles, { ...anonymous, builtIn: "ANONYMOUS" as const }];
      const before = { ...world, roles };
      return mayHandOut({ giver, before, after: { ...before, datasets: [open] } });
    };
    expect(opens(reads())).toBe(true);
    expect(opens(reads(EURO))).toBe(false);
  });
});

describe("roles are handed out as they are", () => {
  const { world, caller } = scene(
    [FILMS],
    [
      { name: "own", permissions: [], ...reads(EURO) },
      { name: "same", permissions: [], ...reads(EURO) },
      { name: "more", permissions: [], ...reads() },
    ],
  );
  const giver = { ...caller, roles: ["own"] };

  test("by one who holds what they give", () => {
    expect(mayHandOutRoles(world, giver, ["same"])).toBe(true);
    expect(mayHandOutRoles(world, giver, ["same", "more"])).toBe(false);
  });

  test("and the administrator's by one who holds everything", () => {
    const administrator = { ...role("films", {}), name: "top", builtIn: "ADMINISTRATOR" as const };
    const all = { ...world, roles: [...world.roles, administrator] };
    expect(mayHandOutRoles(all, giver, ["top"])).toBe(false);
    expect(mayHandOutRoles(all, { ...giver, roles: ["top"] }, ["top"])).toBe(true);
  });
});
