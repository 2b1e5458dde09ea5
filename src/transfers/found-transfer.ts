import { strangerOf } from "../authz/principal.ts";
import type { Database } from "../db/database.ts";
import type { PrismaFor } from "../db/prisma.ts";
import { inTransaction, type Reach, type Transaction } from "../db/transaction.ts";
import {
  findTransfer,
  type PresentedTransfer,
  takeTransfer,
  type Transfer,
} from "../db/transfers.ts";
import type { Journal } from "../events/journal.ts";
import { PublicError } from "../graphql/errors.ts";
import type { RequestParts } from "../graphql/execute.ts";
import type { Log } from "../http/log.ts";
import type { Presenting } from "../http/transfer.ts";
import { awaitBeat } from "../identity/beat.ts";
import { CredentialError } from "../identity/credential.ts";
import { transferTexts } from "../identity/secret/secret-texts.ts";
import { holderTransactions } from "../caller-transactions.ts";

/** What one-time URLs are answered with. */
export interface TransferParts {
  readonly database: Database;
  readonly log: Log;
  readonly journal: Journal;
  readonly now?: () => Date;
}

/** A request for a one-time URL. */
export interface TransferRequest extends Presenting, Required<TransferParts> {
  readonly prismaFor: PrismaFor;
  /** The instant of the request. */
  readonly at: Date;
}

/** What a URL leads to, and the URL as it was presented. */
export interface FoundTransfer {
  readonly presented: PresentedTransfer;
  readonly transfer: Transfer;
}

/** A one-time URL leads nowhere: always the same words, whatever was wrong with it. */
class TransferGoneError extends PublicError {
  constructor() {
    super(
      "No such transfer. Its URL works once, for a few minutes. Ask for a new one.",
      "NOT_FOUND",
    );
  }
}

/** A URL is used as those of the other kind are; it is still there. */
class WrongMethodError extends PublicError {
  constructor(kind: Transfer["kind"]) {
    super(
      kind === "EXPORT"
        ? "Fetch the file by GET."
        : "Send the file by PUT, as curl does with --upload-file.",
      "BAD_USER_INPUT",
      { http: { status: 405, headers: { Allow: kind === "EXPORT" ? "GET, HEAD" : "PUT" } } },
    );
  }
}

/** Does work as a member of a tenant. */
export async function asMember<Result>(
  { database }: Pick<TransferParts, "database">,
  { tenantId, mode }: Pick<Reach, "tenantId" | "mode">,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return await inTransaction(database, { role: "fieldgate_member", tenantId, mode }, work);
}

/** @throws {PublicError} where the URL leads nowhere, or to a transfer of another kind. */
export async function foundTransfer(
  text: string,
  kind: Transfer["kind"],
  request: TransferRequest,
): Promise<FoundTransfer> {
  const presented = transferTexts.parse(text);
  if (!presented) throw new TransferGoneError();
  const begun = performance.now();
  const reach = { tenantId: presented.tenantId, mode: "snapshot" } as const;
  const { isTenantKnown, transfer } = await asMember(request, reach, (transaction) =>
    findTransfer(transaction, presented, request.at),
  );
  if (!transfer) {
    const gone = goneTransfer(request, isTenantKnown ? presented.tenantId : null);
    await awaitBeat(begun);
    throw gone;
  }
  if (transfer.kind !== kind) throw new WrongMethodError(transfer.kind);
  return { presented, transfer };
}

/** Uses a URL. @throws {PublicError} where somebody else has used it. */
export async function takenTransfer(
  { presented }: FoundTransfer,
  request: TransferRequest,
): Promise<void> {
  const { tenantId } = presented;
  const isTaken = await asMember(request, { tenantId, mode: "write" }, (transaction) =>
    takeTransfer(transaction, presented),
  );
  if (!isTaken) throw goneTransfer(request, tenantId);
}

/**
 * Does what a transfer is for, as its holder.
 *
 * @throws {PublicError} also where the holder is not accepted any more.
 */
export async function asHolder<Result>(
  request: TransferRequest,
  transfer: Transfer,
  work: (parts: RequestParts) => Promise<Result>,
): Promise<Result> {
  const { requestId, ip, at, journal } = request;
  const parts: RequestParts = {
    requestId,
    ip,
    now: at,
    // A file may take its time: whether the credential is accepted is asked of each moment.
    open: (mode) => holderTransactions(transfer, { ...request, now: request.now() })(mode),
    record: (caller, happenings) => journal.record(caller, happenings, { at, ip }),
  };
  try {
    return await work(parts);
  } catch (error) {
    throw error instanceof CredentialError ? goneTransfer(request, transfer.tenantId) : error;
  }
}

/** A URL that fails is a credential that fails: an event of its tenant, where that exists. */
function goneTransfer(
  { journal, log, requestId, ip, at }: TransferRequest,
  tenantId: string | null,
): TransferGoneError {
  if (tenantId === null) log.info({ requestId, ip, reason: "Unknown tenant." }, "transfer refused");
  else {
    journal.addOfStranger(tenantId, {
      name: "system::authenticate",
      outcome: "FAILED",
      principal: strangerOf(tenantId),
      target: null,
      reason: "TRANSFER",
      at,
      ip,
      count: 1,
    });
  }
  return new TransferGoneError();
}
