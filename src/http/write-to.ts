import type { Writable } from "node:stream";

/**
 * Writes a piece, and waits until the system has taken it: then what it lies in may be used again.
 *
 * @param left Aborted when the reader goes away, of which not every stream hears.
 * @throws where the reader has gone away.
 */
export async function writeTo(
  target: Writable,
  piece: Uint8Array | string,
  left?: AbortSignal,
): Promise<void> {
  left?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = () => reject(left?.reason as Error);
    left?.addEventListener("abort", stop, { once: true });
    target.write(piece, (error) => {
      left?.removeEventListener("abort", stop);
      if (error) reject(error);
      else resolve();
    });
  });
}
