import type { Download } from "../../src/http/transfer.ts";

/** A file that comes in one piece. */
export async function* inOne(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

/** All that a file holds. */
export async function whole({ send }: Pick<Download, "send">): Promise<string> {
  const pieces: Buffer[] = [];
  await send(async (piece) => void pieces.push(Buffer.from(piece)));
  return Buffer.concat(pieces).toString();
}
