import type { Writable } from "node:stream";

/**
 * Writes a piece, and waits until the system has taken it: then what it lies in may be used again.
 *
 * @throws where the other end has gone away.
 */
export async function writeTo(target: Writable, piece: Uint8Array | string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    // Of an answer that waits for another on its connection nothing else is heard.
    const left = () => reject(Object.assign(new Error("The reader went away."), { code: "EPIPE" }));
    target.once("close", left);
    target.write(piece, (error) => {
      target.off("close", left);
      if (error) reject(error);
      else resolve();
    });
  });
}
