import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { Spool } from "../http/spool.ts";
import { writeTo } from "../http/write-to.ts";
import { printable } from "./print.ts";

/** Why nothing was written. */
export class ExportError extends Error {
  override readonly name = "ExportError";
}

/** Where a command writes: all of it appears at the end, or nothing. */
export interface Output {
  readonly write: (piece: Buffer) => Promise<void>;
  /** Shows what was written. */
  readonly finish: () => Promise<void>;
  /** Takes back what was written, unless it is shown. */
  readonly close: () => Promise<void>;
}

/**
 * A file that takes its name when it is whole.
 *
 * @throws {ExportError} where none can be made.
 */
export async function outputFile(path: string): Promise<Output> {
  const draft = `${path}.${randomBytes(6).toString("hex")}.part`;
  const file = await open(draft, "wx", 0o600).catch((cause: NodeJS.ErrnoException) => {
    throw new ExportError(`Cannot write ${path}: ${cause.message}.`, { cause });
  });
  return {
    write: (piece) => file.appendFile(piece),
    finish: async () => {
      await file.sync();
      await rename(draft, path);
    },
    close: async () => {
      await file.close();
      await rm(draft, { force: true });
    },
  };
}

/** Standard output. It is written at the end alone: who reads it may take its time. */
export function standardOutput(): Output {
  const spool = new Spool();
  return {
    write: (piece) => spool.write(piece),
    finish: async () => {
      const decoder = new TextDecoder();
      // A terminal is not to be commanded by cells.
      const shown = (piece: Buffer) =>
        process.stdout.isTTY ? printable(decoder.decode(piece, { stream: true })) : piece;
      await spool
        .send((piece) => writeTo(process.stdout, shown(piece)))
        .catch((error: NodeJS.ErrnoException) => {
          // Whoever reads has seen enough.
          if (error.code !== "EPIPE") throw error;
        });
    },
    close: () => spool.close(),
  };
}
