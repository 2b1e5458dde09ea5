import type { ColumnDefinition } from "../../db/dataset-definition.ts";
import { holdImport, type PendingImport } from "../../db/dataset-import.ts";
import { failureOf } from "../../db/errors.ts";
import { newRowUuid } from "../../db/id.ts";
import type { IncomingRow } from "../../db/incoming-rows.ts";
import { insertDistinctRows, insertRows, type Stamp } from "../../db/row-writes.ts";
import type { Transaction } from "../../db/transaction.ts";
import { ImportError, type OnBad } from "../../records/import-error.ts";
import { inChunks } from "../../records/in-chunks.ts";
import { type Listeners, readCells, type ReadRow } from "./read-cells.ts";

/** Runs work in a transaction of its own. */
export type Write = <Result>(
  work: (transaction: Transaction) => Promise<Result>,
) => Promise<Result>;

/** The file that an import is filled from. */
export interface Filling extends Listeners {
  readonly path: string;
  readonly columns: readonly ColumnDefinition[];
  readonly stamp: Stamp;
  readonly rowTag: number;
  /** Whether the import has unique indexes. A row that contradicts one is a bad record. */
  readonly isUnique: boolean;
}

/**
 * Writes the rows of a file, a chunk and a transaction at a time. While one is written the next is read; what is
 * bad is told in the order of the file all the same.
 *
 * @returns How many were written.
 * @throws {ImportError} where the file cannot be read on, or the import was swept away.
 */
export async function fillImport(
  write: Write,
  pending: PendingImport,
  filling: Filling,
): Promise<number> {
  let written = 0;
  let writing = Promise.resolve();
  const { path, columns } = filling;
  const told = inOrder(filling.onBad);
  // A long stretch of bad records writes nothing, and is not to be taken for a process that was killed.
  const touch = setInterval(() => {
    write((transaction) => holdImport(transaction, pending)).catch(() => undefined);
  }, TOUCH_MS);
  try {
    const rows = readCells(path, columns, { ...filling, onBad: told.onBad });
    for await (const chunk of inChunks(rows, ({ bytes }) => bytes)) {
      await writing;
      writing = told.before(async () => {
        written += await writeChunk(write, pending, { ...filling, chunk });
      });
      // It is awaited above, or below; until then its failure is nobody's.
      writing.catch(() => undefined);
    }
    await writing;
    return written;
  } finally {
    await writing.catch(() => undefined);
    clearInterval(touch);
  }
}

/** Keeps what is told of bad records that are read ahead until work on those before them is done. */
function inOrder(tell: OnBad) {
  let ahead: Parameters<OnBad>[] | null = null;
  return {
    onBad: (...bad: Parameters<OnBad>) => {
      if (ahead) ahead.push(bad);
      else tell(...bad);
    },
    before: async (work: () => Promise<void>) => {
      const kept: Parameters<OnBad>[] = [];
      ahead = kept;
      try {
        await work();
      } finally {
        ahead = null;
        for (const bad of kept) tell(...bad);
      }
    },
  };
}

/** How often an import says that it is alive. */
const TOUCH_MS = 30_000;

/** @throws {ImportError} for an import that was swept away while its process slept. */
export async function requireHeld(transaction: Transaction, pending: PendingImport): Promise<void> {
  if (await holdImport(transaction, pending)) return;
  throw new ImportError(null, "The import stood still for too long and was taken back. Try again.");
}

interface Chunk extends Filling {
  readonly chunk: readonly ReadRow[];
}

/** @returns How many rows of it were written: those that contradict a unique index are not. */
async function writeChunk(
  write: Write,
  pending: PendingImport,
  { chunk, rowTag, ...filling }: Chunk,
): Promise<number> {
  const rows = chunk.map(({ at, cells }) => ({ at, id: newRowUuid(rowTag), cells }));
  const written = await write(async (transaction) => {
    await requireHeld(transaction, pending);
    return await insert(transaction, pending, rows, filling);
  }).catch((error: unknown) => {
    throw failureOf(error) === "CONVERSION" ? tooLong(chunk, error) : error;
  });
  const repeated = rows.filter(({ id }) => !written.has(id));
  for (const { at, cells } of repeated) filling.onBad(at, repeatedKey(cells));
  return rows.length - repeated.length;
}

async function insert(
  transaction: Transaction,
  pending: PendingImport,
  rows: readonly IncomingRow[],
  { isUnique, stamp }: Pick<Filling, "isUnique" | "stamp">,
): Promise<ReadonlySet<string>> {
  if (isUnique) return await insertDistinctRows(transaction, pending, rows, stamp);
  await insertRows(transaction, pending, rows, stamp);
  return new Set(rows.map(({ id }) => id));
}

function repeatedKey(cells: ReadRow["cells"]): string {
  const key = [...cells].filter(([{ keyPosition }]) => keyPosition !== null);
  const values = key.map(([{ name }, value]) => `${name} ${JSON.stringify(value)?.slice(0, 60)}`);
  return `the key ${values.join(", ")} is there already, in an earlier line`;
}

/** The cells fit one by one; only the entry of an index over several of them has a bound of its own. */
function tooLong(chunk: readonly ReadRow[], cause: unknown): ImportError {
  const [first, last] = [chunk[0]?.at ?? "", chunk.at(-1)?.at ?? ""];
  const reason = "the key columns of a row are too long together: at most 2,500 bytes";
  return new ImportError(`${first} to ${last}`, reason, { cause });
}
