import sql from "sql-template-tag";
import type { AttributeDefinition } from "../access/user-attributes.ts";
import type { Database } from "../db/database.ts";
import { inTransaction, type Transaction } from "../db/transaction.ts";
import type { PresentedJwt } from "../identity/credential.ts";
import type { TrustedIssuer } from "../identity/jwt/trusted-issuer.ts";
import type { Profile } from "./outside-profile.ts";

/** How a tenant trusts an issuer at a moment. */
export interface Trust extends TrustedIssuer {
  readonly revision: string;
}

/** A user that was found by an outside identity before. */
export interface KnownUser extends Profile {
  readonly id: string;
  readonly subject: string;
  readonly isDeleted: boolean;
  /** The `iat` of the JWT by which it was last written, as ISO 8601; null where none is known. */
  readonly claimedAt: string | null;
}

/** What a tenant knows of whom a JWT says to be from, of and for. */
export interface KnownOutside {
  readonly tenantId: string;
  readonly definitions: readonly AttributeDefinition[];
  /** Null where the tenant does not trust the issuer, or not with any of the audiences. */
  readonly trust: Trust | null;
  /** Whether the tenant trusts the issuer, be it with another audience. */
  readonly isIssuerTrusted: boolean;
  readonly user: KnownUser | null;
}

/**
 * Looks up, by what a JWT says unproved, what it is to be proved by, in a short transaction; null where no tenant is
 * meant. Of several audiences that the issuer is trusted with, the one that was trusted first counts.
 *
 * @param tenantSlug The tenant that the request names; null: the only one that there is.
 */
export async function knownOutside(
  jwt: PresentedJwt,
  tenantSlug: string | null,
  database: Database,
): Promise<KnownOutside | null> {
  const reach = { role: "fieldgate_member", tenantId: null, mode: "snapshot" } as const;
  return await inTransaction(database, reach, async (transaction) => {
    await transaction.query(
      sql`SELECT set_config('fieldgate.tenant', coalesce(fieldgate.find_tenant(${tenantSlug})::text, ''), true)`,
    );
    return await readKnown(transaction, jwt);
  });
}

/** The same in the tenant of the transaction; null where it has none. */
export async function readKnown(
  transaction: Transaction,
  { issuer, subject, audiences }: PresentedJwt,
): Promise<KnownOutside | null> {
  const [known] = await transaction.query<KnownOutside>(
    sql`
      SELECT t.id AS "tenantId", t.user_attributes AS definitions,
        EXISTS (SELECT FROM trusted_issuer o
                WHERE o.tenant_id = t.id AND o.issuer = ${issuer}) AS "isIssuerTrusted",
        (SELECT json_build_object(
            'issuer', i.issuer, 'audience', i.audience, 'jwksUrl', i.jwks_url, 'algorithms', i.algorithms,
            'maxTokenAge', i.max_token_age, 'claims', i.claims, 'revision', i.revision)
         FROM trusted_issuer i
         WHERE i.tenant_id = t.id AND i.issuer = ${issuer} AND i.audience = ANY (${audiences}::text[])
         ORDER BY i.id LIMIT 1) AS trust,
        (SELECT json_build_object(
            'id', u.id, 'subject', u.subject, 'isDeleted', u.deleted_at IS NOT NULL, 'claimedAt', u.claimed_at,
            'email', u.email, 'emailVerified', u.email_verified, 'firstName', u.first_name,
            'lastName', u.last_name, 'organization', u.organization, 'attributes', u.attributes)
         FROM app_user u
         WHERE u.tenant_id = t.id AND u.issuer = ${issuer} AND u.subject = ${subject}) AS "user"
      FROM tenant t WHERE t.id = (SELECT fieldgate.current_tenant())`,
    "known outside",
  );
  return known ?? null;
}
