/**
 * Measures how a dataset is best kept, on PostgreSQL (`DATABASE_URL`, a superuser) or, with
 * `--pglite`, the first half of it on the embedded database. Makes databases of its own and drops
 * them. Ends with 1 when the chosen shape misses a limit.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { crowd, memoryOfAll, slim } from "./crowd.ts";
import { administer, crowded, dropAll, inDatabase, prepare, quiet } from "./database.ts";
import { grow, slowed } from "./growth.ts";
import { comparison, growth, width } from "./report.ts";
import { connect, embedded, type Session } from "./session.ts";
import { shapes } from "./shapes.ts";
import { build, compare, missed } from "./speed.ts";
import { readWide, tooWide, widen } from "./wide.ts";

const furtherDatasets = 1000;

/** Compares the shapes and tries the wide rows; answers the limits missed. */
async function compareShapes(session: Session, rows: number): Promise<readonly string[]> {
  console.log(`${(await session.rows("select version()"))[0]?.join()}\n${rows} rows\n`);
  await prepare(session);
  const fits = await widen(session);
  console.log(`${width(fits, await readWide(session))}\n`);
  const all = shapes(rows);
  await build(session, all);
  const findings = await compare(session, all);
  console.log(
    `\n${comparison(
      findings,
      all.map(({ name }) => name),
    )}\n`,
  );
  return [...missed(findings), ...tooWide(fits)];
}

/** Adds the further datasets to a copy of the database and compares the two. */
async function compareGrowth(server: string): Promise<readonly string[]> {
  await administer(server, [`create database ${crowded} template ${quiet}`]);
  const url = inDatabase(server, crowded);
  await using(url, (session) => crowd(session, furtherDatasets));
  const growths = await grow(inDatabase(server, quiet), url);
  console.log(growth(growths, furtherDatasets));
  const bytes = await using(url, (session) => memoryOfAll(session, furtherDatasets));
  console.log(`\nA connection that has read all of them holds ${(bytes / 1e6).toFixed(0)} MB.\n`);
  return slowed(growths);
}

async function using<T>(url: string, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await connect(url);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

async function onPostgres(server: string): Promise<readonly string[]> {
  await administer(server, [...dropAll, `create database ${quiet}`]);
  try {
    const missedShapes = await using(inDatabase(server, quiet), async (session) => {
      const missedHere = await compareShapes(session, 1_000_000);
      await slim(session);
      return missedHere;
    });
    return [...missedShapes, ...(await compareGrowth(server))];
  } finally {
    await administer(server, dropAll);
  }
}

async function onPGlite(): Promise<readonly string[]> {
  const session = await embedded();
  try {
    return await compareShapes(session, 100_000);
  } finally {
    await session.close();
  }
}

const { values } = parseArgs({ options: { pglite: { type: "boolean", default: false } } });
const server = process.env["DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";
const faults = values.pglite ? await onPGlite() : await onPostgres(server);
for (const fault of faults) console.error(`MISSED ${fault}`);
if (faults.length === 0) console.log("The chosen shape keeps every limit.");
process.exitCode = faults.length === 0 ? 0 : 1;
