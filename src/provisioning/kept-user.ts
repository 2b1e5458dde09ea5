import sql from "sql-template-tag";
import { attributesInFilters } from "../access/user-attributes.ts";
import type { Principal } from "../authz/principal.ts";
import type { Database } from "../db/database.ts";
import { encodeId, newUuid } from "../db/id.ts";
import { holdRights, lockRights } from "../db/rights-lock.ts";
import { inTransaction, type Transaction } from "../db/transaction.ts";
import { writeEvents } from "../events/write-events.ts";
import { retried } from "../graphql/retried.ts";
import type { PresentedJwt } from "../identity/credential.ts";
import { TrustMovedError } from "../identity/outside/identify-outside.ts";
import type { OutsideIdentity } from "../identity/jwt/outside-identity.ts";
import { type KnownOutside, type KnownUser, readKnown, type Trust } from "./known-outside.ts";
import { grantsSame, isSame, type Profile, profileOf, UNKNOWN } from "./outside-profile.ts";

/** Where and when users are written, and from which address they come. */
export interface WritingParts {
  readonly database: Database;
  readonly now: Date;
  readonly ip: string | null;
}

/** A JWT that was verified, and what its tenant knows. */
export interface Verified {
  readonly jwt: PresentedJwt;
  readonly known: KnownOutside;
  readonly trust: Trust;
  readonly identity: OutsideIdentity;
}

/**
 * The UUID of the user of an outside identity, which is registered if it is new. What the identity says otherwise than
 * before is kept. Where it says the same nothing is written but when that was said; where something later was said
 * before, nothing at all.
 *
 * @throws {TrustMovedError} where the issuer was changed or distrusted meanwhile.
 */
export async function keptUser(verified: Verified, parts: WritingParts): Promise<string> {
  const { user, tenantId } = verified.known;
  const isKept = user !== null && isSame(user, profileNow(verified, user));
  if (isKept && !isLater(verified, user)) return user.id;
  const reach = { role: "fieldgate_member", tenantId, mode: "write" } as const;
  return await retried(() =>
    inTransaction(parts.database, reach, async (transaction) => {
      const writing = { ...parts, transaction, tenantId };
      if (!user) return await registered(verified, writing);
      await (isKept ? said(verified, user, writing) : updated(verified, writing));
      return user.id;
    }),
  );
}

function profileBy({ known, trust, identity }: Verified, before: Profile): Profile {
  const { definitions } = known;
  return profileOf(identity, { mapping: trust.claims, definitions, before });
}

/** What is known of a user by its newest JWT: an older one, still valid, does not bring back what was taken away. */
function profileNow(verified: Verified, user: KnownUser): Profile {
  const { claimedAt } = user;
  const isOutdated = claimedAt !== null && verified.identity.issuedAt < new Date(claimedAt);
  return isOutdated ? user : profileBy(verified, user);
}

function isLater({ identity }: Verified, { claimedAt }: KnownUser): boolean {
  return claimedAt === null || identity.issuedAt > new Date(claimedAt);
}

interface Writing extends WritingParts {
  readonly transaction: Transaction;
  readonly tenantId: string;
}

/** Remembers that what is known was said again. */
async function said(
  { identity }: Verified,
  { id }: KnownUser,
  { transaction, tenantId }: Writing,
): Promise<void> {
  await transaction.query(sql`
    UPDATE app_user SET claimed_at = greatest(claimed_at, ${identity.issuedAt})
    WHERE tenant_id = ${tenantId}::uuid AND id = ${id}::uuid`);
}

/**
 * What is known by now, under a lock of the tenant's rights.
 *
 * @throws {TrustMovedError} where that is another trust: by it the identity is to be verified anew.
 */
async function knownByNow({ jwt, trust }: Verified, writing: Writing): Promise<KnownOutside> {
  const { transaction, tenantId } = writing;
  const known = await readKnown(transaction, jwt);
  if (known?.trust?.revision === trust.revision) return known;
  const refusal = { tenantId, target: null, reason: "JWT_ISSUER" } as const;
  throw new TrustMovedError("The issuer was changed or distrusted.", refusal);
}

/** Of many first requests at once, one registers the user; the others wait for it and find it. */
async function registered(verified: Verified, writing: Writing): Promise<string> {
  const { transaction, tenantId, now } = writing;
  // Neither is the issuer distrusted meanwhile, nor are other attributes known of users.
  await lockRights(transaction, "keep");
  const known = await knownByNow(verified, writing);
  const { issuer } = verified.trust;
  const { subject, issuedAt } = verified.identity;
  const profile = profileBy({ ...verified, known }, UNKNOWN);
  const id = newUuid();
  const by = encodeId("User", id);
  const made = await transaction.query(sql`
    INSERT INTO app_user (tenant_id, id, issuer, subject, claimed_at, email, email_verified, first_name, last_name,
                          organization, attributes, created_at, created_by, updated_at, updated_by)
    VALUES (${tenantId}::uuid, ${id}::uuid, ${issuer}, ${subject}, ${issuedAt}, ${profile.email},
            ${profile.emailVerified}, ${profile.firstName}, ${profile.lastName}, ${profile.organization},
            ${JSON.stringify(profile.attributes)}::jsonb, ${now}, ${by}, ${now}, ${by})
    ON CONFLICT (tenant_id, issuer, subject) DO NOTHING
    RETURNING id`);
  if (made.length === 1) {
    await writeOwnEvent("system::register_user", { ...profile, id }, writing);
    return id;
  }
  const [found] = await transaction.query<{ id: string }>(sql`
    SELECT u.id FROM app_user u
    WHERE u.tenant_id = ${tenantId}::uuid AND u.issuer = ${issuer} AND u.subject = ${subject}`);
  if (!found) throw new Error("A user that is in the way of another can be found.");
  return found.id;
}

/**
 * Writes what is said otherwise than it is known by now: under the lock of the tenant's rights, since row filters can
 * name it, and nothing is to commit by what was.
 */
async function updated(verified: Verified, writing: Writing): Promise<void> {
  const { transaction, tenantId, now } = writing;
  await lockRights(transaction, "change");
  const known = await knownByNow(verified, writing);
  const { user } = known;
  // Whoever was deleted is not accepted.
  if (!user || user.isDeleted) return;
  const profile = profileNow({ ...verified, known }, user);
  if (isSame(user, profile)) return;
  await transaction.query(sql`
    UPDATE app_user SET
      claimed_at = ${verified.identity.issuedAt},
      email = ${profile.email}, email_verified = ${profile.emailVerified},
      first_name = ${profile.firstName}, last_name = ${profile.lastName},
      organization = ${profile.organization}, attributes = ${JSON.stringify(profile.attributes)}::jsonb,
      updated_at = ${now}, updated_by = ${encodeId("User", user.id)}
    WHERE tenant_id = ${tenantId}::uuid AND id = ${user.id}::uuid`);
  await writeOwnEvent("system::update_user", { ...profile, id: user.id }, writing);
  const named = await attributesInFilters(transaction, tenantId);
  if (!grantsSame(user, profile, named)) await moveRights(transaction, tenantId);
}

async function moveRights(transaction: Transaction, tenantId: string): Promise<void> {
  const [tenant] = await transaction.query<{ version: string }>(sql`
    SELECT t.rights_version::text AS version FROM tenant t WHERE t.id = ${tenantId}::uuid`);
  const isMoved = await holdRights(transaction, tenant?.version ?? null, true);
  if (!isMoved) throw new Error("The rights moved although they were locked.");
}

async function writeOwnEvent(
  name: string,
  { id, firstName, lastName }: Pick<KnownUser, "id" | "firstName" | "lastName">,
  { transaction, tenantId, now, ip }: Writing,
): Promise<void> {
  const target = encodeId("User", id);
  const called = `${firstName} ${lastName}`.trim();
  const principal: Principal = { kind: "SESSION", tenantId, id: target, name: called || target };
  const event = { name, outcome: "ALLOWED", target, reason: null } as const;
  await writeEvents(transaction, tenantId, [{ ...event, principal, at: now, ip, count: 1 }]);
}
