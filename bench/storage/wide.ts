import { createHash } from "node:crypto";
import { tenant } from "./ids.ts";
import { inTurn, range } from "../in-turn.ts";
import type { Session } from "./session.ts";

/** Whether one row of 1,000 text cells of this length fits, and what PostgreSQL says if not. */
export interface Fit {
  readonly characters: number;
  readonly native: string;
  readonly overflow: string;
}

const columns = 1000;
const nativeSlots = 250;
const fits = "fits";

const typed = (to: number): string =>
  range(1, to)
    .map((slot) => `c${slot} text collate "C"`)
    .join(", ");

const named = (to: number): string =>
  range(1, to)
    .map((slot) => `c${slot}`)
    .join(", ");

const beyond = range(nativeSlots + 1, columns);
const overflowing = beyond.map((slot) => `c${slot}`).join(", ");

/** The overflowing cells read out of a jsonb object, as a select list. */
const unpacked = (object: string): string =>
  beyond.map((slot) => `(${object} ->> '${slot}') collate "C" as c${slot}`).join(", ");

const tables = `
  create table data.wide_native (tenant_id uuid, id uuid, ${typed(columns)});
  create table data.wide (
    tenant_id uuid not null default '${tenant}', id uuid not null default gen_random_uuid(),
    ${typed(nativeSlots)}, overflow jsonb, primary key (tenant_id, id));
  create view data.wide_door as
    select tenant_id, id, overflow,
      ${named(nativeSlots)}, ${unpacked("overflow")}
    from data.wide where tenant_id = '${tenant}';`;

/** Text that does not compress. */
function noise(slot: number, characters: number): string {
  const blocks = range(0, Math.floor(characters / 43));
  const hashed = blocks.map((block) =>
    createHash("sha256").update(`${slot} ${block}`).digest("base64url"),
  );
  return hashed.join("").slice(0, characters);
}

const literals = (to: number, characters: number): string =>
  range(1, to)
    .map((slot) => `'${noise(slot, characters)}'`)
    .join(", ");

function intoNative(characters: number): string {
  return `insert into data.wide_native (${named(columns)}) values (${literals(columns, characters)})`;
}

function intoDoor(characters: number): string {
  const overflow = Object.fromEntries(beyond.map((slot) => [slot, noise(slot, characters)]));
  return `insert into data.wide_door (${named(nativeSlots)}, overflow)
    values (${literals(nativeSlots, characters)}, '${JSON.stringify(overflow)}')`;
}

async function attempt(session: Session, insert: string): Promise<string> {
  try {
    await session.script(insert);
    return fits;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** Tries rows of 1,000 filled cells of several lengths in both tables, and reads them back. */
export async function widen(session: Session): Promise<readonly Fit[]> {
  await session.script(tables);
  return inTurn([10, 24, 40, 250], async (characters) => ({
    characters,
    native: await attempt(session, intoNative(characters)),
    overflow: await attempt(session, intoDoor(characters)),
  }));
}

/** How long reading the wide rows as JSON takes, in milliseconds a row of 250,000 characters. */
export interface Reading {
  /** Every overflowing column through the view, which unpacks the object once for each. */
  readonly cellByCell: number;
  /** The object unpacked once a row, in a page that cannot merge with its reader. */
  readonly unpackedOnce: number;
}

const rowsRead = 20;

/** Reads the overflowing columns of the longest rows in both ways. */
export async function readWide(session: Session): Promise<Reading> {
  await session.script(`
    insert into data.wide_door (${named(nativeSlots)}, overflow)
    select ${named(nativeSlots)}, overflow from data.wide_door, generate_series(1, ${rowsRead})
    where length(c1) = 250`);
  const page = `select * from data.wide_door where length(c1) = 250 limit ${rowsRead}`;
  return {
    cellByCell: await timed(session, `select ${overflowing} from (${page}) page`),
    unpackedOnce: await timed(
      session,
      `select ${unpacked("object")}
       from (select overflow || '{}' as object from (${page}) rows offset 0) page`,
    ),
  };
}

async function timed(session: Session, select: string): Promise<number> {
  const start = performance.now();
  await session.rows(`select row_to_json(r)::text from (${select}) r`);
  return (performance.now() - start) / rowsRead;
}

/** The lengths at which the chosen shape does not take the row. */
export const tooWide = (tried: readonly Fit[]): readonly string[] =>
  tried
    .filter(({ overflow }) => overflow !== fits)
    .map(({ characters, overflow }) => `1,000 cells of ${characters} characters: ${overflow}`);
