import sql, { raw, type Sql } from "sql-template-tag";
import type { Storage } from "./row-writes.ts";
import type { LoggedCells, RowRecord } from "./logged-row.ts";
import type { Transaction } from "./transaction.ts";

/** A place in the log of a dataset: that of the last record that was read. It is never shown as it is. */
export interface LogPlace {
  /** Of the commit, in the order of commits. */
  readonly number: string;
  readonly rowId: string;
  readonly version: number;
}

/** A record with its place, and who wrote it. */
export interface LogEntry extends RowRecord {
  readonly place: LogPlace;
  readonly by: string;
  readonly clientId: string | null;
  readonly clientName: string | null;
  readonly at: Date;
}

interface EntryRow {
  readonly number: string;
  readonly row_id: string;
  readonly version: number;
  readonly before: LoggedCells | null;
  readonly after: LoggedCells | null;
  readonly links: RowRecord["links"];
  readonly by: string;
  readonly client_id: string | null;
  readonly client_name: string | null;
  readonly at: Date;
}

/**
 * The records of a dataset after a place, in the order of commits, and in one commit by row: whoever goes on from
 * the place of the last misses none and reads none twice, whatever is written meanwhile.
 *
 * @param after Null: from the beginning.
 */
export async function recordsAfter(
  transaction: Transaction,
  dataset: Storage,
  after: LogPlace | null,
  most: number,
): Promise<LogEntry[]> {
  const number = after?.number ?? "0";
  // Each part reads an index in its order, and no further than it has to; they answer one after the other.
  const rows = await transaction.query<EntryRow>(sql`
    ${after ? sql`${restOfCommit(dataset, after, most)} UNION ALL` : sql``}
    (SELECT r.* FROM (
       SELECT c.* FROM row_commit c
       WHERE ${commitsOf(dataset)} AND c.number > ${number}::bigint
       ORDER BY c.number) c
     CROSS JOIN LATERAL (
       SELECT ${ENTRY} FROM ${logOf(dataset)} l
       WHERE l.tenant_id = c.tenant_id AND l.commit_id = c.id
       ORDER BY l.row_id, l.version LIMIT ${most}) r)
    LIMIT ${most}`);
  return rows.map(entryOf);
}

function restOfCommit(dataset: Storage, { number, rowId, version }: LogPlace, most: number): Sql {
  return sql`
    (SELECT ${ENTRY} FROM row_commit c
     JOIN ${logOf(dataset)} l ON l.tenant_id = c.tenant_id AND l.commit_id = c.id
     WHERE ${commitsOf(dataset)} AND c.number = ${number}::bigint
       AND (l.row_id, l.version) > (${rowId}::uuid, ${version}::integer)
     ORDER BY l.row_id, l.version LIMIT ${most})`;
}

/** All records of one row, from the first. */
export async function recordsOf(
  transaction: Transaction,
  dataset: Storage,
  rowId: string,
): Promise<LogEntry[]> {
  const rows = await transaction.query<EntryRow>(sql`
    SELECT ${ENTRY} FROM ${logOf(dataset)} l
    JOIN row_commit c ON ${commitsOf(dataset)} AND c.id = l.commit_id
    WHERE l.tenant_id = ${dataset.tenantId}::uuid AND l.row_id = ${rowId}::uuid
      AND c.number IS NOT NULL
    ORDER BY c.number, l.version`);
  return rows.map(entryOf);
}

/**
 * The slots whose cells a change of type made of those of another slot, with the number of the last commit
 * before: the log up to there knows nothing of them.
 */
export async function convertedSlots(
  transaction: Transaction,
  { id }: Storage,
): Promise<Map<number, string>> {
  const slots = await transaction.query<{ slot: number; number: string }>(
    sql`SELECT slot, number FROM fieldgate.converted_slots(${id}::uuid)`,
  );
  return new Map(slots.map(({ slot, number }) => [slot, number]));
}

function commitsOf({ tenantId, id }: Storage): Sql {
  return sql`c.tenant_id = ${tenantId}::uuid AND c.dataset_id = ${id}::uuid`;
}

function logOf({ id }: Storage): Sql {
  return raw(`data.l_${id.replaceAll("-", "")}`);
}

/** What an entry is made of, from a commit `c` and a record `l` of its. */
const ENTRY = sql`
  c.number, c.by, c.client_id, c.client_name, c.at, l.row_id, l.version, l.before, l.after,
  (SELECT coalesce(json_agg(json_build_object(
            'linkId', k.link_id, 'targetId', k.target_id, 'isMade', k.change > 0)), '[]')
   FROM row_link_change k
   WHERE k.tenant_id = l.tenant_id AND k.commit_id = l.commit_id AND k.source_id = l.row_id
     AND k.change <> 0) AS links`;

function entryOf(row: EntryRow): LogEntry {
  const { number, row_id: rowId, version, before, after, links, by, at } = row;
  return {
    place: { number, rowId, version },
    rowId,
    version,
    before,
    after,
    links,
    by,
    clientId: row.client_id,
    clientName: row.client_name,
    at,
  };
}
