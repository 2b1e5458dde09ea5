import type { Database } from "../../db/database.ts";
import {
  beginImport,
  dropImport,
  endImport,
  holdImport,
  isNameTaken,
  type PendingImport,
} from "../../db/dataset-import.ts";
import {
  analyzeStorage,
  createStorageIndexes,
  indexesOf,
  insertDataset,
  type NewColumn,
  placed,
} from "../../db/dataset-storage.ts";
import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import { failureOf } from "../../db/errors.ts";
import { newRowTag, newRowUuid, newUuid } from "../../db/id.ts";
import { type Cells, insertRows, type Stamp } from "../../db/row-writes.ts";
import { inTransaction, type Transaction } from "../../db/transaction.ts";
import { ConflictError } from "../../graphql/errors.ts";
import { FaultyRecords, ImportError } from "./import-error.ts";
import { ColumnInference } from "./infer-columns.ts";
import { readCells } from "./read-cells.ts";
import { readRecords, sourceFormat } from "./read-records.ts";
import { columnsFromHeader } from "./source-columns.ts";

/** What is to be imported, and as what. */
export interface DatasetImport {
  readonly tenantId: string;
  readonly path: string;
  readonly name: string;
  readonly label?: string;
  readonly description?: string;
  readonly stamp: Stamp;
  /** Told how many bytes of the file have been read, in which of its two readings. */
  readonly onProgress?: (phase: "reading" | "writing", bytes: number) => void;
}

/** A dataset that was imported. */
export interface Imported {
  readonly datasetId: string;
  readonly columns: readonly ColumnDefinition[];
  readonly rows: number;
}

/** Rows that one statement writes: enough that its cost is theirs, few enough to stay in memory. */
const CHUNK = 1_000;

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
  const columns = await inferColumns(order);
  const pending: PendingImport = { tenantId, id: newUuid(), name };
  const types = columns.map(({ type }) => type);
  await write((transaction) => beginImport(transaction, pending, types));
  try {
    const filling = { order, pending, columns, rowTag: newRowTag(), write };
    const rows = await fill(filling);
    await write((transaction) => show(transaction, filling));
    return { datasetId: pending.id, columns, rows };
  } catch (error) {
    await write((transaction) => dropImport(transaction, pending)).catch(() => undefined);
    if (failureOf(error) === "DUPLICATE") {
      await write((transaction) => requireFreeName(transaction, order));
    }
    throw error;
  }
}

type Write = <Result>(work: (transaction: Transaction) => Promise<Result>) => Promise<Result>;

interface Filling {
  readonly order: DatasetImport;
  readonly pending: PendingImport;
  readonly columns: readonly ColumnDefinition[];
  readonly rowTag: number;
  readonly write: Write;
}

async function requireFreeName(transaction: Transaction, order: DatasetImport): Promise<void> {
  if (!(await isNameTaken(transaction, order))) return;
  throw new ConflictError(`The name ${order.name} is already taken. Choose another.`);
}

async function requireHeld(transaction: Transaction, pending: PendingImport): Promise<void> {
  if (await holdImport(transaction, pending)) return;
  throw new ImportError(null, "The import stood still for too long and was taken back. Try again.");
}

async function inferColumns({ path, onProgress }: DatasetImport): Promise<ColumnDefinition[]> {
  const inference = new ColumnInference(sourceFormat(path));
  const faulty = new FaultyRecords();
  for await (const item of readRecords(path, (bytes) => onProgress?.("reading", bytes))) {
    if (item.kind === "header") inference.addHeader(item.headers);
    else if (item.kind === "record") inference.addRecord(item.cells);
    else faulty.add(item.at, item.reason);
  }
  faulty.refuse();
  const inferred = inference.columns();
  if (inferred.length === 0) throw new ImportError(null, "The file has no columns.");
  const named = columnsFromHeader(inferred.map(({ header }) => header));
  const columns = named.map(({ name, label }, index) => ({
    ...PLAIN,
    name,
    label,
    type: inferred[index]?.type ?? "TEXT",
  }));
  return placed(columns, { slot: 1, position: 1 });
}

/** A column of which a file tells nothing but its name and type. */
const PLAIN: Omit<NewColumn, "name" | "label" | "type"> = {
  description: "",
  required: false,
  unique: false,
  indexed: false,
  keyPosition: null,
  editable: true,
  tellsTaken: false,
  default: null,
  min: null,
  max: null,
  maxLength: null,
  pattern: null,
  options: null,
  optionsFrom: null,
};

/** Writes the rows of the file, a chunk at a time. @returns How many there are. */
async function fill({ order, pending, columns, rowTag, write }: Filling): Promise<number> {
  let rows = 0;
  let chunk: { id: string; cells: Cells }[] = [];
  const flush = async () => {
    const full = chunk;
    chunk = [];
    if (full.length === 0) return;
    await write(async (transaction) => {
      await requireHeld(transaction, pending);
      await insertRows(transaction, pending, full, order.stamp);
    });
    rows += full.length;
  };
  const onBytes = (bytes: number) => order.onProgress?.("writing", bytes);
  for await (const cells of readCells(order.path, columns, onBytes)) {
    chunk.push({ id: newRowUuid(rowTag), cells });
    if (chunk.length === CHUNK) await flush();
  }
  await flush();
  return rows;
}

/** The one transaction in which the dataset comes to be, with all of its rows. */
async function show(
  transaction: Transaction,
  { order, pending, columns, rowTag }: Filling,
): Promise<void> {
  await requireHeld(transaction, pending);
  await insertDataset(transaction, {
    ...pending,
    label: order.label ?? order.name,
    description: order.description ?? "",
    accessLevel: "PRIVATE",
    rowTag,
    columns,
    createdAt: order.stamp.at,
    createdBy: order.stamp.by,
  });
  await createStorageIndexes(transaction, pending.id, indexesOf(columns));
  await analyzeStorage(transaction, pending.id);
  await endImport(transaction, pending);
}
