import type { Happening } from "../../events/event.ts";
import { Context } from "../../graphql/context.ts";
import { publicErrorOf } from "../../graphql/errors.ts";
import type { RequestParts } from "../../graphql/execute.ts";
import { ForbiddenError } from "../../graphql/forbidden-error.ts";
import { requirePermission } from "../../graphql/scopes.ts";
import type { Missing } from "../../authz/missing.ts";
import type { ExportRows } from "./export-inputs.ts";
import { type PlannedExport, plannedExport } from "./planned-export.ts";

const EXPORT = "row::export";

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
  const context = new Context(parts);
  try {
    await context.beginSnapshot();
    requirePermission(context, EXPORT);
    return await work(context, await plannedExport(context, input));
  } catch (error) {
    const known = publicErrorOf(error);
    if (known) context.note(refused(known, input.datasetId));
    throw known ?? error;
  } finally {
    await context.end();
    if (context.caller) await parts.record(context.caller, context.happenings);
  }
}

function refused(
  error: NonNullable<ReturnType<typeof publicErrorOf>>,
  datasetId: string,
): Happening {
  if (!(error instanceof ForbiddenError)) {
    return { name: EXPORT, outcome: "FAILED", target: datasetId, reason: error.code };
  }
  const { gate, name } = error.extensions["missing"] as Missing;
  return { name: EXPORT, outcome: "DENIED", target: datasetId, reason: `${gate} ${name}` };
}
