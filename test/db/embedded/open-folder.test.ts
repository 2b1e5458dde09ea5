import { once } from "node:events";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DataFolderError } from "../../../src/db/embedded/data-folder.ts";
import { openEmbedded, reachEmbedded } from "../../../src/db/embedded/embedded-database.ts";
import {
  cleanUp,
  clientOver,
  KILLS,
  makeTemplate,
  poolOver,
  startChild,
  temporaryFolder,
} from "./support.ts";

const SERIES = 4;
let template: string;

beforeAll(async () => {
  template = await makeTemplate();
});

afterAll(cleanUp);

describe("an open data folder", () => {
  test("keeps what was written", async () => {
    const folder = temporaryFolder();
    const first = await openEmbedded(folder, { template });
    const writer = poolOver(() => first.connect());
    await writer.query("create table note as select 'kept' as text");
    await first.close();
    const second = await openEmbedded(folder);
    const reader = poolOver(() => second.connect());
    expect((await reader.query("select text from note")).rows).toEqual([{ text: "kept" }]);
    await second.close();
  });

  test("is refused to a second process in words that say what to do", async () => {
    const folder = temporaryFolder();
    const embedded = await openEmbedded(folder, { template });
    const answer = await startChild("refused", folder).hear();
    expect(answer).toContain("DataFolderBusyError");
    expect(answer).toContain(`in use by process ${process.pid}`);
    expect(answer).toContain("Stop that process, name another folder, or use PostgreSQL.");
    await embedded.close();
  });

  test("is served to other processes of the same user through its socket", async () => {
    const folder = temporaryFolder();
    const embedded = await openEmbedded(folder, { template });
    expect(statSync(join(folder, "socket")).mode & 0o777).toBe(0o600);
    const pool = poolOver(() => embedded.connect());
    await pool.query("create table question as select 42 as answer");
    await pool.query("create table note (text text)");
    expect(await startChild("reach", folder).hear()).toBe("42");
    const writer = startChild("reach-and-write", folder);
    expect(await writer.hear()).toBe("written");
    const seen = pool.query("select text from note");
    await writer.kill();
    expect((await seen).rows).toEqual([]);
    await embedded.close();
  });

  test("is reached however long its path is", async () => {
    const folder = join(temporaryFolder(), "long-name-".repeat(12));
    const embedded = await openEmbedded(folder, { template });
    const client = await clientOver(reachEmbedded(folder));
    expect((await client.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    expect(statSync(join(folder, "socket")).mode & 0o777).toBe(0o600);
    await client.end();
    await embedded.close();
  });

  test("is found closed where nobody serves it", async () => {
    await expect(clientOver(reachEmbedded(temporaryFolder()))).rejects.toMatchObject({
      code: "ENOENT",
    });
  });

  test("is refused where its database is damaged, and is let go", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "pgdata"));
    writeFileSync(join(folder, "pgdata", "remains"), "");
    const opening = openEmbedded(folder);
    await expect(opening).rejects.toThrow(DataFolderError);
    await expect(opening).rejects.toThrow("holds no database; move it away or restore a backup");
    expect(readdirSync(folder)).toEqual(["pgdata"]);
  });

  test("answers again after a slow statement was cut, with everything committed", async () => {
    const warnings: string[] = [];
    const embedded = await openEmbedded(temporaryFolder(), {
      template,
      statementTimeoutMs: 2_000,
      warn: (reason) => warnings.push(reason),
    });
    const pool = poolOver(() => embedded.connect());
    await pool.query("create table note as select 'kept' as text");
    const waiting = await clientOver(() => embedded.connect());
    const other = new Promise((resolve) => waiting.once("error", resolve));
    const slow = pool.query(
      "with gone as (delete from note returning text) select count(*) from gone, generate_series(1, 1e10)",
    );
    await expect(slow).rejects.toMatchObject({ code: "57P01", severity: "FATAL" });
    expect(await other).toMatchObject({ code: "57P01" });
    expect((await pool.query("select text from note")).rows).toEqual([{ text: "kept" }]);
    expect(warnings).toEqual(["A statement ran longer than 2000 ms and was ended."]);
    await embedded.close();
  });

  test("keeps its log short", async () => {
    const embedded = await openEmbedded(temporaryFolder(), { template });
    const pool = poolOver(() => embedded.connect());
    await pool.query("create table note (text text)");
    const log = "pg_wal_lsn_diff(pg_current_wal_lsn(), (pg_control_checkpoint()).redo_lsn)::int";
    const written = await pool.query<{ before: number }>(`select ${log} as before`);
    await pool.query("insert into note select repeat('x', 1000) from generate_series(1, 80000)");
    await sleep(1_000);
    await pool.query("select 1");
    const kept = await pool.query<{ after: number }>(`select ${log} as after`);
    expect(kept.rows[0]?.after).toBeLessThanOrEqual((written.rows[0]?.before ?? 0) + 1_000_000);
    await embedded.close();
  });

  test("leaves nothing open and nothing behind when it is closed", async () => {
    const folder = temporaryFolder();
    const child = startChild("close", folder, template);
    const exit = once(child.process, "exit");
    expect(await child.hear()).toBe("begun");
    expect(await child.hear()).toBe("left open: ");
    expect(await exit).toEqual([0, null]);
    expect(readdirSync(folder)).toEqual(["pgdata"]);
  });
});

describe("a process killed with SIGKILL", () => {
  test("leaves a folder that the next one takes over, lock and socket included", async () => {
    const folder = temporaryFolder();
    await (await openEmbedded(folder, { template })).close();
    const child = startChild("hold", folder);
    expect(await child.hear()).toBe("open");
    await child.kill();
    expect(readdirSync(folder).toSorted()).toEqual(["lock", "pgdata", "socket"]);
    const embedded = await openEmbedded(folder);
    const client = await clientOver(reachEmbedded(folder));
    const { rows } = await client.query("select to_regclass('unfinished') as table");
    expect(rows).toEqual([{ table: null }]);
    await client.end();
    await embedded.close();
  });

  test(
    `amid writing transactions loses nothing acknowledged and tears nothing, ${KILLS} times`,
    async () => {
      const series = Array.from({ length: SERIES }, (_, index) =>
        killRepeatedly(Math.ceil((KILLS - index) / SERIES), index),
      );
      const acknowledged = await Promise.all(series);
      expect(Math.min(...acknowledged)).toBeGreaterThanOrEqual(Math.floor(KILLS / SERIES));
    },
    300_000 + KILLS * 2_000,
  );
});

/** Kills a writer so many times; each one first checks what those before it acknowledged. */
async function killRepeatedly(kills: number, series: number): Promise<number> {
  const folder = temporaryFolder();
  let acknowledged = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const writer = startChild("write", folder, template, String(acknowledged));
    expect(await writer.hear()).toBe("whole");
    const first = await writer.hear();
    await sleep(20 + ((kill * 37 + series * 53) % 150));
    await writer.kill();
    acknowledged = Number((await writer.rest()).at(-1) ?? first);
  }
  const last = startChild("write", folder, template, String(acknowledged));
  expect(await last.hear()).toBe("whole");
  await last.kill();
  return acknowledged;
}
