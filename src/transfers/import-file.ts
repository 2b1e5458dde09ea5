import type { Transfer } from "../db/transfers.ts";
import type { ImportRows } from "../domain/row/import/import-inputs.ts";
import type { ImportedRows } from "../domain/row/import/row-importer.ts";
import { runImport } from "../domain/row/import/run-import.ts";
import { InputError, LimitError } from "../graphql/errors.ts";
import { asHolder, asMember, type TransferRequest } from "./found-transfer.ts";

/** Makes rows of a file while it comes. */
export async function importedFile(
  request: TransferRequest,
  { transfer, mostBytes }: { readonly transfer: Transfer; readonly mostBytes: number },
  chunks: AsyncIterable<Buffer>,
): Promise<ImportedRows> {
  const { tenantId, id } = transfer;
  const input = JSON.parse(transfer.arguments) as ImportRows;
  return await asHolder(request, transfer, (parts) =>
    runImport(
      parts,
      { tenantId, id, input },
      {
        body: received(chunks, mostBytes),
        keep: (work) => asMember(request, { tenantId, mode: "write" }, work),
      },
    ),
  );
}

/** @throws {PublicError} for a file that is too large, and for one that does not come to its end. */
async function* received(chunks: AsyncIterable<Buffer>, mostBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw tooLarge(mostBytes);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof LimitError) throw error;
    throw new InputError("The file did not come to its end. Ask for another import.");
  }
}

/** What is said of a file that is too large. */
export function tooLarge(mostBytes: number): LimitError {
  return new LimitError(
    `The file is larger than ${mostBytes / 1024 ** 2} MiB. Cut it into several, each with an import of its own.`,
  );
}
