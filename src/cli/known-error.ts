import { ConfigError } from "../config.ts";
import { LoginRoleError, ServerVersionError } from "../db/check-server.ts";
import { DataFolderError } from "../db/embedded/data-folder.ts";
import { failureOf } from "../db/errors.ts";
import { MigrationError } from "../db/migrate.ts";
import { ImportError } from "../domain/import/import-error.ts";
import { PublicError } from "../graphql/errors.ts";
import { ListenError } from "../http/server.ts";

/** Errors whose message says what to do, so that nobody needs to see where they were thrown. */
const KNOWN = [
  ConfigError,
  DataFolderError,
  ImportError,
  ListenError,
  LoginRoleError,
  MigrationError,
  PublicError,
  ServerVersionError,
];

/** PostgreSQL is not there at all. */
const UNREACHED: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
]);

/** PostgreSQL is there and does not know the role, its password or the database. */
const REFUSED: ReadonlySet<string> = new Set(["28P01", "28000", "3D000"]);

/** What to tell whoever started the program; null for an error that only its stack explains. */
export function wordsOf(error: unknown): string | null {
  if (KNOWN.some((kind) => error instanceof kind)) return (error as Error).message;
  const { code = "", message, address = "" } = error as Partial<Record<string, string>>;
  if (address.endsWith("/socket")) return LEAVING;
  const isSilent = code === "" && /timeout/.test(message ?? "");
  if (isSilent || UNREACHED.has(code)) {
    return `PostgreSQL is not reached (${code || message}). Check that it runs and that DATABASE_URL names its host and port.`;
  }
  if (REFUSED.has(code)) {
    return `PostgreSQL refuses the connection: ${message}. Check the role, password and database in DATABASE_URL.`;
  }
  return failureOf(error) === "UNAVAILABLE" ? `The database gave up: ${message}. ${AGAIN}` : null;
}

const AGAIN = "What was under way is not kept. Try again.";

const LEAVING = `The process that holds the data folder starts or stops just now. ${AGAIN}`;

/** Ends the program with what went wrong. */
export function fail(error: unknown): void {
  process.exitCode = 1;
  process.stderr.write(`${wordsOf(error) ?? stackOf(error)}\n`);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
