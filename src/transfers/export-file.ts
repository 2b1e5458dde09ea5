import type { Transfer } from "../db/transfers.ts";
import type { ExportFormat, ExportRows } from "../domain/row/export/export-inputs.ts";
import type { PlannedExport } from "../domain/row/export/planned-export.ts";
import { runExport, type WithExport } from "../domain/row/export/run-export.ts";
import { writeExport } from "../domain/row/export/write-export.ts";
import { Spool } from "../http/spool.ts";
import type { Attachment, Download } from "../http/transfer.ts";
import { asHolder, type TransferRequest } from "./found-transfer.ts";

/** What the file of an export will be. */
export async function describedExport(
  request: TransferRequest,
  transfer: Transfer,
): Promise<Attachment> {
  return await exporting(request, transfer, async (_context, planned) => attachmentOf(planned));
}

/** Makes the file: when the first byte is sent the snapshot has ended, and nothing can fail any more. */
export async function exportedFile(
  request: TransferRequest,
  transfer: Transfer,
): Promise<Download> {
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

async function exporting<Result>(
  request: TransferRequest,
  transfer: Transfer,
  work: WithExport<Result>,
): Promise<Result> {
  const input = JSON.parse(transfer.arguments) as ExportRows;
  return await asHolder(request, transfer, (parts) => runExport(parts, input, work));
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
