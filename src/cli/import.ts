import { OPERATOR_SIGNATURE } from "../authz/principal.ts";
import { isName } from "../cell/column-name.ts";
import type { Database } from "../db/database.ts";
import type { FileColumns } from "../domain/import/file-columns.ts";
import { type Imported, importDataset } from "../domain/import/import-dataset.ts";
import type { Sample } from "../domain/import/infer-columns.ts";
import { InputError } from "../graphql/errors.ts";
import { fileSize, sourceFormat } from "../records/source-file.ts";
import { choicesOf, type ImportOptions } from "./import-options.ts";
import { print } from "./print.ts";
import { progressBar } from "./progress-bar.ts";
import { requireTenant } from "./tenant.ts";

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
export async function importFile(database: Database, source: ImportSource): Promise<void> {
  const { path, bytes, dataset, tenant: slug, skipBad, dryRun: isTrial = false } = source;
  const tenant = await requireTenant(database, slug);
  const begun = performance.now();
  const bar = progressBar(bytes);
  try {
    const imported = await importDataset(database, {
      tenantId: tenant.id,
      path,
      name: dataset,
      choices: choicesOf(source),
      stamp: { by: OPERATOR_SIGNATURE, at: new Date() },
      isTrial,
      onColumns: (file) => {
        bar.end();
        print(columnLines(file));
      },
      onProgress: ({ phase, bytes: done }) => bar.show(phase, done),
      ...(skipBad && { onSkipped: (at, reason) => bar.say(`${at}: ${reason}`) }),
    });
    bar.end();
    const seconds = (performance.now() - begun) / 1_000;
    print(outcome(imported, { dataset, slug: tenant.slug, seconds, isTrial }));
  } finally {
    bar.end();
  }
}

/** One line a column: its name, type, label, and what else there is to say of it. */
function columnLines({ columns, mixed }: FileColumns): string {
  const width = Math.max(...columns.map(({ name }) => name.length));
  return columns
    .map(({ name, type, label, keyPosition }) => {
      const notes = [
        ...(keyPosition === null ? [] : ["key"]),
        ...(mixed.get(name) ?? []).map(sampleNote),
      ];
      const line = `${name.padEnd(width)}  ${type.padEnd(8)}  ${label}`;
      return `${line}${notes.length > 0 ? `  (${notes.join("; ")})` : ""}\n`;
    })
    .join("");
}

function sampleNote({ at, text, type }: Sample): string {
  return `${at}: ${text} is ${type}`;
}

interface Outcome {
  readonly dataset: string;
  readonly slug: string;
  readonly seconds: number;
  readonly isTrial: boolean;
}

function outcome(imported: Imported, { dataset, slug, seconds, isTrial }: Outcome): string {
  const { rows, skipped } = imported;
  const rate = Math.round(rows / Math.max(seconds, 0.001));
  const took = `${counted(rows, "row")} in ${seconds.toFixed(1)} s (${counted(rate, "row")}/s)`;
  const left = skipped > 0 ? `${counted(skipped, "bad line")} left out. ` : "";
  return isTrial
    ? `${left}${took} would be the dataset ${dataset} of ${slug}. Nothing was kept.\n`
    : `${left}${took} are now the dataset ${dataset} of ${slug}.\n`;
}

function counted(number: number, thing: string): string {
  return `${number.toLocaleString("en")} ${thing}${number === 1 ? "" : "s"}`;
}
