import { type KnownDataset, requireDataset } from "../../../access/known-dataset.ts";
import { readableByName, requireReadable } from "../../../access/readable-columns.ts";
import { rowFilter } from "../../../access/row-filter.ts";
import type { ExportRequest } from "../../../db/row-export.ts";
import type { Context } from "../../../graphql/context.ts";
import { InputError } from "../../../graphql/errors.ts";
import type { ExportFormat, ExportRows } from "./export-inputs.ts";
import { requireRead } from "../require-read.ts";
import { rowOrder } from "../row-order.ts";

/** An export as the rights of the moment allow it. */
export interface PlannedExport extends ExportRequest {
  readonly dataset: KnownDataset;
  readonly format: ExportFormat;
}

/**
 * Decides about an export by the rights of the moment: when it is asked for, and again when it is done.
 *
 * @throws {PublicError} as `Dataset.rows` does, and for an export of no column.
 */
export async function plannedExport(
  context: Context,
  { datasetId, format, columns: names, filter, orderBy }: ExportRows,
): Promise<PlannedExport> {
  const dataset = await requireDataset(context, datasetId);
  requireRead(dataset);
  const readable = readableByName(dataset);
  const columns = names?.map((name) => requireReadable(readable, name)) ?? [...readable.values()];
  if (columns.length === 0) throw new InputError("There is no column to export.");
  if (new Set(columns).size < columns.length) {
    throw new InputError("An export names each column once.");
  }
  const order = rowOrder(orderBy, readable);
  return { dataset, format, columns, filter: rowFilter(filter, readable), order };
}
