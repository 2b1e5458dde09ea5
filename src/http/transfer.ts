import { type Exchange, isLooking, refuse } from "./exchange.ts";
import type { Log } from "./log.ts";
import { maskError } from "./mask-error.ts";
import { STATUS as STATUS_OF_REQUEST } from "./public-errors.ts";
import type { Refusal } from "./refusal.ts";
import { writeTo } from "./write-to.ts";

/** What the path of every one-time URL begins with; then comes its secret. */
export const TRANSFERS = "/transfers/";

/** A file as it is announced. */
export interface Attachment {
  readonly fileName: string;
  readonly contentType: string;
}

/** A file that is there as a whole. */
export interface Download extends Attachment {
  readonly bytes: number;
  /** Hands it over, a piece at a time; each is used again when it has been taken. */
  send(take: (piece: Uint8Array) => Promise<void>): Promise<void>;
  /** Gives back what it takes. */
  close(): Promise<void>;
}

/** Who presents a one-time URL. */
export interface Presenting {
  readonly requestId: string;
  readonly ip: string | null;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** What one-time URLs lead to. Both throw errors that carry a public code where they lead nowhere. */
export interface Transfers {
  /** How long a client may take nothing of a file before it is cut; a minute unless told otherwise. */
  readonly stalledMs?: number;
  /** Tells what a URL leads to, and leaves it as it is. */
  describe(text: string, presenting: Presenting): Promise<Attachment>;
  /** Does what a URL leads to, once. */
  download(text: string, presenting: Presenting): Promise<Download>;
}

const BAD_METHOD: Refusal = {
  status: 405,
  code: "BAD_USER_INPUT",
  message: "Fetch the file by GET.",
  headers: { Allow: "GET, HEAD" },
};

/** Answers a one-time URL: with the file by GET, once, and with what it will be by HEAD. */
export async function answerTransfer(
  exchange: Exchange,
  transfers: Transfers,
  log: Log,
): Promise<void> {
  const { request, response } = exchange;
  if (!isLooking(request)) return refuse(exchange, BAD_METHOD);
  const left = new AbortController();
  // An answer that waits for another on its connection is not told that this is closed.
  const leave = () => left.abort();
  request.socket.once("close", leave);
  try {
    await answer(exchange, transfers, left.signal);
  } catch (error) {
    // Whoever goes away, or is cut, is in the log line of the request.
    if (response.headersSent) response.destroy();
    else if (!left.signal.aborted) refuse(exchange, refusalOf(error, exchange, log));
  } finally {
    request.socket.off("close", leave);
  }
}

async function answer(
  exchange: Exchange,
  transfers: Transfers,
  signal: AbortSignal,
): Promise<void> {
  const { request, response, path, requestId, ip = null } = exchange;
  const text = path.slice(TRANSFERS.length);
  const presenting = { requestId, ip, signal };
  if (request.method === "HEAD") {
    response.writeHead(200, headersOf(await transfers.describe(text, presenting))).end();
    return;
  }
  const download = await transfers.download(text, presenting);
  const late = setTimeout(() => response.destroy(), LATEST_MS + download.bytes / BYTES_PER_MS);
  try {
    const headers = { ...headersOf(download), "Content-Length": download.bytes };
    response.writeHead(200, headers);
    response.setTimeout(transfers.stalledMs ?? 60_000, () => response.destroy());
    await download.send((piece) => writeTo(response, piece, signal));
    response.end();
  } finally {
    clearTimeout(late);
    await download.close();
  }
}

/** How long a client may take for a file: so long, and longer for each byte. A place is held for it meanwhile. */
const LATEST_MS = 60_000;
const BYTES_PER_MS = 64;

/** What of an error may leave the process; what is behind it is logged. */
function refusalOf(thrown: unknown, { requestId }: Exchange, log: Log): Refusal {
  const { message, extensions, cause } = maskError(thrown);
  const { code, http: _http, ...more } = extensions;
  if (cause !== undefined) log.error({ err: cause, requestId }, "request failed");
  return {
    status: STATUS[String(code)] ?? 400,
    code: String(code),
    message,
    extensions: more,
    ...(code === "UNAVAILABLE" && { headers: { "Retry-After": "5" } }),
  };
}

const STATUS: Readonly<Record<string, number>> = { ...STATUS_OF_REQUEST, NOT_FOUND: 404 };

/** The name of a file is that of a dataset: it needs no quoting. */
function headersOf({ fileName, contentType }: Attachment) {
  return {
    "Content-Type": contentType,
    "Content-Disposition": `attachment; filename="${fileName}"`,
  };
}
