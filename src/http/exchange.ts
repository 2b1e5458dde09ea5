import type { IncomingMessage, ServerResponse } from "node:http";
import { type NewMemory, spareMemory } from "../memory/spare-memory.ts";
import type { Refusal } from "./refusal.ts";
import { requestIdFrom } from "./request-id.ts";

/** What the transport adds to the GraphQL server's context of a request. */
export interface TransportContext {
  readonly requestId: string;
  /** Filled while the request is answered, for its log line. */
  readonly trace: { operationName?: string };
  /** The address of the other end of the connection. What a header says of it is anybody's to write. */
  readonly ip?: string | null;
  /** Finds memory of so many bytes or more for the answer, which is used again when the answer has left. */
  readonly newMemory?: NewMemory;
}

/** One request on its way. */
export interface Exchange extends Required<TransportContext> {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  /** Lets the client take as long as it needs to send the rest: whoever calls it watches over that. */
  readonly untimed: () => void;
}

/** How long a client may take to send a whole request of up to 16 MiB, in milliseconds. */
const RECEIVE_MS = 120_000;

/**
 * Begins to answer a request: from here on its answer and its log line carry its id.
 *
 * @param receiveMs How long the client may take to send it.
 */
export function begin(
  request: IncomingMessage,
  response: ServerResponse,
  receiveMs = RECEIVE_MS,
): Exchange {
  const requestId = requestIdFrom(request.headers["x-request-id"]);
  response.setHeader("X-Request-Id", requestId);
  const [path = ""] = (request.url ?? "").split("?", 1);
  const late = setTimeout(() => void (request.complete || request.destroy()), receiveMs);
  const untimed = () => clearTimeout(late);
  request.once("close", untimed);
  const newMemory = (bytes: number) => memoryOf(response, bytes);
  const ip = addressOf(request);
  return { request, response, path, requestId, trace: {}, ip, newMemory, untimed };
}

/** Memory for an answer. Where the answer does not leave whole, it is not used again. */
function memoryOf(response: ServerResponse, bytes: number): Buffer {
  const memory = spareMemory.take(bytes);
  response.once("finish", () => spareMemory.give(memory));
  return memory;
}

/** Of IPv4 in its own form, also where the server listens on both. */
function addressOf({ socket }: IncomingMessage): string | null {
  return socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, "") ?? null;
}

/** A refusal has the shape of a GraphQL error, so that clients need to know one shape. */
export function refuse(
  exchange: Exchange,
  { status, code, message, headers, extensions: more }: Refusal,
): void {
  setHeaders(exchange.response, headers ?? {});
  const extensions = { ...more, code, requestId: exchange.requestId };
  sendJson(exchange, status, { errors: [{ message, extensions }] });
}

/** Answers with a body of JSON. */
export function sendJson({ request, response }: Exchange, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(text),
  });
  response.end(request.method === "HEAD" ? undefined : text);
}

/** Sets headers of an answer that has not begun. */
export function setHeaders(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** Whether a request wants to see something and nothing else. */
export function isLooking({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}
