import sql, { raw } from "sql-template-tag";
import { describe, expect, test } from "vitest";
import type { ColumnType } from "../../src/cell/column-type.ts";
import {
  addStorageColumn,
  analyzeStorage,
  copyStorageColumn,
  createStorage,
  createStorageIndexes,
  dropStorage,
  dropStorageColumn,
  dropStorageIndexes,
  indexesOf,
  insertDataset,
  placed,
} from "../../src/db/dataset-storage.ts";
import { datasetDefinitions, type NewColumn } from "../../src/db/dataset-definition.ts";
import { failureOf } from "../../src/db/errors.ts";
import { newRowTag, newUuid } from "../../src/db/id.ts";
import { inTransaction, type Transaction } from "../../src/db/transaction.ts";
import { aWorld, type World } from "../support/world.ts";
import { WRITING } from "./as-role.ts";

const COLUMN: NewColumn = {
  name: "a",
  type: "TEXT",
  label: "A",
  description: "",
  required: false,
  unique: false,
  indexed: false,
  editable: true,
  tellsTaken: false,
  whenDenied: "ABSENT" as const,
  default: null,
  min: null,
  max: null,
  maxLength: null,
  pattern: null,
  options: null,
  optionsFrom: null,
  keyPosition: null,
};

/** Does something as a member of a world's tenant, which may be to write rows. */
const asMember = async <Result>(
  { database, tenantId }: World,
  work: (transaction: Transaction) => Promise<Result>,
) =>
  await inTransaction(
    database,
    { role: "fieldgate_member", tenantId, mode: "write" },
    async (transaction) => {
      await transaction.query(raw(WRITING));
      return await work(transaction);
    },
  );

const view = (id: string) => raw(`data.d_${id.replaceAll("-", "")}`);
const table = (id: string) => raw(`data.t_${id.replaceAll("-", "")}`);

/** Makes a dataset with its table, and no more than its first row. */
async function aDataset(world: World, types: readonly ColumnType[]) {
  const id = newUuid();
  const columns = placed(
    types.map((type, index) => ({ ...COLUMN, type, name: `c${index + 1}` })),
    { slot: 1, position: 1 },
  );
  await asMember(world, async (transaction) => {
    await insertDataset(transaction, {
      tenantId: world.tenantId,
      id,
      name: `d_${id.replaceAll("-", "")}`,
      label: "",
      description: "",
      accessLevel: "PRIVATE",
      auditReads: false,
      rowTag: newRowTag(),
      columns,
      createdBy: "test",
      createdAt: new Date(),
    });
    await createStorage(transaction, id, types);
    await transaction.query(sql`
      INSERT INTO ${view(id)} (id, created_at, created_by, updated_at, updated_by)
      VALUES (${newUuid()}::uuid, now(), '', now(), '')`);
  });
  return id;
}

const failing = async (work: Promise<unknown>) =>
  await work.then(
    () => null,
    (error: unknown) => failureOf(error) ?? error,
  );

test("a dataset is read as it was inserted", async () => {
  const world = await aWorld();
  const columns = placed(
    [
      { ...COLUMN, default: "x", maxLength: 3, pattern: "x*" },
      { ...COLUMN, name: "b", type: "BOOLEAN", default: false, keyPosition: 2 },
      { ...COLUMN, name: "c", type: "JSON", default: { a: [null] } },
      { ...COLUMN, name: "d", type: "SELECT", options: ["x", "y"], unique: true, tellsTaken: true },
      { ...COLUMN, name: "e", type: "INTEGER", min: "1", max: "2", indexed: true, editable: false },
    ],
    { slot: 1, position: 1 },
  );
  const dataset = {
    tenantId: world.tenantId,
    id: newUuid(),
    name: "inserted",
    label: "Inserted",
    description: "As it was",
    accessLevel: "OPEN",
    auditReads: true,
    rowTag: newRowTag(),
    columns,
    createdBy: "somebody",
    createdAt: new Date("2024-02-29T12:00:00.123Z"),
  } as const;
  const [read] = await asMember(world, async (transaction) => {
    await insertDataset(transaction, dataset);
    return await datasetDefinitions(transaction, world.tenantId, [], { names: ["inserted"] });
  });
  expect(read).toStrictEqual({
    ...dataset,
    version: 1,
    links: [],
    nextSlot: 6,
    updatedAt: dataset.createdAt,
    updatedBy: "somebody",
    grants: [],
  });
});

describe("the storage of a dataset", () => {
  test("is reached through its view alone", async () => {
    const world = await aWorld();
    const id = await aDataset(world, ["TEXT"]);
    const read = (what: ReturnType<typeof view>) =>
      asMember(world, (transaction) => transaction.query(sql`SELECT id FROM ${what}`));
    expect(await read(view(id))).toHaveLength(1);
    expect(await failing(read(table(id)))).toBe("DENIED");
  });

  test("is nobody's but its tenant's to read or to change", async () => {
    const [world, other] = [await aWorld(), await aWorld()];
    const id = await aDataset(world, ["TEXT", "INTEGER"]);
    const rows = await asMember(other, (transaction) =>
      transaction.query(sql`SELECT id FROM ${view(id)}`),
    );
    expect(rows).toStrictEqual([]);
    const attempts: ((transaction: Transaction) => Promise<void>)[] = [
      (transaction) => createStorage(transaction, id, ["TEXT"]),
      (transaction) => addStorageColumn(transaction, id, { slot: 3, type: "TEXT" }),
      (transaction) => dropStorageColumn(transaction, id, 1),
      (transaction) => copyStorageColumn(transaction, id, { from: 1, to: 2 }),
      (transaction) => createStorageIndexes(transaction, id, [{ slots: [1], isUnique: false }]),
      (transaction) => dropStorageIndexes(transaction, id, [{ slots: [1], isUnique: false }]),
      (transaction) => dropStorage(transaction, id),
    ];
    for (const attempt of attempts) {
      // eslint-disable-next-line no-await-in-loop
      expect(await failing(asMember(other, attempt))).toBe("DENIED");
    }
    await asMember(world, (transaction) => dropStorage(transaction, id));
    expect(
      await failing(
        asMember(world, (transaction) => transaction.query(sql`SELECT FROM ${view(id)}`)),
      ),
    ).toBe("RETRY");
  });

  test("keeps its functions from everybody else", async () => {
    const { database, tenantId, ...world } = await aWorld();
    const id = await aDataset({ database, tenantId, ...world }, ["TEXT"]);
    for (const role of [
      "fieldgate_public",
      "fieldgate_visualization",
      "fieldgate_operator",
    ] as const) {
      const attempt = inTransaction(database, { role, tenantId, mode: "write" }, (transaction) =>
        dropStorage(transaction, id),
      );
      // eslint-disable-next-line no-await-in-loop
      expect(await failing(attempt)).toBe("DENIED");
    }
  });
});

describe("indexes", () => {
  test("are made once, however many columns ask for the same", () => {
    const columns = placed(
      [
        { ...COLUMN, unique: true, indexed: true, keyPosition: 1 },
        { ...COLUMN, name: "b" },
        { ...COLUMN, name: "c", unique: true },
      ],
      { slot: 1, position: 1 },
    );
    expect(indexesOf(columns)).toStrictEqual([
      { slots: [1], isUnique: false },
      { slots: [3], isUnique: true },
      { slots: [1], isUnique: true },
    ]);
  });

  test("may be made and dropped twice", async () => {
    const world = await aWorld();
    const id = await aDataset(world, ["TEXT", "INTEGER"]);
    const indexes = [
      { slots: [1, 2], isUnique: true },
      { slots: [2], isUnique: false },
    ];
    const left = await asMember(world, async (transaction) => {
      await createStorageIndexes(transaction, id, indexes);
      await createStorageIndexes(transaction, id, indexes);
      await dropStorageIndexes(transaction, id, indexes);
      await dropStorageIndexes(transaction, id, indexes);
      return await transaction.query(
        sql`SELECT FROM pg_indexes WHERE tablename = ${table(id).text.slice("data.".length)}`,
      );
    });
    expect(left).toHaveLength(1);
  });

  test("serve a search by the view, in native columns and beyond", async () => {
    const world = await aWorld();
    const id = await aDataset(
      world,
      Array.from({ length: 252 }, () => "TEXT" as const),
    );
    await asMember(world, async (transaction) => {
      await createStorageIndexes(
        transaction,
        id,
        [1, 252].map((slot) => ({ slots: [slot], isUnique: false })),
      );
      await transaction.query(sql`
        INSERT INTO ${view(id)} (id, created_at, created_by, updated_at, updated_by, c1, overflow)
        SELECT gen_random_uuid(), now(), '', now(), '', n::text, jsonb_build_object('252', n::text)
        FROM generate_series(1, 5000) n`);
    });
    await world.database.pool.query(`ANALYZE ${table(id).text}`);
    const plans = await Promise.all(
      [1, 252].map((slot) =>
        asMember(world, (transaction) =>
          transaction.query<{ "QUERY PLAN": string }>(sql`
            EXPLAIN SELECT id FROM ${view(id)}
            WHERE tenant_id = ${world.tenantId}::uuid AND ${raw(`c${slot}`)} = 'x'`),
        ),
      ),
    );
    const conditions = plans.map((plan) =>
      plan.map((line) => line["QUERY PLAN"]).find((line) => line.includes("Index Cond")),
    );
    expect(conditions[0]).toContain("c1 = 'x'");
    expect(conditions[1]).toContain("'252'");
  });
});

test("a column that is dropped leaves nothing of its values", async () => {
  const world = await aWorld();
  const id = await aDataset(world, ["TEXT"]);
  const [row] = await asMember(world, async (transaction) => {
    await addStorageColumn(transaction, id, { slot: 251, type: "TEXT" });
    await transaction.query(
      sql`UPDATE ${view(id)} SET version = version + 1, c1 = 'native', overflow = '{"251": "beyond"}'`,
    );
    await addStorageColumn(transaction, id, { slot: 252, type: "TEXT" });
    await copyStorageColumn(transaction, id, { from: 251, to: 252 });
    await dropStorageColumn(transaction, id, 1);
    await dropStorageColumn(transaction, id, 251);
    return await transaction.query<Record<string, unknown>>(sql`SELECT * FROM ${view(id)}`);
  });
  expect(row).toMatchObject({ c252: "beyond", overflow: { "252": "beyond" } });
  expect(Object.keys(row ?? {})).not.toContain("c1");
});

test("the planner knows at once what a dataset holds that was filled and analyzed", async () => {
  const world = await aWorld();
  const id = await aDataset(world, ["TEXT"]);
  const filled = await asMember(world, async (transaction) => {
    await transaction.query(sql`
      INSERT INTO ${view(id)} (id, created_at, created_by, updated_at, updated_by, c1)
      SELECT gen_random_uuid(), now(), '', now(), '', 'x' FROM generate_series(1, 999)`);
    await analyzeStorage(transaction, id);
    return await transaction.query<{ "QUERY PLAN": string }>(
      sql`EXPLAIN SELECT id FROM ${view(id)} WHERE c1 = 'x'`,
    );
  });
  expect(filled.map((line) => line["QUERY PLAN"]).join()).toContain("rows=999 ");
});

test("a dataset of another tenant is not analyzed", async () => {
  const [world, other] = [await aWorld(), await aWorld()];
  const id = await aDataset(other, ["TEXT"]);
  const failure = await failing(asMember(world, (transaction) => analyzeStorage(transaction, id)));
  expect(failure).toBe("DENIED");
});
