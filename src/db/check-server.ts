import { escapeIdentifier } from "pg";
import type { Database } from "./database.ts";
import { contactError } from "./server-contact.ts";

/** The first release of each line whose planner statistics tell nothing past row-level security. */
const FIRST_SAFE: Readonly<Record<number, number>> = { 15: 14, 16: 10, 17: 6 };

/** The roles that the migrations need, and requests run under. */
const ROLES = [
  "fieldgate_owner",
  "fieldgate_member",
  "fieldgate_public",
  "fieldgate_visualization",
  "fieldgate_operator",
];

/** PostgreSQL is too old to keep rows apart. */
export class ServerVersionError extends Error {
  override readonly name = "ServerVersionError";
}

/** The login role of the pool cannot do what the server needs of it. The message says what to run. */
export class LoginRoleError extends Error {
  override readonly name = "LoginRoleError";
}

/** What there is to say about the login role of the pool; null: nothing. */
export type LoginWarning = string | null;

interface Server {
  readonly version: number;
  readonly login: string;
  readonly database: string;
  readonly is_superuser: boolean;
  readonly makes_roles: boolean;
  readonly owns_database: boolean;
  /** Those of our roles that are not there. */
  readonly absent: readonly string[];
  /** Those that are there and that the login role cannot become. */
  readonly closed: readonly string[];
  readonly owner_makes_schemas: boolean;
  readonly owner_makes_tables: boolean;
}

/**
 * Checks the server that the pool connects to, by the first statement that is sent to it.
 *
 * @returns What an operator should change about the login role, and what to run for it.
 * @throws {ServerContactError} for one that cannot be asked.
 * @throws {ServerVersionError} for a release whose planner statistics leak rows past row-level security
 *   (CVE-2025-8713) or that lacks what the schema needs.
 * @throws {LoginRoleError} for a login role that can neither become the roles of requests nor make them.
 */
export async function checkServer(database: Database): Promise<LoginWarning> {
  const { kind } = database;
  const [server] = await factsOf(database);
  if (!server) throw new Error("The server does not know its own role.");
  requireSafe(server.version);
  if (kind === "PGlite") return null;
  if (server.is_superuser) return superuserWarning(server);
  requireAble(server);
  return null;
}

async function factsOf({ kind, pool }: Database): Promise<Server[]> {
  try {
    return (await pool.query<Server>(FACTS, [ROLES])).rows;
  } catch (error) {
    throw kind === "PostgreSQL" ? contactError({ pool }, error) : error;
  }
}

const FACTS = `
  SELECT current_setting('server_version_num')::int AS version, l.rolname AS login,
         d.datname AS database, l.rolsuper AS is_superuser, l.rolcreaterole AS makes_roles,
         pg_has_role(l.oid, d.datdba, 'USAGE') AS owns_database,
         ARRAY(SELECT name FROM unnest($1::text[]) WITH ORDINALITY AS ours (name, place)
               WHERE name NOT IN (SELECT rolname FROM pg_roles) ORDER BY place) AS absent,
         ARRAY(SELECT name FROM unnest($1::text[]) WITH ORDINALITY AS ours (name, place)
               JOIN pg_roles r ON r.rolname = name
               WHERE NOT pg_has_role(l.oid, r.oid,
                 CASE WHEN current_setting('server_version_num')::int >= 160000
                      THEN 'SET' ELSE 'MEMBER' END)
               ORDER BY place) AS closed,
         coalesce(has_database_privilege(o.oid, d.oid, 'CREATE'), false) AS owner_makes_schemas,
         coalesce(has_schema_privilege(o.oid, 'public', 'USAGE')
                  AND has_schema_privilege(o.oid, 'public', 'CREATE'), false) AS owner_makes_tables
  FROM pg_roles l
  JOIN pg_database d ON d.datname = current_database()
  LEFT JOIN pg_roles o ON o.rolname = 'fieldgate_owner'
  WHERE l.rolname = current_user`;

function requireSafe(version: number): void {
  const [line, release] = [Math.floor(version / 10_000), version % 10_000];
  const first = FIRST_SAFE[line] ?? (line > 17 ? 0 : Number.POSITIVE_INFINITY);
  if (release >= first) return;
  throw new ServerVersionError(
    `PostgreSQL ${line}.${release} is too old: it can tell of rows that a role may not see. Upgrade to 15.14, 16.10, 17.6, 18 or a later release of one of these lines.`,
  );
}

function superuserWarning({ login }: Server): string {
  return [
    `The login role "${login}" is a superuser. Requests run under roles that are not, but a role that can do less is safer. As superuser, once this server has started:`,
    "  CREATE ROLE fieldgate_login LOGIN NOINHERIT PASSWORD '…';",
    `  GRANT ${ROLES.join(", ")} TO fieldgate_login;`,
    "and put fieldgate_login into DATABASE_URL.",
  ].join("\n");
}

function requireAble(server: Server): void {
  const lacking = [...lackingRoles(server), ...lackingPrivileges(server)];
  if (lacking.length === 0) return;
  throw new LoginRoleError(
    [
      `The login role "${server.login}" cannot become the roles that requests run under, or these cannot make their tables. As superuser, in the database "${server.database}", once:`,
      ...lacking.map((statement) => `  ${statement};`),
    ].join("\n"),
  );
}

/** Whoever makes roles gets by in the first migration without those that are absent. */
function lackingRoles({ login, makes_roles, absent, closed }: Server): string[] {
  const missing = makes_roles ? [] : absent;
  const needed = ROLES.filter((role) => missing.includes(role) || closed.includes(role));
  return [
    ...missing.map((role) => `CREATE ROLE ${role} NOLOGIN NOINHERIT`),
    ...(needed.length > 0 ? [`GRANT ${needed.join(", ")} TO ${escapeIdentifier(login)}`] : []),
  ];
}

/** The owner of the database hands these out in the first migration. */
function lackingPrivileges(server: Server): string[] {
  if (server.owns_database) return [];
  const database = escapeIdentifier(server.database);
  return [
    ...(server.owner_makes_schemas
      ? []
      : [`GRANT CREATE ON DATABASE ${database} TO fieldgate_owner`]),
    ...(server.owner_makes_tables
      ? []
      : ["GRANT USAGE, CREATE ON SCHEMA public TO fieldgate_owner"]),
  ];
}
