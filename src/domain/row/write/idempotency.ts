import { createHash } from "node:crypto";
import { signatureOf } from "../../../authz/principal.ts";
import {
  claimWrite,
  type RememberedRow,
  rememberResults,
  sweepWrites,
  type WriteClaim,
} from "../../../db/remembered-writes.ts";
import type { Context } from "../../../graphql/context.ts";
import { ConflictError, InputError } from "../../../graphql/errors.ts";
import type { RowFaultCode } from "./row-fault.ts";
import type { Operation, WriteResult } from "./write-result.ts";

/** A call of a method that writes rows. */
export interface Call {
  readonly tenantId: string;
  /** The permission of the method. */
  readonly method: string;
  readonly input: { readonly idempotencyKey?: string | null | undefined };
}

const KEY = /^[\x20-\x7e]{1,200}$/;

/** What stands in the event of a call that had been done before. */
const REPLAYED = "IDEMPOTENT_REPLAY";

/**
 * Does a call once, however often it is sent with its idempotency key within 24 hours by the same credential.
 * Of calls that come at the same time one does it, and the others wait for it.
 *
 * @returns What became of the rows, now or the first time.
 * @throws {InputError} for a key that is none.
 * @throws {ConflictError} for a key that came with other arguments before.
 */
export async function doneOnce(
  context: Context,
  { tenantId, method, input }: Call,
  work: () => Promise<WriteResult[]>,
): Promise<WriteResult[]> {
  const { idempotencyKey: key = null, ...given } = input;
  if (key === null) return await work();
  if (!KEY.test(key)) {
    throw new InputError("An idempotency key has 1 to 200 printable ASCII characters.");
  }
  const { transaction, rights, now: at } = context;
  const principal = signatureOf(rights.principal);
  const claim: WriteClaim = { tenantId, principal, method, key, digest: digestOf(given), at };
  const before = await claimWrite(transaction, claim);
  if (!before) {
    const results = await work();
    await rememberResults(transaction, claim, results.map(remembered));
    await sweepWrites(transaction, claim);
    return results;
  }
  if (!before.digest.equals(claim.digest)) {
    throw new ConflictError(
      "The idempotency key came with other arguments before. Send these with a key of their own.",
    );
  }
  context.nameReason(REPLAYED);
  return before.results.map(recalled);
}

/** SHA-256 of arguments, in whichever order their fields came. */
function digestOf(given: object): Buffer {
  return createHash("sha256").update(JSON.stringify(given, inOrder)).digest();
}

/** Writes the fields of an object in the order of their names, and numbers that JSON has no form for as texts. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}

/** What is kept of a row: of its faults not the words, which may quote cells. */
function remembered({ written, faults }: WriteResult): RememberedRow {
  return {
    written,
    faults: faults.map(({ column, code, currentVersion }) => ({ column, code, currentVersion })),
  };
}

const AT_FAULT_BEFORE =
  "The row was at fault when the call was made first. Send it again with another idempotency key.";

function recalled({ written, faults }: RememberedRow, index: number): WriteResult {
  return {
    index,
    written: written && { ...written, operation: written.operation as Operation },
    faults: faults.map(({ column, code, currentVersion }) => ({
      row: index,
      column,
      code: code as RowFaultCode,
      message: AT_FAULT_BEFORE,
      ...(currentVersion !== undefined && { currentVersion }),
    })),
  };
}
