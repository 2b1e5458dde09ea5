import type { Client } from "../authz/principal.ts";
import sql, { join, raw, type Sql } from "sql-template-tag";
import type { ColumnDefinition, DatasetDefinition } from "./dataset-definition.ts";
import { type Cells, changedRows, type IncomingRow, newRows } from "./incoming-rows.ts";
import { concat, NATIVE_TYPES } from "./predicate-sql.ts";
import { type PlannedDataset, rowsInSight, storageView } from "./readable-view.ts";
import type { Transaction } from "./transaction.ts";

/** Who writes, and when: what stands in the rows beside their cells. */
export interface Stamp {
  readonly by: string;
  /** For whom it is written, where an access token says so. */
  readonly client?: Client | undefined;
  readonly at: Date;
}

/** The table and view of a dataset, or of one that is still being imported. */
export type Storage = Pick<DatasetDefinition, "id" | "tenantId">;

/** Writes new rows in one statement. */
export async function insertRows(
  transaction: Transaction,
  storage: Storage,
  rows: readonly IncomingRow[],
  stamp: Stamp,
): Promise<void> {
  await transaction.query(insertSql(storage, rows, stamp));
}

/**
 * Writes those of new rows that contradict no unique index, in one statement.
 *
 * @returns The ids of the rows that were written.
 */
export async function insertDistinctRows(
  transaction: Transaction,
  storage: Storage,
  rows: readonly IncomingRow[],
  stamp: Stamp,
): Promise<ReadonlySet<string>> {
  const written = await transaction.query<{ id: string }>(
    sql`${insertSql(storage, rows, stamp)} ON CONFLICT DO NOTHING RETURNING id`,
  );
  return new Set(written.map(({ id }) => id));
}

function insertSql(storage: Storage, rows: readonly IncomingRow[], { by, at }: Stamp): Sql {
  const { native, hasOverflow, relation } = newRows(rows);
  const names = native.map(({ slot }) => raw(`, c${slot}`));
  return sql`
    INSERT INTO ${storageView(storage)}
      (id, created_at, created_by, updated_at, updated_by${concat(names)}${
        hasOverflow ? sql`, overflow` : sql``
      })
    SELECT r.id, ${at}, ${by}, ${at}, ${by}${concat(native.map(({ slot }) => raw(`, r.c${slot}`)))}${
      hasOverflow ? sql`, r.overflow` : sql``
    }
    FROM ${relation}`;
}

/**
 * Changes cells of rows in one statement; each row may set other columns.
 *
 * @returns The ids of the rows that were changed.
 */
export async function changeRows(
  transaction: Transaction,
  definition: DatasetDefinition,
  rows: readonly IncomingRow[],
  { by, at }: Stamp,
): Promise<string[]> {
  const { native, hasOverflow, relation } = changedRows(rows);
  const cells = native.map(({ slot }) =>
    raw(`, c${slot} = CASE WHEN r.s${slot} THEN r.c${slot} ELSE t.c${slot} END`),
  );
  const overflow = sql`, overflow = (coalesce(t.overflow, '{}') - r.gone) || r.overflow`;
  const changed = await transaction.query<{ id: string }>(sql`
    UPDATE ${storageView(definition)} t
    SET version = t.version + 1, updated_at = ${at}, updated_by = ${by}${concat(cells)}${
      hasOverflow ? overflow : sql``
    }
    FROM ${relation}
    WHERE t.tenant_id = ${definition.tenantId}::uuid AND t.id = r.id
    RETURNING t.id`);
  return changed.map(({ id }) => id);
}

/** Deletes rows in one statement. */
export async function removeRows(
  transaction: Transaction,
  definition: DatasetDefinition,
  ids: readonly string[],
): Promise<void> {
  await transaction.query(sql`
    DELETE FROM ${storageView(definition)}
    WHERE tenant_id = ${definition.tenantId}::uuid AND id = ANY (${ids}::uuid[])`);
}

/**
 * Locks those of the rows that the caller sees, in the order of their ids, until the transaction ends: also
 * to delete them, for which nobody may be writing a link to them, or only to change them.
 *
 * @returns The version of each by its id; a row that is not seen is absent.
 */
export async function lockRows(
  transaction: Transaction,
  dataset: PlannedDataset,
  ids: readonly string[],
  use: "change" | "delete",
): Promise<Map<string, number>> {
  const rows = await transaction.query<{ id: string; version: number }>(sql`
    SELECT v.id, v.version FROM ${rowsInSight(dataset)} v
    WHERE v.id = ANY (${ids}::uuid[]) ORDER BY v.id
    ${use === "delete" ? sql`FOR UPDATE` : sql`FOR NO KEY UPDATE`}`);
  return new Map(rows.map(({ id, version }) => [id, version]));
}

/** Columns that must hold no value, or no combination of values, twice. */
export type UniqueColumns = readonly ColumnDefinition[];

/**
 * Finds which of the incoming rows would hold a value of unique columns that another row has: an earlier
 * one of the same call, or a stored one. One that is to give the value up in the same call still has it: the
 * database looks row by row, in an order of its own, and whoever skips rows at fault leaves it with it.
 *
 * It asks every row of the dataset, seen or not; who may ask so is decided before.
 *
 * @returns The index of each such row, with the place of its constraint in `constraints`.
 */
export async function duplicates(
  transaction: Transaction,
  definition: DatasetDefinition,
  rows: readonly IncomingRow[],
  constraints: readonly UniqueColumns[],
): Promise<{ row: number; constraint: number }[]> {
  if (constraints.length === 0 || rows.length === 0) return [];
  return await transaction.query(
    join(
      constraints.map((columns, index) => duplicatesSql(definition, { rows, columns, index })),
      " UNION ALL ",
    ),
  );
}

interface Constraint {
  readonly rows: readonly IncomingRow[];
  readonly columns: UniqueColumns;
  readonly index: number;
}

function duplicatesSql(definition: DatasetDefinition, { rows, columns, index }: Constraint): Sql {
  const setting = rows.flatMap(({ id, cells }, place) =>
    columns.some((column) => cells.has(column)) ? [{ id, place, cells }] : [],
  );
  const slots = columns.map(({ slot }) => raw(`c${slot}`));
  const types = columns.map(({ slot, type }) => raw(`c${slot} ${NATIVE_TYPES[type]}`));
  const each = (condition: (slot: Sql) => Sql) => join(slots.map(condition), " AND ");
  return sql`
    SELECT n.place AS row, ${raw(String(index))} AS constraint
    FROM (SELECT w.*, row_number() OVER (PARTITION BY ${join(slots)} ORDER BY w.place) AS nth
          FROM (SELECT r.place, r.id, ${join(columns.map(becoming))}
                FROM jsonb_to_recordset(${JSON.stringify(setting.map(keyRecord(columns)))}::jsonb)
                  AS r (place integer, id uuid, set integer[], ${join(types)})
                LEFT JOIN ${storageView(definition)} own
                  ON own.tenant_id = ${definition.tenantId}::uuid AND own.id = r.id) w) n
    WHERE (${each((slot) => sql`n.${slot} IS NOT NULL`)})
      AND (n.nth > 1 OR EXISTS (
        SELECT FROM ${storageView(definition)} t
        WHERE t.tenant_id = ${definition.tenantId}::uuid
          AND (${each((slot) => sql`t.${slot} = n.${slot}`)})
          AND t.id <> n.id))`;
}

/** What a cell of a key is after the write: what is set, or else what the row has. */
function becoming({ slot }: ColumnDefinition): Sql {
  return raw(`CASE WHEN ${slot} = ANY (r.set) THEN r.c${slot} ELSE own.c${slot} END AS c${slot}`);
}

function keyRecord(columns: UniqueColumns) {
  return ({ id, place, cells }: { id: string; place: number; cells: Cells }) => ({
    id,
    place,
    set: columns.filter((column) => cells.has(column)).map(({ slot }) => slot),
    ...Object.fromEntries(columns.map((column) => [`c${column.slot}`, cells.get(column) ?? null])),
  });
}
