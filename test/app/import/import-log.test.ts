import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type DatasetImport, importDataset } from "../../../src/domain/import/import-dataset.ts";
import { encodeId } from "../../../src/db/id.ts";
import { followed, replayed } from "../../support/row-log.ts";
import { aWorld, uniqueName } from "../../support/world.ts";

const folder = mkdtempSync(join(tmpdir(), "fieldgate-import-log-"));
afterAll(() => rmSync(folder, { recursive: true }));

const ROWS = Array.from({ length: 2_500 }, (_, n) => ({ n, price: `${n}.50` }));

/** A tenant, and a way to import 2,500 rows into it, in three transactions that nobody sees. */
async function aScene() {
  const world = await aWorld();
  const { database, tenantId } = world;
  const lines = ROWS.map(({ n, price }) => `${n},${price}\n`);
  const importing = async (more = "", order: Partial<DatasetImport> = {}) => {
    const path = join(folder, `${uniqueName("rows")}.csv`);
    writeFileSync(path, `n,price\n${lines.join("")}${more}`);
    const stamp = { by: "operator", at: new Date("2026-01-02T03:04:05.678Z") };
    return await importDataset(database, { tenantId, path, name: "rows", stamp, ...order });
  };
  /** What the tenant has of logs, whether or not anybody can see it. */
  const kept = async () => {
    const { rows } = await database.pool.query<{ kept: string }>(
      `SELECT (SELECT count(*) FROM row_commit WHERE tenant_id::text = $1)
            + (SELECT count(*) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
               WHERE c.relname LIKE 'l\\_%' AND pg_get_constraintdef(k.oid) LIKE '%' || $1 || '%')
         AS kept`,
      [tenantId],
    );
    return Number(rows[0]?.kept);
  };
  return { ...world, importing, kept };
}

describe("the log of an import", () => {
  test("has a record of each row, in the first commit of the dataset", async () => {
    const { database, tenantId, importing, ask } = await aScene();
    const { datasetId: id } = await importing();
    const log = await followed({ database, tenantId, id }, { page: 999 });
    expect(new Set(log.map(({ place }) => place.number))).toStrictEqual(new Set(["1"]));
    expect(log[0]).toMatchObject({
      version: 1,
      before: null,
      by: "operator",
      at: new Date("2026-01-02T03:04:05.678Z"),
    });
    expect([...replayed(log).values()].map(({ cells }) => cells)).toStrictEqual(
      ROWS.map(({ n, price }) => ({ "1": `${n}`, "2": price })),
    );
    await ask(`mutation ($input: CreateRowsInput!) { createRows(input: $input) { count } }`, {
      variables: { input: { datasetId: encodeId("Dataset", id), rows: [{ n: -1 }] } },
    });
    const next = await followed({ database, tenantId, id }, { after: log.at(-1)?.place ?? null });
    expect(next).toMatchObject([{ place: { number: "2" }, after: { "1": "-1" } }]);
  });

  test("is not there for one that fails, or was not meant", async () => {
    const { importing, kept } = await aScene();
    expect(await kept()).toBe(0);
    await expect(importing("x,y,z\n")).rejects.toThrow(/line 2502/);
    expect(await kept()).toBe(0);
    await importing("", { isTrial: true });
    expect(await kept()).toBe(0);
    await importing();
    expect(await kept()).toBe(2);
  });

  test("knows nothing of lines that are left out", async () => {
    const { database, tenantId, importing } = await aScene();
    const { datasetId: id, skipped } = await importing("7,1.00\n2500,1.00\n", {
      onSkipped: () => undefined,
      choices: { key: ["n"] },
    });
    const log = await followed({ database, tenantId, id });
    expect([skipped, log.length]).toStrictEqual([1, ROWS.length + 1]);
  });
});
