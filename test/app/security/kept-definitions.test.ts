/** What a request knows of definitions from before is what it would read. */
import type pg from "pg";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { importDataset } from "../../../src/domain/import/import-dataset.ts";
import { decodeId } from "../../../src/db/id.ts";
import { watched } from "../../support/statements.ts";
import { aWorld } from "../../support/world.ts";
import { listeningApi } from "../e2e/listening-api.ts";

const { database } = await aWorld();
afterAll(() => database.close());

const EVERYTHING = `query ($name: String!) {
  dataset(name: $name) {
    name label description accessLevel version keyColumns
    canRead canCreate canUpdate canDelete
    columns { name label type required unique canRead canCreate canUpdate options }
    links { name label many canRead }
    rows { totalCount nodes { values hiddenColumns } }
  }
}`;

/** A dataset, another that it may lead to, and a caller who may look at some of it. */
async function aScene() {
  const world = await aWorld();
  const dataset = await world.dataset({
    name: "orders",
    columns: [
      { name: "region", type: "TEXT" },
      { name: "amount", type: "INTEGER" },
    ],
    rows: [{ region: "north", amount: 1 }, { region: "south" }],
  });
  const other = await world.dataset({ columns: [{ name: "word", type: "TEXT" }] });
  const link = await world.link({ datasetId: dataset.id, targetId: other.id });
  const roleId = await world.role({
    permissions: ["dataset::get", "row::get", "row::create"],
    grants: [{ datasetId: dataset.id, read: "ALLOW", create: "ALLOW" }],
  });
  const key = await world.key({ roles: [roleId] });
  const change = (mutation: string, input: object) => {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    return world.ask(`mutation ($i: ${type}!) { ${mutation}(input: $i) { __typename } }`, {
      variables: { i: input },
    });
  };
  const seen = async (as: string) =>
    (await world.run(EVERYTHING, { key: as, variables: { name: "orders" } })).text;
  return { world, dataset, other, link, roleId, key, change, seen };
}

type Scene = Awaited<ReturnType<typeof aScene>>;

const CHANGES: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  "the label of the dataset": ({ dataset, change }) =>
    change("updateDataset", { id: dataset.id, label: "All orders" }),
  "who may reach it": ({ dataset, change }) =>
    change("updateDataset", { id: dataset.id, accessLevel: "OPEN" }),
  "its name": ({ dataset, change }) =>
    change("updateDataset", { id: dataset.id, name: "old_orders" }),
  "that it is there": ({ dataset, change }) => change("deleteDataset", { id: dataset.id }),
  "a column more": ({ dataset, roleId, change }) =>
    change("addColumn", {
      datasetId: dataset.id,
      column: { name: "more", type: "TEXT" },
      readableBy: [roleId],
    }),
  "a column's type": ({ dataset, change }) =>
    change("updateColumn", { id: dataset.columns["amount"], type: "DECIMAL" }),
  "a column less": ({ dataset, change }) =>
    change("removeColumn", { id: dataset.columns["amount"] }),
  "a link more": ({ dataset, other, roleId, change }) =>
    change("addLink", {
      datasetId: dataset.id,
      targetId: other.id,
      name: "another",
      readableBy: [roleId],
    }),
  "the label of a link": ({ link, change }) =>
    change("updateLink", { id: link.id, label: "Where it leads" }),
  "a link less": ({ link, change }) => change("removeLink", { id: link.id }),
  "a right on a column": ({ dataset, roleId, change }) =>
    change("setGrant", {
      roleId,
      datasetId: dataset.id,
      columnId: dataset.columns["amount"],
      read: "WITHHOLD",
    }),
  "a row filter": ({ dataset, roleId, change }) =>
    change("setGrant", {
      roleId,
      datasetId: dataset.id,
      read: "ALLOW",
      rowFilter: { read: { column: "region", eq: "north" } },
    }),
  "a grant less": ({ dataset, roleId, change }) =>
    change("removeGrant", { roleId, datasetId: dataset.id }),
};

describe("What was read before is read anew when there changed", () => {
  test.each(Object.keys(CHANGES))("%s", async (what) => {
    const scene = await aScene();
    const before = await scene.seen(scene.key);
    expect(await scene.seen(scene.key)).toBe(before);
    await CHANGES[what]?.(scene);
    const after = await scene.seen(scene.key);
    // It has asked for nothing before.
    const another = await scene.world.key({ roles: [scene.roleId] });

    expect(after).not.toBe(before);
    expect(after).toBe(await scene.seen(another));
  });

  test("that there is a dataset of the name at all, by an import of the command line", async () => {
    const { world, seen } = await aScene();
    const asked = `query { dataset(name: "airports") { name } }`;
    expect(await world.ask(asked)).toEqual({ dataset: null });
    await importDataset(database, {
      tenantId: world.tenantId,
      path: new URL("../../../node_modules/vega-datasets/data/airports.csv", import.meta.url)
        .pathname,
      name: "airports",
      stamp: { by: "operator", at: new Date() },
    });

    expect(await world.ask(asked)).toEqual({ dataset: { name: "airports" } });
    expect(await seen(world.admin)).toContain('"orders"');
  });

  test("a column, by whoever holds the database", async () => {
    const { dataset, key, seen } = await aScene();
    await seen(key);
    await database.pool.query("UPDATE dataset_column SET label = 'By hand' WHERE dataset_id = $1", [
      decodeId("Dataset", dataset.id),
    ]);

    expect(await seen(key)).toContain("By hand");
  });
});

describe("What was read before", () => {
  test("is not read again for the same caller, and is for any other", async () => {
    const { world, roleId, key } = await aScene();
    const other = await world.key({ roles: [roleId] });
    const heard = watched(database);
    const api = await listeningApi(heard);
    const statements = async (as: string) => {
      heard.take();
      const response = await fetch(api.url, {
        method: "POST",
        headers: { "content-type": "application/json", "x-api-key": as },
        body: JSON.stringify({ query: EVERYTHING, variables: { name: "orders" } }),
      });
      expect(await response.text()).toContain('"north"');
      return heard.take().length;
    };
    try {
      const first = await statements(key);
      expect(await statements(key)).toBe(first - 1);
      expect(await statements(other)).toBe(first);
    } finally {
      await api.close();
    }
  });

  test("is another for each narrowing", async () => {
    const { world, dataset } = await aScene();
    const role = (name: string, column: string) =>
      world.role({
        name,
        permissions: ["dataset::get", "row::get"],
        grants: [{ datasetId: dataset.id, columnId: dataset.columns[column] ?? "", read: "ALLOW" }],
      });
    const key = await world.key({
      roles: [await role("one", "region"), await role("two", "amount")],
    });
    const seen = async (headers: Readonly<Record<string, string>>) => {
      const { data } = await world.run<{ dataset: { columns: { name: string }[] } }>(
        `query { dataset(name: "orders") { columns { name } } }`,
        { key, headers },
      );
      return data?.dataset.columns.map(({ name }) => name);
    };

    expect(await seen({ "x-fieldgate-roles": "one" })).toEqual(["region"]);
    expect(await seen({ "x-fieldgate-roles": "two" })).toEqual(["amount"]);
    expect(await seen({})).toEqual(["region", "amount"]);
  });

  test("is nothing to a write, which goes by the definition that there is when it writes", async () => {
    const { world, dataset, key, seen } = await aScene();
    await seen(key);
    const id = decodeId("Dataset", dataset.id);
    const holder = await holding(database.pool, id);
    const writing = world.run(
      `mutation ($id: ID!) { createRows(input: { datasetId: $id, rows: [{ region: "east" }] }) { count } }`,
      { key, variables: { id: dataset.id } },
    );
    await sleep(300);
    await holder.query(
      "UPDATE dataset_column SET required = true WHERE dataset_id = $1 AND name = 'amount'",
      [id],
    );
    await holder.query("COMMIT");
    holder.release();

    expect((await writing).errors).toMatchObject([
      { extensions: { errors: [{ column: "amount", code: "REQUIRED" }] } },
    ]);
  });
});

/** A transaction of somebody else that holds the definition of a dataset. */
async function holding(pool: pg.Pool, id: string | null): Promise<pg.PoolClient> {
  const holder = await pool.connect();
  await holder.query("BEGIN");
  await holder.query("SELECT FROM dataset WHERE id = $1 FOR UPDATE", [id]);
  return holder;
}
