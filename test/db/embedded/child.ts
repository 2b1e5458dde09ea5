/** What a second process does in the tests: `node --import tsx child.ts <task> <folder> …`. */
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { takeDataFolder } from "../../../src/db/embedded/data-folder.ts";
import {
  type Embedded,
  openEmbedded,
  reachEmbedded,
} from "../../../src/db/embedded/embedded-database.ts";
import { clientOver, poolOver } from "./support.ts";

const [task = "", folder = "", ...rest] = process.argv.slice(2);

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Opens the folder and stays, with a transaction open. */
async function hold(): Promise<void> {
  const embedded = await openEmbedded(folder);
  const client = await clientOver(() => embedded.connect());
  await client.query("begin; create table unfinished (id int)");
  tell("open");
}

/** Opens the folder, works, closes, and says what it has open beyond what it had before. */
async function close(): Promise<void> {
  tell("begun");
  const before = process.getActiveResourcesInfo();
  const [template = ""] = rest;
  const embedded = await openEmbedded(folder, { template });
  const pool = poolOver(() => embedded.connect());
  await Promise.all([1, 2, 3].map((n) => pool.query("select $1::int", [n])));
  await pool.end();
  await embedded.close();
  // A closed handle is let go when the loop comes round.
  await sleep(10);
  const after = process.getActiveResourcesInfo();
  for (const kind of before) after.splice(after.indexOf(kind), 1);
  tell(`left open: ${after.join()}`);
}

/** Says why the folder does not open. */
async function refused(): Promise<void> {
  await openEmbedded(folder).then(
    () => tell("opened"),
    (error: Error) => tell(`${error.constructor.name}: ${error.message}`),
  );
  process.exit();
}

/** Asks a running server's database. */
async function reach(): Promise<void> {
  const client = await clientOver(reachEmbedded(folder));
  const { rows } = await client.query<{ answer: number }>("select answer from question");
  tell(String(rows[0]?.answer));
  await client.end();
}

/** Opens a transaction in a running server's database, writes, and waits to be killed. */
async function reachAndWrite(): Promise<void> {
  const client = await clientOver(reachEmbedded(folder));
  await client.query("begin; insert into note values ('unfinished')");
  tell("written");
}

/** At each line, tries to take the folder at the time the line says; at the next, lets it go. */
async function race(): Promise<void> {
  tell("ready");
  let release: (() => void) | undefined;
  for await (const line of createInterface(process.stdin)) {
    release?.();
    release = undefined;
    if (line === "release") {
      tell("released");
      continue;
    }
    while (Date.now() < Number(line));
    try {
      const taken = await takeDataFolder(folder);
      release = () => taken.release();
      tell("won");
    } catch (error) {
      tell((error as Error).constructor.name);
    }
  }
}

/** Checks what earlier runs acknowledged, says so, and goes on writing until it is killed. */
async function write(): Promise<void> {
  const [template = "", acknowledged = "0"] = rest;
  const embedded = await openEmbedded(folder, { template });
  const pool = poolOver(() => embedded.connect());
  await pool.query("create table if not exists a (n int primary key, text text)");
  await pool.query("create table if not exists b (n int primary key, text text)");
  const { rows } = await pool.query<{ last: number; torn: number }>(
    `select coalesce(max(coalesce(a.n, b.n)), 0) as last, count(*) filter
       (where a.n is null or b.n is null or a.text <> b.text)::int as torn
     from a full join b using (n)`,
  );
  const [last, torn] = [rows[0]?.last ?? -1, rows[0]?.torn ?? -1];
  const held = await pool.query<{ held: number }>("select count(*)::int as held from a");
  const isWhole = torn === 0 && last >= Number(acknowledged) && held.rows[0]?.held === last;
  tell(isWhole ? "whole" : `lost or torn: ${acknowledged} ${last} ${torn} ${held.rows[0]?.held}`);
  await writeOn(embedded, last + 1);
}

async function writeOn(embedded: Embedded, n: number): Promise<void> {
  const client: pg.Client = await clientOver(() => embedded.connect());
  for (let next = n; ; next += 1) {
    const text = `${next}`.repeat(500);
    await client.query("begin");
    await client.query("insert into a values ($1, $2)", [next, text]);
    await client.query("insert into b values ($1, $2)", [next, text]);
    await client.query("commit");
    tell(String(next));
  }
}

const tasks: Record<string, () => Promise<void>> = {
  hold,
  close,
  refused,
  reach,
  "reach-and-write": reachAndWrite,
  race,
  write,
};
await tasks[task]?.();
