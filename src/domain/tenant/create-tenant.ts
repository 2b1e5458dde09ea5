import { randomBytes } from "node:crypto";
import sql from "sql-template-tag";
import { OPERATOR_SIGNATURE, operatorOf } from "../../authz/principal.ts";
import { type BuiltIn, LOOKING, OF_EVERY_USER } from "../../authz/role.ts";
import type { Database } from "../../db/database.ts";
import { encodeId, newUuid } from "../../db/id.ts";
import { enterTenant, inTransaction, type Transaction } from "../../db/transaction.ts";
import { writeEvents } from "../../events/write-events.ts";
import { ConflictError } from "../../graphql/errors.ts";
import {
  LONGEST,
  nameFaults,
  refuseFaults,
  storedText,
  textFaults,
} from "../../graphql/input-text.ts";
import { newKeyText } from "../../identity/secret/key-text.ts";

/** What a tenant is called: by requests, and by people. */
export interface NewTenant {
  readonly slug: string;
  /** The slug where none is given. */
  readonly label?: string;
}

/** A tenant that was made, and the text of its first key, which is nowhere else. */
export interface CreatedTenant {
  readonly tenantId: string;
  readonly keyId: string;
  readonly key: string;
}

/** What each built-in role of a new tenant may call; `administrator` needs no list. */
const BUILT_IN: readonly { name: string; builtIn: BuiltIn; permissions: readonly string[] }[] = [
  { name: "anonymous", builtIn: "ANONYMOUS", permissions: LOOKING },
  {
    name: "authenticated",
    builtIn: "AUTHENTICATED",
    permissions: OF_EVERY_USER,
  },
  { name: "administrator", builtIn: "ADMINISTRATOR", permissions: [] },
];

/**
 * Makes a tenant with its built-in roles and a first administrator key, all at once.
 *
 * @throws {InputError} for a slug or label that is none.
 * @throws {ConflictError} for a slug that is taken.
 */
export async function createTenant(
  database: Database,
  { slug, label = slug }: NewTenant,
): Promise<CreatedTenant> {
  refuseFaults([
    ...nameFaults("slug", slug),
    ...textFaults("label", label, { least: 1, most: LONGEST.label }),
  ]);
  const operator = { role: "fieldgate_operator", tenantId: null, mode: "write" } as const;
  return await inTransaction(database, operator, async (transaction) => {
    const tenantId = newUuid();
    await insertTenant(transaction, { tenantId, slug, label: storedText(label) });
    await enterTenant(transaction, tenantId);
    const administratorId = await insertBuiltInRoles(transaction, tenantId);
    const key = await insertFirstKey(transaction, tenantId, administratorId);
    await writeFirstEvent(transaction, tenantId);
    return { tenantId, ...key };
  });
}

async function insertTenant(
  transaction: Transaction,
  { tenantId, slug, label }: { tenantId: string; slug: string; label: string },
): Promise<void> {
  const made = await transaction.query(sql`
    INSERT INTO tenant (id, slug, label, cursor_key)
    VALUES (${tenantId}::uuid, ${slug}, ${label}, ${randomBytes(32)})
    ON CONFLICT (slug) DO NOTHING
    RETURNING id`);
  if (made.length === 0) throw new ConflictError(`The slug ${slug} is taken. Choose another.`);
}

/** @returns The id of the role `administrator`. */
async function insertBuiltInRoles(transaction: Transaction, tenantId: string): Promise<string> {
  const roles = BUILT_IN.map((role) => ({ ...role, id: newUuid() }));
  const [administrator] = await transaction.query<{ id: string }>(sql`
    WITH made AS (
      INSERT INTO role (tenant_id, id, name, built_in, permissions)
      SELECT ${tenantId}::uuid, r.id, r.name, r."builtIn", r.permissions
      FROM json_to_recordset(${JSON.stringify(roles)}::json)
        AS r (id uuid, name text, "builtIn" built_in, permissions text[])
      RETURNING id, built_in)
    SELECT id FROM made WHERE built_in = 'ADMINISTRATOR'`);
  if (!administrator) throw new Error("The built-in roles were not made.");
  return administrator.id;
}

async function insertFirstKey(transaction: Transaction, tenantId: string, roleId: string) {
  const keyId = newUuid();
  const { text, hash } = newKeyText(tenantId, keyId);
  await transaction.query(sql`
    WITH made AS (
      INSERT INTO api_key (tenant_id, id, name, secret_hash, created_by)
      VALUES (${tenantId}::uuid, ${keyId}::uuid, 'administrator', ${hash}, ${OPERATOR_SIGNATURE})
      RETURNING tenant_id, id)
    INSERT INTO key_role (tenant_id, key_id, role_id)
    SELECT tenant_id, id, ${roleId}::uuid FROM made`);
  return { keyId, key: text };
}

async function writeFirstEvent(transaction: Transaction, tenantId: string): Promise<void> {
  await writeEvents(transaction, tenantId, [
    {
      name: "system::create_tenant",
      outcome: "ALLOWED",
      principal: operatorOf(tenantId),
      target: encodeId("Tenant", tenantId),
      reason: null,
      at: new Date(),
      ip: null,
      count: 1,
    },
  ]);
}
