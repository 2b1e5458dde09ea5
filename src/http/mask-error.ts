import { GraphQLError } from "graphql";
import { withoutSecrets } from "./without-secrets.ts";

/** The codes that errors of the API carry; whatever has none of them is translated or masked. */
const PUBLIC_CODES: ReadonlySet<unknown> = new Set([
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "NOT_FOUND",
  "BAD_USER_INPUT",
  "CONFLICT",
  "RATE_LIMITED",
  "LIMIT_EXCEEDED",
  "UNAVAILABLE",
]);

/** The GraphQL server's own codes for requests that are wrong. */
const SERVER_CODES: Readonly<Record<string, string>> = {
  BAD_REQUEST: "BAD_USER_INPUT",
  GRAPHQL_PARSE_FAILED: "BAD_USER_INPUT",
  GRAPHQL_VALIDATION_FAILED: "BAD_USER_INPUT",
  OPERATION_RESOLUTION_FAILURE: "BAD_USER_INPUT",
  REQUEST_ENTITY_TOO_LARGE: "LIMIT_EXCEEDED",
};

/** GraphQL repeats values of variables in its messages; nobody needs more of them than this. */
const MAX_SERVER_MESSAGE = 300;

/** How much of the end stays: the reason comes after the value. */
const MAX_REASON = 200;

/** Messages of our own list names, and repeat no more than a short part of a value. */
const MAX_MESSAGE = 2_000;

/** An error whose message is nobody's business outside. What went wrong is the `cause`, for the log. */
export class InternalError extends GraphQLError {
  constructor(error: unknown) {
    const located = error instanceof GraphQLError ? error : null;
    super("Something went wrong on our side.", {
      nodes: located?.nodes ?? null,
      path: located?.path ?? null,
      extensions: { code: "INTERNAL" },
    });
    this.cause = located?.originalError ?? error;
  }
}

/**
 * Turns whatever was thrown into an error that may leave the process: one with a public code and a short
 * message. An error that was not meant for callers becomes an {@link InternalError}. What is behind either
 * stays with it as its `cause`, for the log.
 */
export function maskError(error: unknown): GraphQLError {
  if (error instanceof InternalError) return error;
  const origin = originOf(error);
  if (!(error instanceof GraphQLError) || !origin) return new InternalError(error);
  const code = publicCodeOf(error, origin);
  if (!code) return new InternalError(error);
  const masked = new GraphQLError(cut(error.message, origin), {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions: { ...extensionsOf(error, origin), code },
  });
  masked.cause = origin.cause;
  return masked;
}

/** The error that was thrown first, if everything around it is a GraphQL error too. */
function originOf(error: unknown): GraphQLError | null {
  if (!(error instanceof GraphQLError)) return null;
  return error.originalError ? originOf(error.originalError) : error;
}

/**
 * GraphQL's own errors carry no code. Those about the request tell where in the document it is wrong;
 * one that only got its place from the field that it came out of is about a value that the field could
 * not return, which is our fault.
 */
function publicCodeOf(error: GraphQLError, origin: GraphQLError): string | null {
  const { code } = origin.extensions;
  if (PUBLIC_CODES.has(code)) return code as string;
  if (typeof code === "string") return SERVER_CODES[code] ?? null;
  const blamed = error.path ? origin : error;
  return blamed.nodes || blamed.source ? "BAD_USER_INPUT" : null;
}

/** What an error of our own says further is for the caller. Of the server's, only the HTTP status is. */
function extensionsOf(error: GraphQLError, origin: GraphQLError): Record<string, unknown> {
  const { code, http } = origin.extensions;
  if (PUBLIC_CODES.has(code)) return { ...origin.extensions, ...error.extensions };
  if (code === "BAD_REQUEST") return { http: { ...(http as object), spec: false } };
  return { http: error.extensions["http"] ?? http ?? { spec: true, status: 400 } };
}

function cut(whole: string, { extensions }: GraphQLError): string {
  const message = withoutSecrets(whole);
  const isOurs = PUBLIC_CODES.has(extensions["code"]);
  const most = isOurs ? MAX_MESSAGE : MAX_SERVER_MESSAGE;
  if (message.length <= most) return message;
  const end = isOurs ? "" : message.slice(-MAX_REASON);
  return `${message.slice(0, most - end.length)}…${end}`;
}
