import { coerceInputValue, type GraphQLInputType } from "graphql";
import type { Database } from "../db/database.ts";
import { rowCounts } from "../db/row-counts.ts";
import type { ExportRows } from "../domain/row/export/export-inputs.ts";
import { runExport } from "../domain/row/export/run-export.ts";
import { writeExport } from "../domain/row/export/write-export.ts";
import { Journal } from "../events/journal.ts";
import { InputError } from "../graphql/errors.ts";
import type { RequestParts } from "../graphql/execute.ts";
import { schema } from "../schema.ts";
import { operatorTransactions } from "../caller-transactions.ts";
import { asOperator, TOLD } from "./as-operator.ts";
import { type ExportOptions, formatOf } from "./export-options.ts";
import { ExportError, type Output, outputFile, standardOutput } from "./output-file.ts";
import { tell } from "./print.ts";
import { progressBar } from "./progress-bar.ts";
import { requireTenant } from "./tenant.ts";

/**
 * Writes the rows of a dataset to a file or to standard output, as the operator.
 *
 * @throws {InputError} for what is not there, or is no filter or order of it.
 * @throws {ExportError} for a file that cannot be made, and where a signal stops it.
 */
export async function exportDataset(
  database: Database,
  dataset: string,
  options: ExportOptions,
): Promise<void> {
  const { id: tenantId } = await requireTenant(database, options.tenant);
  const ask = asOperator(database, tenantId);
  const found = await ask<{ dataset: { id: string } | null }>(DATASET, { name: dataset });
  if (!found.dataset) throw new InputError(`There is no dataset ${dataset} in this tenant.`);
  const input = exportInput(found.dataset.id, options);
  const output = options.output === undefined ? standardOutput() : await outputFile(options.output);
  try {
    const rows = await stoppable((signal) =>
      write(operatorParts(database, tenantId), input, { output, signal }),
    );
    await output.finish();
    tell(`${rows.toLocaleString("en")} rows of ${dataset}.`);
  } finally {
    await output.close();
  }
}

const DATASET = `query ($name: String!) { dataset(name: $name) { id } }`;

/** What the options ask for, as the API would take it. */
function exportInput(datasetId: string, options: ExportOptions): ExportRows {
  const { columns, filter, order: orderBy } = options;
  const input = { datasetId, format: formatOf(options), columns, filter, orderBy };
  const type = schema.getType("ExportRowsInput") as GraphQLInputType;
  return coerceInputValue(input, type, (path, _value, { message }) => {
    throw new InputError(`${path.join(".")}: ${message}`);
  }) as ExportRows;
}

function operatorParts(database: Database, tenantId: string): RequestParts {
  const now = new Date();
  const journal = new Journal({ database, log: TOLD, now: () => now });
  return {
    requestId: "operator",
    now,
    open: operatorTransactions(database, tenantId),
    record: (caller, happenings) => journal.record(caller, happenings, { at: now, ip: null }),
  };
}

interface Writing {
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** @returns How many rows were written. */
async function write(
  parts: RequestParts,
  input: ExportRows,
  { output, signal }: Writing,
): Promise<number> {
  return await runExport(parts, input, async (context, planned) => {
    const [total = 0] = await rowCounts(context.transaction, [planned]);
    const bar = progressBar(total);
    let written = 0;
    try {
      await writeExport(context, planned, async (piece, rows) => {
        signal.throwIfAborted();
        await output.write(piece);
        bar.show("exporting", (written += rows));
      });
    } finally {
      bar.end();
    }
    // Over the API it is the mutation that writes it.
    const { datasetId: target } = input;
    context.notes.add({ name: "row::export", outcome: "ALLOWED", target, reason: null });
    return written;
  });
}

/** Does work that a signal stops, so that it can take back what it began. */
async function stoppable<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const stopped = new AbortController();
  const stop = () => stopped.abort(new ExportError("Stopped: nothing was written."));
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    return await work(stopped.signal);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
