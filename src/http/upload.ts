import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { isEncoded, type Refusal } from "./refusal.ts";

/** How long a client may take to send a file: so long, and longer for each byte. A place is held for it meanwhile. */
const LATEST_MS = 60_000;
const BYTES_PER_MS = 16;

/** How long the rest of a file is thrown away that nobody wants: whoever sends it is to read why. */
const LINGER_MS = 5_000;

/** What keeps a file from being read, by its head alone; null: nothing. */
export function unfitUpload(headers: IncomingHttpHeaders): Refusal | null {
  if (/^\s*multipart\//i.test(headers["content-type"] ?? "")) return FORM;
  return isEncoded(headers) ? ENCODED : null;
}

const FORM: Refusal = {
  status: 415,
  code: "BAD_USER_INPUT",
  message: "Send the file as it is, not as part of a form: as curl does with --upload-file.",
};

const ENCODED: Refusal = {
  status: 415,
  code: "BAD_USER_INPUT",
  message: "Send the file as it is, without Content-Encoding.",
};

/** How a file is received. */
interface Receiving {
  /** How long the client may send nothing, in milliseconds. */
  readonly stalledMs: number;
  /** Called when the file is wanted: from then on this watches over the time that the client takes. */
  readonly untimed: () => void;
}

/**
 * The body of a request, a chunk at a time, from when it is first asked for. A client that sends nothing, or too
 * little for its time, is cut; the time in which nobody asks for more is not its.
 */
export async function* receivedChunks(
  request: IncomingMessage,
  { stalledMs, untimed }: Receiving,
): AsyncGenerator<Buffer> {
  untimed();
  let [bytes, waitedMs] = [0, 0];
  let asked = performance.now();
  const cutLater = () => {
    const leftMs = LATEST_MS + bytes / BYTES_PER_MS - waitedMs;
    return setTimeout(() => request.destroy(), Math.min(stalledMs, Math.max(leftMs, 0)));
  };
  let late = cutLater();
  try {
    // Whoever stops reading is still to answer.
    const chunks: AsyncIterable<Buffer> = request.iterator({ destroyOnReturn: false });
    for await (const chunk of chunks) {
      clearTimeout(late);
      waitedMs += performance.now() - asked;
      bytes += chunk.length;
      yield chunk;
      asked = performance.now();
      late = cutLater();
    }
  } finally {
    clearTimeout(late);
  }
}

/** Throws away what is still sent of a request that has been answered, for a while. */
export function cutSoon(request: IncomingMessage): void {
  request.resume();
  const cut = setTimeout(() => request.socket.destroy(), LINGER_MS);
  request.once("close", () => clearTimeout(cut));
}
