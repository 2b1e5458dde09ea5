import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LoggedRow, rowBefore } from "../../../src/db/logged-row.ts";
import { uuidOf } from "../../db/as-role.ts";
import { draws } from "../../support/draws.ts";
import { followed, historyOf, type Replayed, replayed } from "../../support/row-log.ts";
import { aWorld } from "../../support/world.ts";

/** Values of each type, also such as are equal and not the same. */
const VALUES: Readonly<Record<string, readonly unknown[]>> = {
  TEXT: ["", "a", 'é"\\\n\t', "🜁".repeat(40), "null", null],
  INTEGER: ["9223372036854775807", "-9223372036854775808", 9_007_199_254_740_991, 0, null],
  DECIMAL: ["1.5", "1.50", "1.500", "-0.000001", `${"9".repeat(60)}.${"1".repeat(60)}`, null],
  BOOLEAN: [true, false, null],
  DATE: ["0001-01-01", "2024-02-29", "9999-12-31", null],
  DATETIME: ["2024-02-29T12:00:00.123Z", "0001-01-01T00:00:00.000Z", null],
  SELECT: ["red", "green", null],
  JSON: [{ a: [1.5, null, { b: "" }] }, [], "text", 0, false, { null: null }, null],
};

const TYPES = Object.keys(VALUES);

/** Columns so that some are native and as many are not. */
const COLUMNS = Array.from({ length: 250 + TYPES.length }, (_, place) => {
  const type = TYPES[place % 250] ?? "TEXT";
  return { name: `c${place + 1}`, type, ...(type === "SELECT" && { options: ["red", "green"] }) };
});

/** The columns that writes set. */
const SET = COLUMNS.filter((_, place) => place % 250 < TYPES.length);

const cells = fc.record(
  Object.fromEntries(SET.map(({ name, type }) => [name, fc.constantFrom(...(VALUES[type] ?? []))])),
  { requiredKeys: [] },
);

/** A write of some of the rows that there are at the moment, each by a number. */
const write = fc.oneof(
  fc.record({ kind: fc.constant("create" as const), rows: fc.array(cells, { maxLength: 4 }) }),
  fc.record({
    kind: fc.constant("update" as const),
    rows: fc.array(fc.tuple(fc.nat(), cells, fc.option(fc.array(fc.nat(), { maxLength: 3 }))), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
  fc.record({ kind: fc.constant("delete" as const), rows: fc.array(fc.nat(), { maxLength: 2 }) }),
  fc.record({ kind: fc.constant("deleteTarget" as const), row: fc.nat() }),
);

type Write = typeof write extends fc.Arbitrary<infer Drawn> ? Drawn : never;

interface Node {
  readonly id: string;
  readonly version: number;
  readonly values: Readonly<Record<string, unknown>>;
  readonly linked: { readonly nodes: readonly { readonly id: string }[] };
}

describe("the rows of a dataset are what comes of its log from the beginning", async () => {
  const world = await aWorld();
  const { database, tenantId, ask } = world;
  const target = await world.dataset({
    columns: [{ name: "n", type: "INTEGER" }],
    rows: Array.from({ length: 20 }, (_, n) => ({ n })),
  });
  const source = await world.dataset({ columns: COLUMNS });
  const link = await world.link({ datasetId: source.id, targetId: target.id, many: true });
  const back = await world.link({ datasetId: source.id, targetId: source.id, many: true });
  const links = [link, back];

  const nodes = async (id: string, led: readonly { readonly name: string }[] = []) => {
    const linked = led.map(({ name }, at) => `l${at}: linked(link: "${name}") { nodes { id } }`);
    const { dataset } = await ask<{ dataset: { rows: { nodes: Node[] } } }>(
      `query ($id: ID!) { dataset(id: $id) { rows(first: 5000) { nodes {
         id version values ${linked.join(" ")} } } } }`,
      { variables: { id } },
    );
    return dataset.rows.nodes;
  };

  const idsOf = async (id: string) => (await nodes(id)).map((row) => row.id);

  const send = async (field: string, datasetId: string, rows: readonly object[]) => {
    if (rows.length === 0) return;
    const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input`;
    await ask(`mutation ($input: ${type}!) { ${field}(input: $input) { count } }`, {
      variables: { input: { datasetId, rows } },
    });
  };

  const perform = async (drawn: Write) => {
    if (drawn.kind === "create") return await send("createRows", source.id, drawn.rows);
    const [own, others] = [await idsOf(source.id), await idsOf(target.id)];
    if (drawn.kind === "deleteTarget") {
      return await send("deleteRows", target.id, [{ id: picked(others, [drawn.row])[0] }]);
    }
    if (drawn.kind === "delete") {
      return await send(
        "deleteRows",
        source.id,
        picked(own, drawn.rows).map((id) => ({ id })),
      );
    }
    const updates = new Map(
      drawn.rows.flatMap(([place, values, led]) => {
        const id = own[place % own.length];
        const leading = led && {
          [link.name]: picked(others, led),
          [back.name]: picked(own, led),
        };
        return id ? [[id, { id, values: { ...values, ...leading } }] as const] : [];
      }),
    );
    return await send("updateRows", source.id, [...updates.values()]);
  };

  test("through whatever writes", async () => {
    const logged = { database, tenantId, id: uuidOf(source.id) };
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 4, maxLength: 12 }), async (writes) => {
        await send("createRows", target.id, [{ n: 1 }]);
        await send("createRows", source.id, [{}, {}]);
        for (const drawn of writes) {
          // oxlint-disable-next-line no-await-in-loop
          await perform(drawn);
        }
        const entries = await followed(logged, { page: 3 });
        const shown = (await nodes(source.id, links)).map((row) => asShown(row));
        const found = [...replayed(entries)].map(([id, row]) => asReplayed(id, row));
        expect(found.toSorted(byId)).toStrictEqual(shown.toSorted(byId));
      }),
      { numRuns: draws(12) },
    );
  });

  test("and back again to nothing, record by record", async () => {
    const logged = { database, tenantId, id: uuidOf(source.id) };
    const all = await followed(logged);
    const now = replayed(all);
    const ids = [...new Set(all.map(({ rowId }) => rowId))];
    const then = await Promise.all(
      ids.map(async (id) => {
        const history = await historyOf(logged, id);
        expect(history).toStrictEqual(all.filter(({ rowId }) => rowId === id));
        return history.reduceRight<LoggedRow | null>(rowBefore, now.get(id) ?? null);
      }),
    );
    expect(ids.length).toBeGreaterThan(draws(10));
    expect(then.filter((row) => row !== null)).toStrictEqual([]);
  });

  const linkIds = new Map(links.map(({ id }, place) => [uuidOf(id), place]));

  function asReplayed(id: string, { version, cells: stored, links: led }: Replayed) {
    const values: Record<string, unknown> = {};
    for (const [slot, value] of Object.entries(stored)) values[`c${slot}`] = value;
    const leads = [...led].map((each) => {
      const [linkId = "", to = ""] = each.split(" ");
      return `${linkIds.get(linkId)} ${to}`;
    });
    return { id, version, values, leads: leads.toSorted() };
  }
});

/** Those of the ids at these places, each once; a place beyond the last counts on from the first. */
function picked(all: readonly string[], places: readonly number[]): string[] {
  return [...new Set(places.flatMap((place) => all[place % all.length] ?? []))];
}

function byId(one: { readonly id: string }, other: { readonly id: string }): number {
  return one.id < other.id ? -1 : 1;
}

/** A row as the API shows it, in the words of the log. */
function asShown({ id, version, values, ...linked }: Node) {
  const cellsWith = SET.map(({ name, type }) => {
    const value = values[name] ?? null;
    return [name, type === "INTEGER" && typeof value === "number" ? `${value}` : value] as const;
  });
  const leads = Object.entries(linked as unknown as Record<string, Node["linked"]>);
  return {
    id: uuidOf(id),
    version,
    values: Object.fromEntries(cellsWith.filter(([, value]) => value !== null)),
    leads: leads
      .flatMap(([name, { nodes }]) => nodes.map((node) => `${name.slice(1)} ${uuidOf(node.id)}`))
      .toSorted(),
  };
}
