import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { newRowUuid } from "../../src/db/id.ts";
import { beginCommit } from "../../src/db/row-commit.ts";
import { type LogEntry, recordsAfter } from "../../src/db/row-log.ts";
import { insertRows } from "../../src/db/row-writes.ts";
import { begin, inTransaction } from "../../src/db/transaction.ts";
import { followed, type Logged, snapshotOf } from "../support/row-log.ts";
import { aWorld } from "../support/world.ts";
import { uuidOf } from "./as-role.ts";

const WRITERS = 12;
const WRITES = 8;

/** A dataset whose log nobody else writes. */
async function aLogged(): Promise<Logged> {
  const world = await aWorld();
  const { id } = await world.dataset({ columns: [{ name: "n", type: "INTEGER" }] });
  return { database: world.database, tenantId: world.tenantId, id: uuidOf(id) };
}

/** Begins a transaction of a writer. */
function writing({ database, tenantId }: Logged) {
  return begin(database, { role: "fieldgate_member", tenantId, mode: "write" });
}

/** Writes so many new rows. @returns Their ids. */
async function writeRows(
  transaction: Parameters<typeof beginCommit>[0],
  { tenantId, id }: Logged,
  count: number,
): Promise<string[]> {
  const stamp = { by: "test", at: new Date() };
  const rows = Array.from({ length: count }, () => ({ id: newRowUuid(1), cells: new Map() }));
  await beginCommit(transaction, { tenantId, datasetId: id }, stamp);
  await insertRows(transaction, { tenantId, id }, rows, stamp);
  return rows.map((row) => row.id);
}

/** Writes one transaction after the other, each of which lasts as long as chance wills, before and after it writes. */
async function aWriter(logged: Logged): Promise<string[][]> {
  const commits: string[][] = [];
  const { database, tenantId } = logged;
  for (let write = 0; write < WRITES; write += 1) {
    // oxlint-disable-next-line no-await-in-loop
    const ids = await inTransaction(
      database,
      { role: "fieldgate_member", tenantId, mode: "write" },
      async (transaction) => {
        await sleep(Math.random() * 10);
        const written = await writeRows(transaction, logged, 1 + Math.floor(Math.random() * 4));
        await sleep(Math.random() * 30);
        return written;
      },
    );
    commits.push(ids.toSorted());
  }
  return commits;
}

/** Follows the log while others write, three records at a time. */
async function aReader(logged: Logged, isOver: () => boolean): Promise<LogEntry[]> {
  const read: LogEntry[] = [];
  for (;;) {
    const wasOver = isOver();
    const place = read.at(-1)?.place ?? null;
    // oxlint-disable-next-line no-await-in-loop
    const next = await snapshotOf(logged, (transaction) =>
      recordsAfter(transaction, logged, place, 3),
    );
    read.push(...next);
    if (wasOver && next.length === 0) return read;
    // oxlint-disable-next-line no-await-in-loop
    await sleep(Math.random() * 3);
  }
}

/** The ids of the rows of each commit, in the order in which they were read. */
function commitsIn(entries: readonly LogEntry[]): string[][] {
  const commits = new Map<string, string[]>();
  for (const { place } of entries) {
    const ids = commits.get(place.number) ?? [];
    ids.push(place.rowId);
    commits.set(place.number, ids);
  }
  return [...commits.values()];
}

describe("whoever follows the log of a dataset by its places", () => {
  test("misses no record and reads none twice while many write", async () => {
    const logged = await aLogged();
    let isOver = false;
    const readers = [1, 2].map(() => aReader(logged, () => isOver));
    const written = await Promise.all(Array.from({ length: WRITERS }, () => aWriter(logged)));
    isOver = true;
    const [one = [], other] = await Promise.all(readers);

    const numbers = one.map(({ place }) => BigInt(place.number));
    expect(numbers).toStrictEqual(numbers.toSorted((a, b) => Number(a - b)));
    expect(commitsIn(one).map(String).toSorted()).toStrictEqual(
      written.flat().map(String).toSorted(),
    );
    expect(other).toStrictEqual(one);
  });

  test("reads a commit in pages as it reads it at once", async () => {
    const logged = await aLogged();
    for (const count of [1, 7, 2]) {
      // oxlint-disable-next-line no-await-in-loop
      const transaction = await writing(logged);
      // oxlint-disable-next-line no-await-in-loop
      await writeRows(transaction, logged, count);
      // oxlint-disable-next-line no-await-in-loop
      await transaction.commit();
    }
    const whole = await followed(logged);
    expect(commitsIn(whole).map(({ length }) => length)).toStrictEqual([1, 7, 2]);
    for (const page of [1, 2, 3, 8]) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await followed(logged, { page })).toStrictEqual(whole);
    }
    const after = whole[4]?.place ?? null;
    expect(await followed(logged, { after, page: 2 })).toStrictEqual(whole.slice(5));
  });
});

describe.skipIf((await aLogged()).database.kind === "PGlite")("writers of one dataset", () => {
  test("do not wait for each other while they write, and are numbered as they commit", async () => {
    const logged = await aLogged();
    const [first, second] = [await writing(logged), await writing(logged)];
    const early = await writeRows(first, logged, 1);
    const late = await writeRows(second, logged, 1);
    await second.commit();
    expect(commitsIn(await followed(logged))).toStrictEqual([late]);
    await first.commit();
    expect(commitsIn(await followed(logged))).toStrictEqual([late, early]);
  });

  test("leave no trace of what they take back", async () => {
    const logged = await aLogged();
    const [gone, kept] = [await writing(logged), await writing(logged)];
    await writeRows(gone, logged, 3);
    const ids = await writeRows(kept, logged, 1);
    await gone.rollback();
    await kept.commit();
    expect(commitsIn(await followed(logged))).toStrictEqual([ids]);
  });
});
