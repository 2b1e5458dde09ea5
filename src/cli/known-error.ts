import { ConfigError } from "../config.ts";
import { ServerVersionError } from "../db/check-server.ts";
import { DataFolderError } from "../db/embedded/data-folder.ts";
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
  MigrationError,
  PublicError,
  ServerVersionError,
];

/** What to tell whoever started the program; null for an error that only its stack explains. */
export function wordsOf(error: unknown): string | null {
  if (KNOWN.some((kind) => error instanceof kind)) return (error as Error).message;
  const { code, message } = error as { code?: string; message?: string };
  if (code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "ETIMEDOUT") {
    return `PostgreSQL is not reached (${code}). Check that it runs and that DATABASE_URL names its host and port.`;
  }
  if (code === "28P01" || code === "28000" || code === "3D000") {
    return `PostgreSQL refuses the connection: ${message}. Check the role, password and database in DATABASE_URL.`;
  }
  return null;
}

/** Ends the program with what went wrong. */
export function fail(error: unknown): void {
  process.exitCode = 1;
  process.stderr.write(`${wordsOf(error) ?? stackOf(error)}\n`);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
