import type { Transaction } from "../../../db/transaction.ts";
import { Context } from "../../../graphql/context.ts";
import { InputError, type PublicError, publicErrorOf } from "../../../graphql/errors.ts";
import type { RequestParts } from "../../../graphql/execute.ts";
import { refusedMethod } from "../../../graphql/refused-method.ts";
import { ImportError } from "../../../records/import-error.ts";
import { readRecords } from "../../../records/read-records.ts";
import { chunksOf } from "./import-chunks.ts";
import { SOURCE_FORMATS } from "./import-inputs.ts";
import { IMPORT, type ImportedRows, type OrderedImport, RowImporter } from "./row-importer.ts";

/** How often an import says that it is alive. */
const TOUCH_MS = 30_000;

/** What an import is done with besides the rights of its holder. */
export interface ImportParts {
  readonly body: AsyncIterable<Buffer>;
  /** Runs what an import keeps for itself, as a member of its tenant. */
  readonly keep: <Result>(work: (transaction: Transaction) => Promise<Result>) => Promise<Result>;
}

/**
 * Makes rows of a file as whoever `parts` prove, and has logged what was done or refused. While some of the file
 * is checked the next of it is read.
 *
 * @throws {PublicError} where the rights of the moment do not give it, and for a file that is at fault. Nothing of it
 *   is kept.
 */
export async function runImport(
  parts: RequestParts,
  order: OrderedImport,
  { body, keep }: ImportParts,
): Promise<ImportedRows> {
  const context = new Context(parts);
  const importer = new RowImporter(context, order);
  try {
    await importer.begin();
    await receive(importer, order, { body, keep });
    return await importer.finish();
  } catch (error) {
    const known = readable(error);
    const failure = known?.message ?? "Something went wrong on our side.";
    // What it leaves is swept away later.
    const shown = await keep((transaction) => importer.fail(transaction, failure)).catch(
      () => null,
    );
    if (shown) return shown;
    if (known && context.notes.byDoer.size === 0) {
      context.notes.add(refusedMethod(IMPORT, known, order.input.datasetId));
    }
    throw known ?? error;
  } finally {
    await context.end();
    for (const [doer, its] of context.notes.byDoer) await parts.record(doer, its);
  }
}

async function receive(
  importer: RowImporter,
  { input }: OrderedImport,
  { body, keep }: ImportParts,
): Promise<void> {
  const records = readRecords(SOURCE_FORMATS[input.format], body, (bytes) => {
    importer.bytes = bytes;
  });
  let touching = Promise.resolve();
  const touch = setInterval(() => {
    touching = keep((transaction) => importer.touch(transaction)).catch(() => undefined);
  }, TOUCH_MS);
  let staging = Promise.resolve();
  try {
    for await (const chunk of chunksOf(records, (headers) => importer.checkHeaders(headers))) {
      await staging;
      staging = importer.stage(chunk);
      // It is awaited above, or below; until then its failure is nobody's.
      staging.catch(() => undefined);
    }
    await staging;
  } finally {
    clearInterval(touch);
    await Promise.allSettled([staging, touching]);
  }
}

/** What the caller is told. */
function readable(error: unknown): PublicError | null {
  if (error instanceof ImportError) return new InputError(error.message);
  return publicErrorOf(error);
}
