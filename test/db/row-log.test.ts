import { describe, expect, test } from "vitest";
import { convertedSlots } from "../../src/db/row-log.ts";
import { aWorld } from "../support/world.ts";
import { followed, historyOf, snapshotOf } from "../support/row-log.ts";
import { asRole, digitsOf, type Sender, uuidOf, WRITING } from "./as-role.ts";

const COLUMNS = [
  { name: "text", type: "TEXT" },
  { name: "amount", type: "DECIMAL" },
];

/** Makes a dataset of one row. */
async function aScene() {
  const world = await aWorld();
  const { database, tenantId } = world;
  const made = await world.dataset({ columns: COLUMNS, rows: [{ text: "a", amount: "1.50" }] });
  const [row = ""] = made.rows;
  const member: Sender = { role: "fieldgate_member", tenantId };
  const logged = { database, tenantId, id: uuidOf(made.id) };
  const view = `data.d_${digitsOf(made.id)}`;
  const write = (mutation: string, input: object) => {
    const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${mutation}(input: $input) { __typename } }`;
    return world.ask(query, { variables: { input } });
  };
  return { world, database, made, row, rowId: uuidOf(row), member, logged, view, write };
}

describe("a record", () => {
  test("says what was written, by whom and when", async () => {
    const { world, made, row, rowId, logged, write } = await aScene();
    const datasetId = made.id;
    const { keys } = await world.ask<{ keys: { nodes: { id: string }[] } }>(
      "{ keys { nodes { id } } }",
    );
    await write("updateRows", {
      datasetId,
      rows: [{ id: row, values: { text: null, amount: "1.5" } }],
    });
    await write("updateRows", { datasetId, rows: [{ id: row, values: { text: null } }] });
    await write("deleteRows", { datasetId, rows: [{ id: row }] });
    const by = keys.nodes[0]?.id;
    const common = { rowId, by, clientId: null, clientName: null, links: [] };
    const text = { "1": "a", "2": "1.50" };
    expect(await followed(logged)).toMatchObject([
      { ...common, version: 1, before: null, after: text },
      { ...common, version: 2, before: text, after: { "1": null, "2": "1.5" } },
      { ...common, version: 3, before: {}, after: {} },
      { ...common, version: 4, before: { "2": "1.5" }, after: null },
    ]);
    const [creation] = await historyOf(logged, rowId);
    expect(Math.abs(Number(creation?.at) - Date.now())).toBeLessThan(60_000);
  });

  test("of a row that loses a link to a deleted row is one of its own dataset, and makes no version", async () => {
    const { world, made, row, rowId, logged, write } = await aScene();
    const target = await world.dataset({ columns: COLUMNS, rows: [{ text: "target" }] });
    const [to = ""] = target.rows;
    const link = await world.link({ datasetId: made.id, targetId: target.id });
    const values = { [link.name]: to };
    await write("updateRows", { datasetId: made.id, rows: [{ id: row, values }] });
    await write("deleteRows", { datasetId: target.id, rows: [{ id: to }] });
    const change = { linkId: uuidOf(link.id), targetId: uuidOf(to) };
    const edit = { rowId, version: 2, before: {}, after: {} };
    expect((await followed(logged)).slice(1)).toMatchObject([
      { ...edit, links: [{ ...change, isMade: true }] },
      { ...edit, links: [{ ...change, isMade: false }] },
    ]);
  });

  test("of a row of 256 KiB holds all of it", async () => {
    const world = await aWorld();
    const { database, tenantId } = world;
    const names = Array.from({ length: 4 }, (_, place) => `c${place + 1}`);
    // Random, so that nothing is gained by compression.
    const texts = names.map(() =>
      Array.from({ length: 65_400 }, () => Math.floor(Math.random() * 36).toString(36)).join(""),
    );
    const values = Object.fromEntries(names.map((name, place) => [name, texts[place]]));
    const { id } = await world.dataset({
      columns: names.map((name) => ({ name, type: "TEXT" })),
      rows: [values],
    });
    const [entry] = await followed({ database, tenantId, id: uuidOf(id) });
    expect(Object.values(entry?.after ?? {})).toStrictEqual(texts);
  });

  test("is kept of no link that goes with its definition", async () => {
    const { world, made, row, logged, write } = await aScene();
    const link = await world.link({ datasetId: made.id, targetId: made.id });
    const values = { [link.name]: row };
    await write("updateRows", { datasetId: made.id, rows: [{ id: row, values }] });
    await write("removeLink", { id: link.id });
    const entries = await followed(logged);
    expect(entries.map(({ version, links }) => [version, links])).toStrictEqual([
      [1, []],
      [2, []],
    ]);
  });
});

describe("what becomes of a column", () => {
  test("is no record, and the log says since when it knows of converted cells", async () => {
    const { made, logged, write } = await aScene();
    const before = await followed(logged);
    await write("updateColumn", { id: made.columns["amount"], type: "TEXT" });
    await write("removeColumn", { id: made.columns["text"] });
    const slots = await snapshotOf(logged, (transaction) => convertedSlots(transaction, logged));
    expect(await followed(logged)).toStrictEqual(before);
    expect([...slots]).toStrictEqual([[3, before.at(-1)?.place.number]]);
  });
});

describe("nobody", () => {
  test("writes rows without saying so", async () => {
    const { database, made, member, view, world } = await aScene();
    const link = await world.link({ datasetId: made.id, targetId: made.id });
    const insert = `INSERT INTO ${view} (id, created_at, created_by, updated_at, updated_by)
      VALUES (gen_random_uuid(), now(), '', now(), '') RETURNING id`;
    const statements = [
      insert,
      `UPDATE ${view} SET version = version + 1 RETURNING id`,
      `DELETE FROM ${view} RETURNING id`,
      `INSERT INTO row_link (tenant_id, link_id, source_id, target_id)
       SELECT tenant_id, '${uuidOf(link.id)}', id, id FROM ${view} RETURNING link_id`,
    ];
    for (const statement of statements) {
      // oxlint-disable-next-line no-await-in-loop
      expect((await asRole(database, member, statement)).code).toBe("42501");
      // oxlint-disable-next-line no-await-in-loop
      expect((await asRole(database, member, WRITING, statement)).rows).toHaveLength(1);
    }
  });

  test("changes a row and not its version, or its id", async () => {
    const { database, member, view } = await aScene();
    const edits = [
      "c1 = 'x'",
      "version = version + 2",
      "version = version + 1, id = gen_random_uuid()",
    ];
    for (const edit of edits) {
      const statement = `UPDATE ${view} SET ${edit}`;
      // oxlint-disable-next-line no-await-in-loop
      expect((await asRole(database, member, WRITING, statement)).code).toBe("42501");
    }
  });

  test("writes into a commit that others have read already", async () => {
    const { database, member, view, logged } = await aScene();
    const { rows } = await database.pool.query<{ id: string }>(
      "SELECT id FROM row_commit WHERE dataset_id = $1 AND number = 2",
      [logged.id],
    );
    const again = `SELECT set_config('fieldgate.commit', json_build_object(
      'id', '${rows[0]?.id}', 'by', 'test', 'at', now())::text, true)`;
    const deletion = `DELETE FROM ${view}`;
    expect((await asRole(database, member, again, deletion)).code).toBe("23505");
    expect((await asRole(database, member, WRITING, deletion)).code).toBeNull();
  });

  test("of another tenant, and no stranger, reads a log", async () => {
    const { database, logged, member } = await aScene();
    const other = await aWorld();
    const log = `SELECT row_id FROM data.l_${digitsOf(logged.id)}`;
    expect((await asRole(database, member, log)).rows).toHaveLength(1);
    const stranger = { role: "fieldgate_member", tenantId: other.tenantId } as const;
    expect((await asRole(database, stranger, log)).rows).toStrictEqual([]);
    const open = { role: "fieldgate_public", tenantId: member.tenantId } as const;
    expect((await asRole(database, open, log)).code).toBe("42501");
  });
});

test("a dataset that was there before it had a log begins it with its rows", async () => {
  const { database, made, rowId, logged } = await aScene();
  const [log, table] = ["l", "t"].map((kind) => `data.${kind}_${digitsOf(made.id)}`);
  const triggers = ["log_created", "log_changed", "log_deleted"];
  const client = await database.pool.connect();
  try {
    await client.query(`BEGIN; DROP TABLE ${log};
      ${triggers.map((name) => `DROP TRIGGER ${name} ON ${table};`).join(" ")}`);
    await client.query("SELECT fieldgate.create_log($1, $2)", [logged.tenantId, logged.id]);
    const { rows } = await client.query(`SELECT commit_id, row_id, version, after FROM ${log}`);
    expect(rows).toStrictEqual([
      { commit_id: logged.id, row_id: rowId, version: 1, after: { "1": "a", "2": "1.50" } },
    ]);
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
});

test("a dataset that is deleted takes its log with it", async () => {
  const { database, made, logged, write } = await aScene();
  const count = async () => {
    const { rows } = await database.pool.query<{ left: string }>(
      `SELECT (SELECT count(*) FROM row_commit WHERE dataset_id = $1)
            + (SELECT count(*) FROM row_commit_head WHERE dataset_id = $1)
            + (SELECT count(*) FROM pg_class WHERE relname = $2) AS left`,
      [logged.id, `l_${digitsOf(made.id)}`],
    );
    return Number(rows[0]?.left);
  };
  expect(await count()).toBe(4);
  await write("deleteDataset", { id: made.id });
  expect(await count()).toBe(0);
});
