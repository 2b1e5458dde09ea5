import { createPrisma } from "../db/prisma.ts";
import { PublicError } from "../graphql/errors.ts";
import { Bound } from "../http/bound.ts";
import type { Presenting, Transfers } from "../http/transfer.ts";
import { describedExport, exportedFile } from "./export-file.ts";
import {
  foundTransfer,
  takenTransfer,
  type TransferParts,
  type TransferRequest,
} from "./found-transfer.ts";
import { importedFile, tooLarge } from "./import-file.ts";

/** How many exports are read at once: each holds a connection, and the embedded database has only one. */
const MOST_READ = 4;
/** How many are on their way to clients, or read: each may hold a file. */
const MOST_OPEN = 32;
/** How many files come in at once: each holds some of its records in memory, and in the end a connection. */
const MOST_RECEIVED = 4;
/** The largest file that is imported. */
const MOST_BYTES = 4 * 1024 ** 3;

/** The URL was not used. */
class TransfersBusyError extends PublicError {
  constructor() {
    super(
      "Too many transfers are under way. Try again in a moment: the URL still works.",
      "UNAVAILABLE",
    );
  }
}

/** What one-time URLs lead to: what was promised to a caller, with the rights that the caller has by now. */
export function createTransfers({ now = () => new Date(), ...parts }: TransferParts): Transfers {
  const prismaFor = createPrisma();
  const begun: Begin = (presenting) => ({ ...parts, ...presenting, prismaFor, now, at: now() });
  return {
    async describe(text, presenting) {
      const request = begun(presenting);
      const { transfer } = await foundTransfer(text, "EXPORT", request);
      return await describedExport(request, transfer);
    },
    download: downloads(begun),
    upload: uploads(begun),
  };
}

type Begin = (presenting: Presenting) => TransferRequest;

function downloads(begun: Begin): Transfers["download"] {
  const [reading, open] = [new Bound(MOST_READ), new Bound(MOST_OPEN)];
  return async (text, presenting) => {
    const request = begun(presenting);
    const found = await foundTransfer(text, "EXPORT", request);
    const whose = found.transfer.tenantId;
    const [stopReading, giveBack] = [reading.take(whose), open.take(whose)];
    try {
      if (!stopReading || !giveBack) throw new TransfersBusyError();
      await takenTransfer(found, request);
      const download = await exportedFile(request, found.transfer);
      return { ...download, close: () => download.close().finally(giveBack) };
    } catch (error) {
      giveBack?.();
      throw error;
    } finally {
      stopReading?.();
    }
  };
}

function uploads(begun: Begin): Transfers["upload"] {
  const receiving = new Bound(MOST_RECEIVED);
  return async (text, { bytes, chunks }, presenting) => {
    const request = begun(presenting);
    const found = await foundTransfer(text, "IMPORT", request);
    const { transfer } = found;
    if (bytes !== null && bytes > MOST_BYTES) throw tooLarge(MOST_BYTES);
    const giveBack = receiving.take(transfer.tenantId);
    if (!giveBack) throw new TransfersBusyError();
    try {
      await takenTransfer(found, request);
      return await importedFile(request, { transfer, mostBytes: MOST_BYTES }, chunks);
    } finally {
      giveBack();
    }
  };
}
