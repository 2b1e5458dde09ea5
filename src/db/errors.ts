import { TooLargeError } from "./too-large-error.ts";

/** What a failed statement means to whoever sent it. */
export type Failure =
  /** Another transaction was in the way; the same work may succeed when done again. */
  | "RETRY"
  /** Two rows would hold the same value of a unique column. */
  | "DUPLICATE"
  /** Something that is referred to is not there, or is still referred to. */
  | "REFERENCE"
  /** A value does not convert to the type of its column. */
  | "CONVERSION"
  /** The PostgreSQL role of the request may not do this: a check above it was missing. */
  | "DENIED"
  /** More was read than an answer may hold. */
  | "TOO_LARGE"
  /** The database is out of reach, full, or took too long. */
  | "UNAVAILABLE";

const BY_SQLSTATE: Readonly<Record<string, Failure>> = {
  "40001": "RETRY",
  "40P01": "RETRY",
  // The dataset's table or view was changed under a snapshot that still named what it was.
  "42P01": "RETRY",
  "42703": "RETRY",
  "23505": "DUPLICATE",
  "23503": "REFERENCE",
  "42501": "DENIED",
  "44000": "DENIED",
  // An index entry is bounded: several long texts in one key pass the bound together.
  "54000": "CONVERSION",
  "55P03": "UNAVAILABLE",
  "57014": "UNAVAILABLE",
  "57P01": "UNAVAILABLE",
  "57P02": "UNAVAILABLE",
  "57P03": "UNAVAILABLE",
  "25P03": "UNAVAILABLE",
  "53300": "UNAVAILABLE",
  EAI_AGAIN: "UNAVAILABLE",
  ECONNREFUSED: "UNAVAILABLE",
  ECONNRESET: "UNAVAILABLE",
  EHOSTUNREACH: "UNAVAILABLE",
  ENETUNREACH: "UNAVAILABLE",
  ENOTFOUND: "UNAVAILABLE",
  EPIPE: "UNAVAILABLE",
  ETIMEDOUT: "UNAVAILABLE",
};

/** Prisma's own codes for the same failures. */
const BY_PRISMA: Readonly<Record<string, Failure>> = {
  P2034: "RETRY",
  P2002: "DUPLICATE",
  P2003: "REFERENCE",
};

/** What the driver says, without a code, when its connection broke or none came about. */
const DISCONNECTED: ReadonlySet<string> = new Set([
  "Connection terminated",
  "Connection terminated unexpectedly",
  "Connection terminated due to connection timeout",
  "Client has encountered a connection error and is not queryable",
  "Client was closed and is not queryable",
  "Cannot use a pool after calling end on the pool",
  "timeout expired",
  "timeout exceeded when trying to connect",
]);

/**
 * Sorts an error of the database into the few kinds that code may act upon; null for any other error.
 *
 * The text of a database error never leaves the process: it names tables, columns and values.
 */
export function failureOf(error: unknown): Failure | null {
  if (error instanceof TooLargeError) return "TOO_LARGE";
  const code = sqlState(error);
  if (code === null) return isDisconnected(error) ? "UNAVAILABLE" : null;
  if (code.startsWith("22")) return "CONVERSION";
  if (code.startsWith("08") || code.startsWith("53")) return "UNAVAILABLE";
  return BY_SQLSTATE[code] ?? BY_PRISMA[code] ?? null;
}

/** The SQLSTATE of an error, looked for through the wrapping of Prisma and its driver adapter. */
export function sqlState(error: unknown): string | null {
  if (typeof error !== "object" || error === null) return null;
  const { code, originalCode, cause, meta } = error as Record<string, unknown>;
  if (typeof originalCode === "string") return originalCode;
  const wrapped =
    sqlState(cause) ?? sqlState((meta as Record<string, unknown> | null)?.["driverAdapterError"]);
  return wrapped ?? (typeof code === "string" ? code : null);
}

function isDisconnected(error: unknown): boolean {
  return error instanceof Error && (DISCONNECTED.has(error.message) || isDisconnected(error.cause));
}
