import { escapeIdentifier } from "pg";
import type { Database } from "./database.ts";

/** PostgreSQL could not be asked for the first time. The message says what to do about it. */
export class ServerContactError extends Error {
  override readonly name = "ServerContactError";
}

/** PostgreSQL is not there at all. */
const UNREACHED: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
]);

/** SQLSTATE of a database that is not there. */
const NO_DATABASE = "3D000";

/** SQLSTATE of a role or password that is not accepted. */
const REFUSED: ReadonlySet<string> = new Set(["28P01", "28000"]);

/** What went wrong when PostgreSQL was first asked, in the words of whoever wrote DATABASE_URL. */
export function contactError({ pool }: Pick<Database, "pool">, cause: unknown): ServerContactError {
  const { code = "", message = "" } = cause as Partial<Record<string, string>>;
  const place = placeOf(pool.options.connectionString);
  return new ServerContactError(wordsOf({ code, message, ...place }), { cause });
}

interface Contact {
  readonly code: string;
  readonly message: string;
  readonly host: string;
  readonly database: string;
}

function wordsOf({ code, message, host, database }: Contact): string {
  if (UNREACHED.has(code)) {
    return `PostgreSQL is not reached at ${host} (${code}). Check that it runs and that DATABASE_URL names its host and port.`;
  }
  if (/timeout/.test(message)) {
    return `Nothing at ${host} answers as PostgreSQL does (${message}). Check that DATABASE_URL names its host and port, and that nothing stands between.`;
  }
  if (code === NO_DATABASE) {
    return `PostgreSQL at ${host} has no database ${database}. Make it there with CREATE DATABASE ${escapeIdentifier(database)}; or name another in DATABASE_URL.`;
  }
  if (REFUSED.has(code) || /password/.test(message)) {
    return `PostgreSQL at ${host} refuses the connection: ${message}. Check the role and password in DATABASE_URL.`;
  }
  if (/^[0-9A-Z]{5}$/.test(code)) {
    return `PostgreSQL at ${host} refuses the connection: ${message}. Try again, or change DATABASE_URL.`;
  }
  return `What listens at ${host} does not answer as PostgreSQL should (${message}). Check the host, port and sslmode in DATABASE_URL.`;
}

/**
 * Where a URL leads; of its user and password nothing. With an `@` behind the host the password was cut in
 * two, and what looks like a host is a part of it.
 */
function placeOf(url = ""): { host: string; database: string } {
  const place = URL.canParse(url) ? new URL(url) : null;
  const { host = "", pathname = "", search = "", hash = "", username = "" } = place ?? {};
  if (`${pathname}${search}${hash}`.includes("@")) {
    return {
      host: "the host of DATABASE_URL, whose password has to be percent-encoded",
      database: "",
    };
  }
  return { host: host || "localhost", database: decoded(pathname.slice(1) || username) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
