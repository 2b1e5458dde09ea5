import { operatorOf } from "../../authz/principal.ts";
import type { Database } from "../../db/database.ts";
import {
  beginImport,
  dropImport,
  endImport,
  isNameTaken,
  type PendingImport,
} from "../../db/dataset-import.ts";
import {
  analyzeStorage,
  createStorageIndexes,
  indexesOf,
  insertDataset,
} from "../../db/dataset-storage.ts";
import { failureOf } from "../../db/errors.ts";
import { encodeId, newRowTag, newUuid } from "../../db/id.ts";
import type { Stamp } from "../../db/row-writes.ts";
import { inTransaction, type Transaction } from "../../db/transaction.ts";
import { writeEvents } from "../../events/write-events.ts";
import { ConflictError, NotFoundError } from "../../graphql/errors.ts";
import { storedText } from "../../graphql/input-text.ts";
import type { ColumnChoices } from "./column-choices.ts";
import { columnsOfFile, type FileColumns } from "./file-columns.ts";
import { fillImport, requireHeld, type Write } from "./fill-import.ts";
import { FaultyRecords, type OnBad } from "../../records/import-error.ts";

/** How far an import is: which of its two readings of the file, and how much of it that has read. */
export interface Progress {
  readonly phase: "reading" | "writing";
  readonly bytes: number;
}

/** What is to be imported, and as what. */
export interface DatasetImport {
  readonly tenantId: string;
  readonly path: string;
  readonly name: string;
  readonly label?: string;
  readonly description?: string;
  readonly choices?: ColumnChoices;
  readonly stamp: Stamp;
  /** Told of the columns before any of them is used. */
  readonly onColumns?: (columns: FileColumns) => void;
  readonly onProgress?: (progress: Progress) => void;
  /** Told of each bad record, which is left out. Without it a bad record refuses the whole file. */
  readonly onSkipped?: OnBad;
  /** Does everything but show the dataset, of which nothing is kept. */
  readonly isTrial?: boolean;
}

/** What became of a file. */
export interface Imported extends FileColumns {
  readonly datasetId: string;
  readonly rows: number;
  /** Bad records that were left out. */
  readonly skipped: number;
}

/**
 * Makes a dataset of a file: reads it once for the types of its columns and once for its rows, which are
 * written in short transactions where nobody sees them, and shows them all in one last transaction.
 *
 * @throws {ConflictError} for a name that is taken, or was taken meanwhile. Nothing is kept.
 * @throws {ImportError} for a file that cannot be read or a line that does not fit. Nothing is kept.
 */
export async function importDataset(database: Database, order: DatasetImport): Promise<Imported> {
  const { tenantId, name } = order;
  const write: Write = (work) =>
    inTransaction(database, { role: "fieldgate_member", tenantId, mode: "write" }, work);
  await write((transaction) => requireFreeName(transaction, order));
  const file = await columnsOf(order);
  order.onColumns?.(file);
  const pending: PendingImport = { tenantId, id: newUuid(), name };
  try {
    return await writeRows({ order, pending, file, write });
  } catch (error) {
    await write((transaction) => dropImport(transaction, pending)).catch(() => undefined);
    if (failureOf(error) === "DUPLICATE") {
      await write((transaction) => requireFreeName(transaction, order));
    }
    throw error;
  }
}

async function requireFreeName(transaction: Transaction, order: DatasetImport): Promise<void> {
  if (!(await isNameTaken(transaction, order))) return;
  throw new ConflictError(
    `The name ${order.name} is already taken. Choose another, or delete that dataset first, with the mutation deleteDataset.`,
  );
}

/** A record that cannot be read at all is told in the second reading, with those that do not fit. */
async function columnsOf({ path, choices = {}, onProgress }: DatasetImport): Promise<FileColumns> {
  return await columnsOfFile(path, choices, (bytes) => onProgress?.({ phase: "reading", bytes }));
}

interface Writing {
  readonly order: DatasetImport;
  readonly pending: PendingImport;
  readonly file: FileColumns;
  readonly write: Write;
}

async function writeRows({ order, pending, file, write }: Writing): Promise<Imported> {
  const { columns } = file;
  const rowTag = newRowTag();
  const types = columns.map(({ type }) => type);
  // What has to be unique is told of the line that contradicts it, not found out at the end.
  const indexes = indexesOf(columns).filter(({ isUnique }) => isUnique);
  await write((transaction) => beginImport(transaction, pending, { types, indexes })).catch(
    (error: unknown) => {
      throw failureOf(error) === "REFERENCE" ? new NotFoundError("tenant") : error;
    },
  );
  const faulty = new FaultyRecords();
  const { path, stamp, onProgress, onSkipped } = order;
  const rows = await fillImport(write, pending, {
    path,
    columns,
    stamp,
    rowTag,
    isUnique: indexes.length > 0,
    onBytes: (bytes) => onProgress?.({ phase: "writing", bytes }),
    onBad: (at, reason) => {
      faulty.add(at, reason);
      onSkipped?.(at, reason);
    },
  });
  // Nothing is left of a file that is bad throughout: to leave that out is no import.
  if (!onSkipped || rows === 0) faulty.refuse();
  if (order.isTrial) await write((transaction) => dropImport(transaction, pending));
  else await write((transaction) => show(transaction, { order, pending, file, rowTag }));
  return { ...file, datasetId: pending.id, rows, skipped: faulty.count };
}

interface Showing extends Omit<Writing, "write"> {
  readonly rowTag: number;
}

/** The one transaction in which the dataset comes to be, with all of its rows. */
async function show(
  transaction: Transaction,
  { order, pending, file: { columns }, rowTag }: Showing,
): Promise<void> {
  await requireHeld(transaction, pending);
  await insertDataset(transaction, {
    ...pending,
    label: storedText(order.label ?? order.name),
    description: storedText(order.description ?? ""),
    accessLevel: "PRIVATE",
    auditReads: false,
    rowTag,
    columns: columns.map((column) => ({ ...column, label: storedText(column.label) })),
    createdAt: order.stamp.at,
    createdBy: order.stamp.by,
  });
  await createStorageIndexes(transaction, pending.id, indexesOf(columns));
  await analyzeStorage(transaction, pending.id);
  await endImport(transaction, pending);
  await writeEvents(transaction, pending.tenantId, [
    {
      name: "system::import_dataset",
      outcome: "ALLOWED",
      principal: operatorOf(pending.tenantId),
      target: encodeId("Dataset", pending.id),
      reason: null,
      at: order.stamp.at,
      ip: null,
      count: 1,
    },
  ]);
}
