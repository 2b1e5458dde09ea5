import type { Database } from "./database.ts";

/** The first release of each line whose planner statistics tell nothing past row-level security. */
const FIRST_SAFE: Readonly<Record<number, number>> = { 15: 14, 16: 10, 17: 6 };

/** PostgreSQL is too old to keep rows apart. */
export class ServerVersionError extends Error {
  override readonly name = "ServerVersionError";
}

/** What there is to say about the login role of the pool; null: nothing. */
export type LoginWarning = string | null;

/**
 * Checks the server that the pool connects to.
 *
 * @returns What an operator should change about the login role, and what to run for it.
 * @throws {ServerVersionError} for a release whose planner statistics leak rows past row-level security
 *   (CVE-2025-8713) or that lacks what the schema needs.
 */
export async function checkServer({ kind, pool }: Database): Promise<LoginWarning> {
  const { rows } = await pool.query<{ version: number; login: string; is_superuser: boolean }>(
    `SELECT current_setting('server_version_num')::int AS version, current_user AS login,
            rolsuper AS is_superuser
     FROM pg_roles WHERE rolname = current_user`,
  );
  const [server] = rows;
  if (!server) throw new Error("The server does not know its own role.");
  requireSafe(server.version);
  const isOurs = kind === "PGlite";
  return server.is_superuser && !isOurs ? superuserWarning(server.login) : null;
}

function requireSafe(version: number): void {
  const [line, release] = [Math.floor(version / 10_000), version % 10_000];
  const first = FIRST_SAFE[line] ?? (line > 17 ? 0 : Number.POSITIVE_INFINITY);
  if (release >= first) return;
  throw new ServerVersionError(
    `PostgreSQL ${line}.${release} is too old: it can tell of rows that a role may not see. Upgrade to 15.14, 16.10, 17.6, 18 or a later release of one of these lines.`,
  );
}

function superuserWarning(login: string): string {
  return [
    `The login role "${login}" is a superuser. Requests run under roles that are not, but a role that can do less is safer. As superuser, once:`,
    `  CREATE ROLE fieldgate_login LOGIN NOINHERIT PASSWORD '…';`,
    `  GRANT fieldgate_owner, fieldgate_member, fieldgate_public, fieldgate_visualization, fieldgate_operator TO fieldgate_login;`,
    `and put fieldgate_login into DATABASE_URL.`,
  ].join("\n");
}
