import sql from "sql-template-tag";
import { forget } from "../db/forget.ts";
import { encodeId, newUuid } from "../db/id.ts";
import type { Context } from "../graphql/context.ts";
import { NotFoundError } from "../graphql/errors.ts";
import { oneTimeTexts } from "../identity/secret/secret-texts.ts";

/** What a token proves, and for how long it is accepted, in milliseconds. */
const LASTS_MS = { PASSWORD: 60 * 60 * 1_000, EMAIL: 7 * 24 * 60 * 60 * 1_000 } as const;

const MESSAGES = { PASSWORD: "RESET_PASSWORD", EMAIL: "VERIFY_EMAIL" } as const;

/** Who reads what is sent to an address. */
export interface Addressee {
  readonly kind: keyof typeof LASTS_MS;
  /** The UUID of the user. */
  readonly userId: string;
  readonly email: string;
}

/**
 * Makes a token in place of the one before, and has it sent when the transaction has committed. Of those that nobody
 * used in time it forgets some.
 */
export async function sendOneTimeToken(
  context: Context,
  { kind, userId, email }: Addressee,
): Promise<void> {
  const { transaction, tenant, now } = context;
  if (!tenant) throw new NotFoundError("user");
  const id = newUuid();
  const { text, hash } = oneTimeTexts.create({ tenantId: tenant.id, id });
  const expiresAt = new Date(now.getTime() + LASTS_MS[kind]);
  await transaction.query(sql`
    INSERT INTO one_time_token (tenant_id, id, user_id, kind, secret_hash, email, expires_at)
    VALUES (${tenant.id}::uuid, ${id}::uuid, ${userId}::uuid, ${kind}::one_time_token_kind, ${hash},
            ${email}, ${expiresAt})
    ON CONFLICT (tenant_id, user_id, kind) DO UPDATE SET
      id = excluded.id, secret_hash = excluded.secret_hash, email = excluded.email,
      expires_at = excluded.expires_at`);
  context.deliver({
    kind: MESSAGES[kind],
    tenant: tenant.slug,
    userId: encodeId("User", userId),
    email,
    token: text,
    expiresAt,
  });
  const expired = { table: "one_time_token", by: "expires_at", until: now } as const;
  await forget(transaction, { ...expired, tenantId: tenant.id });
}

/** A token that was found by its text, and is accepted. */
export interface FoundToken {
  readonly id: string;
  readonly user_id: string;
  /** The address that it was sent to. */
  readonly email: string;
}

/**
 * Finds a token by its text, and locks it with its user, as who changes the user does; null for one that is unknown,
 * used, expired or of another kind or tenant.
 */
export async function findOneTimeToken(
  { transaction, tenant, now }: Context,
  kind: Addressee["kind"],
  text: string,
): Promise<FoundToken | null> {
  const presented = oneTimeTexts.parse(text);
  if (!presented || presented.tenantId !== tenant?.id) return null;
  const [found] = await transaction.query<FoundToken>(sql`
    SELECT o.id, o.user_id, o.email FROM one_time_token o
    JOIN app_user u ON u.tenant_id = o.tenant_id AND u.id = o.user_id AND u.deleted_at IS NULL
    WHERE o.tenant_id = ${tenant.id}::uuid AND o.id = ${presented.id}::uuid
      AND o.kind = ${kind}::one_time_token_kind AND o.secret_hash = ${presented.hash}
      AND o.expires_at > ${now}
    FOR UPDATE OF u, o`);
  return found ?? null;
}

/** Uses up every token of a user: what was asked for before is not to be had afterwards. */
export async function useUpAllTokens(context: Context, userId: string): Promise<void> {
  await useUpTokens(context, { kind: "PASSWORD", userId });
  await useUpTokens(context, { kind: "EMAIL", userId });
}

/** Uses up every token of a user of one kind. */
export async function useUpTokens(
  { transaction, tenant }: Context,
  { kind, userId }: Omit<Addressee, "email">,
): Promise<void> {
  await transaction.query(sql`
    DELETE FROM one_time_token
    WHERE tenant_id = ${tenant?.id}::uuid AND user_id = ${userId}::uuid
      AND kind = ${kind}::one_time_token_kind`);
}
