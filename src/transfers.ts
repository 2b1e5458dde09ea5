import { strangerOf } from "./authz/principal.ts";
import type { Database } from "./db/database.ts";
import { createPrisma } from "./db/prisma.ts";
import { inTransaction } from "./db/transaction.ts";
import {
  findTransfer,
  takeTransfer,
  type PresentedTransfer,
  type Transfer,
} from "./db/transfers.ts";
import type { ExportFormat, ExportRows } from "./domain/row/export-inputs.ts";
import type { PlannedExport } from "./domain/row/planned-export.ts";
import { runExport } from "./domain/row/run-export.ts";
import { writeExport } from "./domain/row/write-export.ts";
import type { Journal } from "./events/journal.ts";
import { PublicError } from "./graphql/errors.ts";
import type { RequestParts } from "./graphql/execute.ts";
import { Bound } from "./http/bound.ts";
import type { Log } from "./http/log.ts";
import { Spool } from "./http/spool.ts";
import type { Attachment, Download, Presenting, Transfers } from "./http/transfer.ts";
import { CredentialError } from "./identity/credential.ts";
import { parseTransferText } from "./identity/transfer-text.ts";
import { holderSessions } from "./sessions.ts";

/** What one-time URLs are answered with. */
export interface TransferParts {
  readonly database: Database;
  readonly log: Log;
  readonly journal: Journal;
  readonly now?: () => Date;
}

/** How many exports are read at once: each holds a connection, and the embedded database has only one. */
const MOST_READ = 4;
/** How many are on their way to clients, or read: each may hold a file. */
const MOST_OPEN = 32;

/** A one-time URL leads nowhere: always the same words, whatever was wrong with it. */
class TransferGoneError extends PublicError {
  constructor() {
    super(
      "No such transfer. Its URL works once, for a few minutes. Ask for a new one.",
      "NOT_FOUND",
    );
  }
}

/** The URL was not used. */
class TransfersBusyError extends PublicError {
  constructor() {
    super(
      "Too many exports are under way. Try again in a moment: the URL still works.",
      "UNAVAILABLE",
    );
  }
}

/** What one-time URLs lead to: what was promised to a caller, with the rights that the caller has by now. */
export function createTransfers({ now = () => new Date(), ...parts }: TransferParts): Transfers {
  const prismaFor = createPrisma();
  const [reading, open] = [new Bound(MOST_READ), new Bound(MOST_OPEN)];
  const begun = (presenting: Presenting): Request => ({
    ...parts,
    ...presenting,
    prismaFor,
    now: now(),
  });
  return {
    async describe(text, presenting) {
      const request = begun(presenting);
      const { transfer } = await found(text, request);
      return await exporting(request, transfer, async (_context, planned) => attachmentOf(planned));
    },
    async download(text, presenting) {
      const request = begun(presenting);
      const { presented, transfer } = await found(text, request);
      const whose = transfer.tenantId;
      const [stopReading, giveBack] = [reading.take(whose), open.take(whose)];
      try {
        if (!stopReading || !giveBack) throw new TransfersBusyError();
        await take(presented, request);
        const download = await exported(request, transfer);
        return { ...download, close: () => download.close().finally(giveBack) };
      } catch (error) {
        giveBack?.();
        throw error;
      } finally {
        stopReading?.();
      }
    },
  };
}

interface Request extends Presenting, Omit<TransferParts, "now"> {
  readonly prismaFor: ReturnType<typeof createPrisma>;
  readonly now: Date;
}

interface Found {
  readonly presented: PresentedTransfer;
  readonly transfer: Transfer;
}

async function found(text: string, request: Request): Promise<Found> {
  const { database, now } = request;
  const presented = parseTransferText(text);
  if (!presented) throw new TransferGoneError();
  const reach = {
    role: "fieldgate_member",
    tenantId: presented.tenantId,
    mode: "snapshot",
  } as const;
  const { isTenantKnown, transfer } = await inTransaction(database, reach, (transaction) =>
    findTransfer(transaction, presented, now),
  );
  if (transfer) return { presented, transfer };
  throw gone(request, isTenantKnown ? presented.tenantId : null);
}

async function take(presented: PresentedTransfer, request: Request): Promise<void> {
  const { tenantId } = presented;
  const reach = { role: "fieldgate_member", tenantId, mode: "write" } as const;
  const isTaken = await inTransaction(request.database, reach, (transaction) =>
    takeTransfer(transaction, presented),
  );
  if (!isTaken) throw gone(request, tenantId);
}

/** A URL that fails is a credential that fails: an event of its tenant, where that exists. */
function gone({ journal, log, requestId, ip, now }: Request, tenantId: string | null) {
  if (tenantId === null) log.info({ requestId, ip, reason: "Unknown tenant." }, "transfer refused");
  else {
    journal.addOfStranger(tenantId, {
      name: "system::authenticate",
      outcome: "FAILED",
      principal: strangerOf(tenantId),
      target: null,
      reason: "TRANSFER",
      at: now,
      ip,
      count: 1,
    });
  }
  return new TransferGoneError();
}

/** Does something with what a transfer exports, as its holder. */
async function exporting<Result>(
  request: Request,
  transfer: Transfer,
  work: Parameters<typeof runExport<Result>>[2],
): Promise<Result> {
  const { requestId, ip, now, journal } = request;
  const parts: RequestParts = {
    requestId,
    ip,
    now,
    open: holderSessions(transfer, request),
    record: (caller, happenings) => journal.record(caller, happenings, { at: now, ip }),
  };
  try {
    return await runExport(parts, JSON.parse(transfer.arguments) as ExportRows, work);
  } catch (error) {
    throw error instanceof CredentialError ? gone(request, transfer.tenantId) : error;
  }
}

/** Makes the file: when the first byte is sent the snapshot has ended, and nothing can fail any more. */
async function exported(request: Request, transfer: Transfer): Promise<Download> {
  const spool = new Spool();
  try {
    const attachment = await exporting(request, transfer, async (context, planned) => {
      await writeExport(context, planned, async (piece) => {
        request.signal.throwIfAborted();
        await spool.write(piece);
      });
      return attachmentOf(planned);
    });
    const { bytes } = spool;
    return { ...attachment, bytes, send: (to) => spool.send(to), close: () => spool.close() };
  } catch (error) {
    await spool.close();
    throw error;
  }
}

const FILES: Readonly<Record<ExportFormat, { suffix: string; contentType: string }>> = {
  CSV: { suffix: "csv", contentType: "text/csv; charset=utf-8; header=present" },
  JSON_LINES: { suffix: "jsonl", contentType: "application/jsonl; charset=utf-8" },
  JSON: { suffix: "json", contentType: "application/json; charset=utf-8" },
};

function attachmentOf({ dataset, format }: PlannedExport): Attachment {
  const { suffix, contentType } = FILES[format];
  return { fileName: `${dataset.definition.name}.${suffix}`, contentType };
}
