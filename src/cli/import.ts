import { OPERATOR_SIGNATURE } from "../authz/principal.ts";
import { isName } from "../cell/column-name.ts";
import type { Database } from "../db/database.ts";
import { type Imported, importDataset } from "../domain/import/import-dataset.ts";
import { fileSize } from "../domain/import/read-chunks.ts";
import { sourceFormat } from "../domain/import/read-records.ts";
import { InputError } from "../graphql/errors.ts";
import { requireTenant } from "./tenant.ts";

/** What `npx fieldgate import` takes besides the file. */
export interface ImportOptions {
  readonly dataset: string;
  readonly tenant?: string;
}

/** A file that can be read, and what is to become of it. */
export interface ImportSource extends ImportOptions {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Checks what can be checked without a database.
 *
 * @throws {InputError} for a name that none can have.
 * @throws {ImportError} for a file that is not there, or whose format is not known.
 */
export async function checkSource(path: string, options: ImportOptions): Promise<ImportSource> {
  const { dataset } = options;
  if (!isName(dataset)) {
    throw new InputError(
      `${JSON.stringify(dataset)} is no name of a dataset: 1 to 63 of a-z, 0-9 and _, beginning with a letter.`,
    );
  }
  sourceFormat(path);
  return { ...options, path, bytes: await fileSize(path) };
}

/** Makes a dataset of a file and prints what became of it. */
export async function importFile(
  database: Database,
  { path, bytes, dataset, tenant: slug }: ImportSource,
): Promise<void> {
  const tenant = await requireTenant(database, slug);
  const begun = performance.now();
  const imported = await importDataset(database, {
    tenantId: tenant.id,
    path,
    name: dataset,
    stamp: { by: OPERATOR_SIGNATURE, at: new Date() },
    onProgress: progress(bytes),
  });
  report(dataset, tenant.slug, imported, (performance.now() - begun) / 1_000);
}

/** Shows on a terminal how far an import is; nothing elsewhere. */
function progress(size: number) {
  const { isTTY } = process.stderr;
  return (phase: "reading" | "writing", bytes: number) => {
    const percent = size === 0 ? 100 : Math.round((100 * bytes) / size);
    if (isTTY) process.stderr.write(`\r${phase} ${percent} %\u001B[K`);
  };
}

function report(dataset: string, slug: string, { columns, rows }: Imported, seconds: number): void {
  if (process.stderr.isTTY) process.stderr.write("\r\u001B[K");
  for (const { name, type, label } of columns) {
    process.stdout.write(`${name}\t${type}\t${label}\n`);
  }
  const rate = Math.round(rows / Math.max(seconds, 0.001));
  process.stdout.write(
    `${rows} rows in ${seconds.toFixed(1)} s (${rate} rows/s) are now the dataset ${dataset} of ${slug}.\n`,
  );
}
