import sql from "sql-template-tag";
import type { Database } from "../db/database.ts";
import { inTransaction } from "../db/transaction.ts";
import { createTenant, type NewTenant } from "../domain/tenant/create-tenant.ts";
import { InputError } from "../graphql/errors.ts";
import { print, tell } from "./print.ts";

interface TenantRow {
  readonly id: string;
  readonly slug: string;
  readonly label: string;
}

/** All tenants of the deployment, by slug. */
export async function tenants(database: Database): Promise<TenantRow[]> {
  const operator = { role: "fieldgate_operator", tenantId: null, mode: "snapshot" } as const;
  return await inTransaction(database, operator, (transaction) =>
    transaction.query<TenantRow>(sql`SELECT t.id, t.slug, t.label FROM tenant t ORDER BY t.slug`),
  );
}

/** Makes a tenant and prints the text of its key; nothing else where a script may take it. */
export async function printNewTenant(database: Database, tenant: NewTenant): Promise<void> {
  const { key } = await createTenant(database, tenant);
  process.stdout.write(`${key}\n`);
  tell(`The administrator key of ${tenant.slug}. It is kept nowhere: store it now.`);
}

/** Prints the tenants, a line each. */
export async function listTenants(database: Database): Promise<void> {
  const known = await tenants(database);
  for (const { slug, label } of known) print(`${slug}\t${label.replaceAll(/\s+/g, " ")}\n`);
  if (known.length === 0) tell(NO_TENANT);
}

const NO_TENANT = "There is no tenant yet. Make one with: npx fieldgate tenant create <slug>";

/**
 * The tenant that a command is for: the one with the slug, or the only one.
 *
 * @throws {InputError} naming the tenants that there are.
 */
export async function requireTenant(database: Database, slug?: string): Promise<TenantRow> {
  const known = await tenants(database);
  const found = slug === undefined ? known : known.filter((tenant) => tenant.slug === slug);
  const [tenant] = found;
  if (tenant && found.length === 1) return tenant;
  const names = known.map((one) => one.slug).join(", ");
  if (known.length === 0) {
    throw new InputError(NO_TENANT);
  }
  const why = slug === undefined ? "There are several tenants" : `There is no tenant ${slug}`;
  throw new InputError(`${why}. Name one with --tenant: ${names}.`);
}
