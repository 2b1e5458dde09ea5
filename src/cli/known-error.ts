import { ConfigError } from "../config.ts";
import { LoginRoleError, ServerVersionError } from "../db/check-server.ts";
import { DataFolderError } from "../db/embedded/data-folder.ts";
import { failureOf } from "../db/errors.ts";
import { MigrationError } from "../db/migrate.ts";
import { ServerContactError } from "../db/server-contact.ts";
import { ImportError } from "../records/import-error.ts";
import { PublicError } from "../graphql/errors.ts";
import { ListenError } from "../http/server.ts";
import { ExportError } from "./output-file.ts";
import { printError } from "./print.ts";

/** Errors whose message says what to do, so that nobody needs to see where they were thrown. */
const KNOWN = [
  ConfigError,
  DataFolderError,
  ExportError,
  ImportError,
  ListenError,
  LoginRoleError,
  MigrationError,
  PublicError,
  ServerContactError,
  ServerVersionError,
];

/** What to tell whoever started the program; null for an error that only its stack explains. */
export function wordsOf(error: unknown): string | null {
  if (KNOWN.some((kind) => error instanceof kind)) return (error as Error).message;
  const { code = "", message = "", address = "" } = error as Partial<Record<string, string>>;
  if (address.endsWith("/socket")) return LEAVING;
  if (failureOf(error) !== "UNAVAILABLE") return null;
  return `The database gave up: ${message || code}. ${AGAIN}`;
}

const AGAIN = "What was under way is not kept. Try again.";

const LEAVING = `The process that holds the data folder starts or stops just now. ${AGAIN}`;

/** How long the program may take to end by itself, in milliseconds. */
const GRACE_MS = 2_000;

/** Ends the program with what went wrong, also where a connection to who knows what is still open. */
export function fail(error: unknown): void {
  process.exitCode = 1;
  printError(`${wordsOf(error) ?? stackOf(error)}\n`);
  setTimeout(() => process.exit(), GRACE_MS).unref();
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
