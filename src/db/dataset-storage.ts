import sql, { type Sql } from "sql-template-tag";
import type { AccessLevel } from "../authz/access-plan.ts";
import type { ColumnType } from "../cell/column-type.ts";
import type { ColumnDefinition, NewColumn } from "./dataset-definition.ts";
import { newUuid } from "./id.ts";
import { keyColumns } from "./key-columns.ts";
import type { Transaction } from "./transaction.ts";

/** A dataset that is about to exist. Its columns are in their order, from slot 1; see `placed`. */
export interface NewDataset {
  readonly tenantId: string;
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly accessLevel: AccessLevel;
  readonly auditReads: boolean;
  /** From `newRowTag`. One that another dataset of the tenant has fails as a duplicate. */
  readonly rowTag: number;
  readonly columns: readonly ColumnDefinition[];
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** An index over columns of one dataset. */
export interface StorageIndex {
  readonly slots: readonly number[];
  readonly isUnique: boolean;
}

/** Gives new columns their ids and their places, the first of them at `slot` and `position`. */
export function placed(
  columns: readonly NewColumn[],
  { slot, position }: { readonly slot: number; readonly position: number },
): ColumnDefinition[] {
  return columns.map((column, index) => ({
    ...column,
    id: newUuid(),
    slot: slot + index,
    position: position + index,
  }));
}

/**
 * Makes a dataset known to its tenant. Its table is made by `createStorage`, before or after.
 *
 * Fails as a duplicate where its name or its row tag is taken.
 */
export async function insertDataset(transaction: Transaction, dataset: NewDataset): Promise<void> {
  const { columns, createdAt, createdBy } = dataset;
  await transaction.query(sql`
    INSERT INTO dataset (tenant_id, id, name, label, description, access_level, audit_reads, row_tag,
                         next_slot, created_at, created_by, updated_at, updated_by)
    VALUES (${dataset.tenantId}::uuid, ${dataset.id}::uuid, ${dataset.name}, ${dataset.label},
            ${dataset.description}, ${dataset.accessLevel}::access_level, ${dataset.auditReads},
            ${dataset.rowTag}, ${nextSlot(columns)}, ${createdAt}, ${createdBy}, ${createdAt},
            ${createdBy})`);
  await saveColumns(transaction, dataset, columns);
}

function nextSlot(columns: readonly ColumnDefinition[]): number {
  return 1 + Math.max(0, ...columns.map(({ slot }) => slot));
}

/** Writes the definitions of columns, new ones and changed ones, in one statement. */
export async function saveColumns(
  transaction: Transaction,
  dataset: { readonly tenantId: string; readonly id: string },
  columns: readonly ColumnDefinition[],
): Promise<void> {
  if (columns.length === 0) return;
  await transaction.query(sql`
    INSERT INTO dataset_column (
      tenant_id, dataset_id, id, name, label, description, type, slot, position, required, "unique",
      key_position, indexed, editable, tells_taken, when_denied, default_value, min, max, max_length, pattern,
      options, options_from)
    SELECT ${dataset.tenantId}::uuid, ${dataset.id}::uuid, c.id, c.name, c.label, c.description, c.type,
           c.slot, c.position, c.required, c."unique", c."keyPosition", c.indexed, c.editable,
           c."tellsTaken", c."whenDenied", c."default", c.min, c.max, c."maxLength", c.pattern,
           coalesce(c.options, '{}'), c."optionsFrom"
    FROM jsonb_to_recordset(${JSON.stringify(columns)}::jsonb) AS c (
      id uuid, name text, label text, description text, type column_type, slot integer,
      position integer, required boolean, "unique" boolean, "keyPosition" integer, indexed boolean,
      editable boolean, "tellsTaken" boolean, "whenDenied" when_denied, "default" jsonb, min text, max text,
      "maxLength" integer, pattern text, options text[], "optionsFrom" uuid)
    ON CONFLICT (tenant_id, id) DO UPDATE SET
      name = excluded.name, label = excluded.label, description = excluded.description,
      type = excluded.type, slot = excluded.slot, required = excluded.required,
      "unique" = excluded."unique", key_position = excluded.key_position, indexed = excluded.indexed,
      editable = excluded.editable, tells_taken = excluded.tells_taken,
      when_denied = excluded.when_denied,
      default_value = excluded.default_value, min = excluded.min, max = excluded.max,
      max_length = excluded.max_length, pattern = excluded.pattern, options = excluded.options,
      options_from = excluded.options_from`);
}

/** What leads to a dataset: its own id, or that of one of its columns or links. */
export type DatasetNamed =
  | { readonly datasetId: string }
  | { readonly columnId: string }
  | { readonly linkId: string };

/**
 * Keeps the definition of a dataset as it is until the transaction ends, for the one who changes it; whoever
 * writes rows by it waits. Read the definition after this, not before.
 *
 * @param named What names the dataset: its own id, or that of one of its columns or links.
 */
export async function lockDefinition(
  transaction: Transaction,
  tenantId: string,
  named: DatasetNamed,
): Promise<void> {
  await transaction.query(sql`
    SELECT FROM dataset d WHERE d.tenant_id = ${tenantId}::uuid AND d.id = ${idOf(tenantId, named)}
    FOR NO KEY UPDATE`);
}

/**
 * Keeps the definitions of datasets as they are until the transaction ends, for one who names their columns. Read them
 * after this, not before.
 */
export async function keepDefinitions(
  transaction: Transaction,
  tenantId: string,
  datasetIds: readonly string[],
): Promise<void> {
  await transaction.query(sql`
    SELECT FROM dataset d WHERE d.tenant_id = ${tenantId}::uuid AND d.id = ANY (${datasetIds}::uuid[])
    ORDER BY d.id FOR SHARE`);
}

function idOf(tenantId: string, named: DatasetNamed): Sql {
  if ("datasetId" in named) return sql`${named.datasetId}::uuid`;
  if ("columnId" in named) {
    return sql`(SELECT c.dataset_id FROM dataset_column c
                WHERE c.tenant_id = ${tenantId}::uuid AND c.id = ${named.columnId}::uuid)`;
  }
  return sql`(SELECT l.dataset_id FROM dataset_link l
              WHERE l.tenant_id = ${tenantId}::uuid AND l.id = ${named.linkId}::uuid)`;
}

/** Makes the table and the view of a dataset, or of an import; the columns take the slots from 1. */
export async function createStorage(
  transaction: Transaction,
  datasetId: string,
  types: readonly ColumnType[],
): Promise<void> {
  await call(transaction, sql`create_storage(${datasetId}::uuid, ${types}::text[]::column_type[])`);
}

/** Adds a column of NULLs. */
export async function addStorageColumn(
  transaction: Transaction,
  datasetId: string,
  { slot, type }: { readonly slot: number; readonly type: ColumnType },
): Promise<void> {
  await call(
    transaction,
    sql`add_storage_column(${datasetId}::uuid, ${slot}, ${type}::column_type)`,
  );
}

/** Drops a column with its values, and the indexes over it alone. */
export async function dropStorageColumn(
  transaction: Transaction,
  datasetId: string,
  slot: number,
): Promise<void> {
  await call(transaction, sql`drop_storage_column(${datasetId}::uuid, ${slot})`);
}

/**
 * Copies the values of one column into another of a different type. Fails as a conversion where a value
 * would not be kept whole.
 */
export async function copyStorageColumn(
  transaction: Transaction,
  datasetId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  await call(transaction, sql`copy_storage_column(${datasetId}::uuid, ${from}, ${to})`);
}

/**
 * Makes indexes, in one statement, and keeps writers out meanwhile. One that is there stays. Fails as a duplicate where a unique one is
 * contradicted, and as a conversion where a value is too long for an index.
 */
export async function createStorageIndexes(
  transaction: Transaction,
  datasetId: string,
  indexes: readonly StorageIndex[],
): Promise<void> {
  await onIndexes(transaction, sql`create_storage_index(${datasetId}::uuid`, indexes);
}

/**
 * Those of the indexes that are to be made at once: all of a small dataset, and of a large one those that
 * keep values unique, which they must do from the moment that the definition says so. The others are made
 * beside writers by the `Indexer`.
 */
export async function indexesAtOnce(
  transaction: Transaction,
  datasetId: string,
  indexes: readonly StorageIndex[],
): Promise<StorageIndex[]> {
  if (indexes.every(({ isUnique }) => isUnique)) return [...indexes];
  const [storage] = await transaction.query<{ small: boolean }>(
    sql`SELECT fieldgate.is_small_storage(${datasetId}::uuid) AS small`,
  );
  return indexes.filter(({ isUnique }) => isUnique || storage?.small);
}

/** Drops indexes, in one statement. One that is not there is passed over. */
export async function dropStorageIndexes(
  transaction: Transaction,
  datasetId: string,
  indexes: readonly StorageIndex[],
): Promise<void> {
  await onIndexes(transaction, sql`drop_storage_index(${datasetId}::uuid`, indexes);
}

async function onIndexes(transaction: Transaction, begun: Sql, indexes: readonly StorageIndex[]) {
  if (indexes.length === 0) return;
  await transaction.query(sql`
    SELECT fieldgate.${begun}, i.slots, i."isUnique")
    FROM jsonb_to_recordset(${JSON.stringify(indexes)}::jsonb)
      AS i (slots integer[], "isUnique" boolean)`);
}

/** Drops the table and the view of a dataset, while the dataset itself is still there. */
export async function dropStorage(transaction: Transaction, datasetId: string): Promise<void> {
  await call(transaction, sql`drop_storage(${datasetId}::uuid)`);
}

/** Lets the planner know what a dataset holds, when much was written to it that nobody has read yet. */
export async function analyzeStorage(transaction: Transaction, datasetId: string): Promise<void> {
  await call(transaction, sql`analyze_storage(${datasetId}::uuid)`);
}

async function call(transaction: Transaction, storageFunction: Sql): Promise<void> {
  await transaction.query(sql`SELECT fieldgate.${storageFunction}`);
}

/** The indexes that columns ask for: each once, however many ask for it. */
export function indexesOf(columns: readonly ColumnDefinition[]): StorageIndex[] {
  const keys = keyColumns(columns).map(({ slot }) => slot);
  const unique = columns.filter((column) => column.unique).map(({ slot }) => [slot]);
  return [
    ...columns.filter(({ indexed }) => indexed).map(({ slot }) => searched([slot])),
    ...unique.filter(([slot]) => keys.length !== 1 || keys[0] !== slot).map(kept),
    ...(keys.length > 0 ? [kept(keys)] : []),
  ];
}

function searched(slots: readonly number[]): StorageIndex {
  return { slots, isUnique: false };
}

function kept(slots: readonly number[]): StorageIndex {
  return { slots, isUnique: true };
}
