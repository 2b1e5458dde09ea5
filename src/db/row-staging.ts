import sql, { join, raw, type Sql } from "sql-template-tag";
import type { CellValue } from "../cell/cell-value.ts";
import { announceImport } from "./dataset-import.ts";
import {
  type ColumnDefinition,
  type DatasetDefinition,
  PLAIN_COLUMN,
} from "./dataset-definition.ts";
import { createStorageIndexes, indexesOf } from "./dataset-storage.ts";
import { NIL_UUID } from "./id.ts";
import { cellName, concat } from "./predicate-sql.ts";
import { isNative, storageView } from "./readable-view.ts";
import type { IncomingRow } from "./incoming-rows.ts";
import { insertRows, type Stamp, type UniqueColumns } from "./row-writes.ts";
import type { Transaction } from "./transaction.ts";

/** Where rows wait that are to become those of a dataset: a table with its slots and one more. Nobody sees it. */
export interface Staging {
  /** The dataset that the rows are for. */
  readonly dataset: DatasetDefinition;
  /** The same columns, in the table that the rows wait in. */
  readonly definition: DatasetDefinition;
  /** Tells where in its file a row is, such as `line 12`. */
  readonly place: ColumnDefinition;
}

/** A row that is to wait, and where in its file it is. */
export interface StagedRow extends IncomingRow {
  readonly at: string;
}

/** Some of the rows that wait, in the order of their ids. */
export interface Slice {
  readonly after: string;
  readonly upTo: string;
  /** How often some of them came. */
  readonly lots: number;
}

/** What came at once so often becomes rows of the dataset in one statement: that is bounded by rows and by bytes. */
const SLICE_LOTS = 10;

/** Slices, and the rows that wait after them. */
export function withRows(slices: readonly Slice[], rows: readonly StagedRow[]): readonly Slice[] {
  const [last, upTo] = [slices.at(-1), rows.at(-1)?.id];
  if (upTo === undefined) return slices;
  if (last && last.lots < SLICE_LOTS) {
    return [...slices.slice(0, -1), { ...last, upTo, lots: last.lots + 1 }];
  }
  return [...slices, { after: last?.upTo ?? NIL_UUID, upTo, lots: 1 }];
}

/** @param id That of the import, which its table has, too. */
export function stagingOf(dataset: DatasetDefinition, id: string): Staging {
  const slot = dataset.nextSlot;
  const place: ColumnDefinition = {
    ...PLAIN_COLUMN,
    id,
    name: "place",
    label: "place",
    type: "TEXT",
    options: null,
    slot,
    position: slot,
  };
  return { dataset, definition: { ...dataset, id }, place };
}

/** Makes the room that rows wait in. */
export async function beginStaging(
  transaction: Transaction,
  { dataset, definition, place }: Staging,
): Promise<void> {
  await announceImport(transaction, definition);
  await transaction.query(
    sql`SELECT fieldgate.create_staging(${definition.id}::uuid, ${dataset.id}::uuid, ${place.slot})`,
  );
  // By them it is found out which values are there already.
  const indexes = indexesOf(definition.columns).filter(({ isUnique }) => isUnique);
  await createStorageIndexes(transaction, definition.id, indexes);
}

/** Has rows wait. */
export async function stageRows(
  transaction: Transaction,
  { definition, place }: Staging,
  rows: readonly StagedRow[],
  stamp: Stamp,
): Promise<void> {
  if (rows.length === 0) return;
  const placed = rows.map(({ id, cells, at }) => ({
    id,
    cells: new Map<ColumnDefinition, CellValue>([...cells, [place, at]]),
  }));
  await insertRows(transaction, definition, placed, stamp);
}

/**
 * Takes away those of the rows that wait whose values of unique columns a row of the dataset has by now.
 *
 * @returns Where in the file they are.
 */
export async function dropTaken(
  transaction: Transaction,
  { dataset, definition, place }: Staging,
  columns: UniqueColumns,
  slice: Slice,
): Promise<string[]> {
  const isSame = columns.map((column) => sql`t.${cellName(column)} = s.${cellName(column)}`);
  const dropped = await transaction.query<{ place: string }>(sql`
    DELETE FROM ${storageView(definition)} s
    WHERE ${within(definition, slice)} AND EXISTS (
      SELECT FROM ${storageView(dataset)} t
      WHERE t.tenant_id = ${dataset.tenantId}::uuid AND ${join(isSame, " AND ")})
    RETURNING s.${cellName(place)} AS place`);
  return dropped.map(({ place: at }) => at);
}

/**
 * Makes those that wait rows of the dataset.
 *
 * @returns How many.
 */
export async function insertStaged(
  transaction: Transaction,
  { dataset, definition, place }: Staging,
  slice: Slice,
  { by, at }: Stamp,
): Promise<number> {
  const native = dataset.columns.filter(isNative).map(({ slot }) => raw(`, c${slot}`));
  const { text, values } = sql`
    INSERT INTO ${storageView(dataset)}
      (id, created_at, created_by, updated_at, updated_by, overflow${concat(native)})
    SELECT s.id, ${at}, ${by}, ${at}, ${by}, nullif(s.overflow - ${String(place.slot)}, '{}')${concat(native)}
    FROM ${storageView(definition)} s WHERE ${within(definition, slice)}`;
  const { rowCount } = await transaction.send({ text, values });
  return rowCount ?? 0;
}

function within({ tenantId }: DatasetDefinition, { after, upTo }: Slice): Sql {
  return sql`s.tenant_id = ${tenantId}::uuid AND s.id > ${after}::uuid AND s.id <= ${upTo}::uuid`;
}
