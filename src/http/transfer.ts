import { type Exchange, isLooking, refuse, sendJson } from "./exchange.ts";
import type { Log } from "./log.ts";
import { maskError } from "./mask-error.ts";
import { STATUS as STATUS_OF_REQUEST } from "./public-errors.ts";
import type { Refusal } from "./refusal.ts";
import { cutSoon, receivedChunks, unfitUpload } from "./upload.ts";
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

/** A file that comes in. */
export interface Upload {
  /** How large it says it is; null where it does not say. */
  readonly bytes: number | null;
  readonly chunks: AsyncIterable<Buffer>;
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
  /** How long a client may take or send nothing of a file before it is cut; a minute unless told otherwise. */
  readonly stalledMs?: number;
  /** Tells what a URL leads to, and leaves it as it is. */
  describe(text: string, presenting: Presenting): Promise<Attachment>;
  /** Does what a URL leads to, once. */
  download(text: string, presenting: Presenting): Promise<Download>;
  /** Takes the file that a URL waits for, once. @returns What became of it. */
  upload(text: string, file: Upload, presenting: Presenting): Promise<object>;
}

const STALLED_MS = 60_000;

const BAD_METHOD: Refusal = {
  status: 405,
  code: "BAD_USER_INPUT",
  message: "Fetch a file by GET, and send one by PUT.",
  headers: { Allow: "GET, HEAD, PUT" },
};

/**
 * Answers a one-time URL: with the file by GET, once, and with what it will be by HEAD; or by PUT, once, with what
 * became of the file that is sent.
 */
export async function answerTransfer(
  exchange: Exchange,
  transfers: Transfers,
  log: Log,
): Promise<void> {
  const { request, response } = exchange;
  const isUpload = request.method === "PUT";
  if (!isUpload && !isLooking(request)) return refuse(exchange, BAD_METHOD);
  const left = new AbortController();
  // An answer that waits for another on its connection is not told that this is closed.
  const leave = () => left.abort();
  request.socket.once("close", leave);
  try {
    if (isUpload) await receive(exchange, transfers, left.signal);
    else await answer(exchange, transfers, left.signal);
  } catch (error) {
    // Whoever goes away, or is cut, is in the log line of the request.
    if (response.headersSent) response.destroy();
    else if (!left.signal.aborted) refuse(exchange, refusalOf(error, exchange, log));
    if (!request.complete) cutSoon(request);
  } finally {
    request.socket.off("close", leave);
  }
}

async function answer(
  exchange: Exchange,
  transfers: Transfers,
  signal: AbortSignal,
): Promise<void> {
  const { request, response, path, requestId, ip } = exchange;
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
    response.setTimeout(transfers.stalledMs ?? STALLED_MS, () => response.destroy());
    await download.send((piece) => writeTo(response, piece, signal));
    response.end();
  } finally {
    clearTimeout(late);
    await download.close();
  }
}

async function receive(
  exchange: Exchange,
  transfers: Transfers,
  signal: AbortSignal,
): Promise<void> {
  const { request, path, requestId, ip, untimed } = exchange;
  const unfit = unfitUpload(request.headers);
  if (unfit) return refuse(exchange, unfit);
  const bytes = Number(request.headers["content-length"] ?? NaN);
  const file: Upload = {
    bytes: Number.isNaN(bytes) ? null : bytes,
    chunks: receivedChunks(request, { stalledMs: transfers.stalledMs ?? STALLED_MS, untimed }),
  };
  const outcome = await transfers.upload(path.slice(TRANSFERS.length), file, {
    requestId,
    ip,
    signal,
  });
  sendJson(exchange, 200, outcome);
}

/** How long a client may take for a file: so long, and longer for each byte. A place is held for it meanwhile. */
const LATEST_MS = 60_000;
const BYTES_PER_MS = 64;

/** What of an error may leave the process; what is behind it is logged. */
function refusalOf(thrown: unknown, { requestId }: Exchange, log: Log): Refusal {
  const { message, extensions, cause } = maskError(thrown);
  const { code, http, ...more } = extensions;
  const { status, headers } = (http ?? {}) as Partial<Refusal>;
  if (cause !== undefined) log.error({ err: cause, requestId }, "request failed");
  return {
    status: status ?? STATUS[String(code)] ?? 400,
    code: String(code),
    message,
    extensions: more,
    headers: { ...headers, ...(code === "UNAVAILABLE" && { "Retry-After": "5" }) },
  };
}

const STATUS: Readonly<Record<string, number>> = {
  ...STATUS_OF_REQUEST,
  NOT_FOUND: 404,
  CONFLICT: 409,
  LIMIT_EXCEEDED: 413,
};

/** The name of a file is that of a dataset: it needs no quoting. */
function headersOf({ fileName, contentType }: Attachment) {
  return {
    "Content-Type": contentType,
    "Content-Disposition": `attachment; filename="${fileName}"`,
  };
}
