import type { IncomingMessage } from "node:http";

/** Why a request is turned away, without an answer of the GraphQL server. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What there is to say besides the code. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The largest request body, in bytes. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

type Head = Pick<IncomingMessage, "method" | "url" | "headers">;

/** Decides by its head alone whether a request for the GraphQL endpoint is turned away; null if not. */
export function refusalOf(request: Head): Refusal | null {
  if (!isAddressable(request)) return BAD_ADDRESS;
  if (request.method === "GET") return null;
  if (request.method !== "POST") return BAD_METHOD;
  return refusalOfBody(request.headers);
}

function refusalOfBody(headers: Head["headers"]): Refusal | null {
  if (!JSON_TYPE.test(headers["content-type"] ?? "")) return BAD_TYPE;
  if (isEncoded(headers)) return BAD_ENCODING;
  // A body without a length is counted as it comes in.
  if (Number(headers["content-length"] ?? 0) > MAX_BODY_BYTES) return TOO_LARGE;
  return null;
}

/** Whether a body is sent in another form than its own, such as compressed. */
export function isEncoded(headers: Head["headers"]): boolean {
  return (headers["content-encoding"]?.trim().toLowerCase() ?? "identity") !== "identity";
}

/** A browser sends no other page's request with this type unless a preflight allowed it. */
const JSON_TYPE = /^\s*application\/json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?;?\s*$/i;

/** The GraphQL server makes a URL of both, and would answer with a stack trace where it cannot. */
function isAddressable({ headers, url }: Head): boolean {
  return URL.canParse(`http://${headers.host ?? "localhost"}${url ?? ""}`);
}

/** There is nothing at that path. */
export const NOWHERE: Refusal = {
  status: 404,
  code: "NOT_FOUND",
  message: "There is nothing here. The API is at /graphql.",
};

const BAD_ADDRESS: Refusal = {
  status: 400,
  code: "BAD_USER_INPUT",
  message: "The address or the Host header of the request is malformed.",
};

/** Only looking is allowed at that path. */
export const BAD_METHOD: Refusal = {
  status: 405,
  code: "BAD_USER_INPUT",
  message: "Send queries by GET or POST, and mutations by POST.",
  headers: { Allow: "GET, POST" },
};

const BAD_TYPE: Refusal = {
  status: 415,
  code: "BAD_USER_INPUT",
  message: "Send the request as JSON in UTF-8, with Content-Type: application/json.",
};

const BAD_ENCODING: Refusal = {
  status: 415,
  code: "BAD_USER_INPUT",
  message: "Send the request body as it is, without Content-Encoding.",
};

const TOO_LARGE: Refusal = {
  status: 413,
  code: "LIMIT_EXCEEDED",
  message: "The request body is larger than 16 MiB. Send less at a time.",
};
