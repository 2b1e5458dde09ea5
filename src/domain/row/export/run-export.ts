import { failureOf } from "../../../db/errors.ts";
import { Context } from "../../../graphql/context.ts";
import { publicErrorOf } from "../../../graphql/errors.ts";
import { refusedMethod } from "../../../graphql/refused-method.ts";
import type { RequestParts } from "../../../graphql/execute.ts";
import { requirePermission } from "../../../graphql/require-permission.ts";
import type { ExportRows } from "./export-inputs.ts";
import { type PlannedExport, plannedExport } from "./planned-export.ts";

const EXPORT = "row::export";

/** How often an export is begun anew when a definition was changed under its snapshot. */
const ATTEMPTS = 6;

/** Does something with an export, in the snapshot that it was decided in. */
export type WithExport<Result> = (context: Context, planned: PlannedExport) => Promise<Result>;

/**
 * Decides about an export as whoever `parts` prove, in a snapshot of its own that ends with the work, and has it
 * logged what was read and what was refused.
 *
 * @throws {PublicError} where the rights of the moment do not give it.
 */
export async function runExport<Result>(
  parts: RequestParts,
  input: ExportRows,
  work: WithExport<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    const context = new Context(parts);
    try {
      return await decided(context, input, work);
    } catch (error) {
      // As a query is read again: a definition was changed under its snapshot, before anything was read.
      if (attempt < ATTEMPTS && failureOf(error) === "RETRY") continue;
      const known = publicErrorOf(error);
      if (known) context.notes.add(refusedMethod(EXPORT, known, input.datasetId));
      throw known ?? error;
    } finally {
      await context.end();
      for (const [doer, its] of context.notes.byDoer) await parts.record(doer, its);
    }
  }
}

async function decided<Result>(
  context: Context,
  input: ExportRows,
  work: WithExport<Result>,
): Promise<Result> {
  await context.beginSnapshot();
  requirePermission(context, EXPORT);
  return await work(context, await plannedExport(context, input));
}
