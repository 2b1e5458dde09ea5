import sql from "sql-template-tag";
import type { Context } from "../graphql/context.ts";
import { ConflictError } from "../graphql/errors.ts";

/** A key or user that holds `administrator` and may write. */
interface Holder {
  readonly id: string;
  /** Whether it is accepted now: of a user, whether it can log in. */
  readonly acts: boolean;
  /** Whether no passing of time ends that. */
  readonly lasts: boolean;
}

/**
 * Refuses to lose the last key or user by which the tenant can always be administered: they hold `administrator`, may
 * write, and no passing of time ends them. A user counts that can log in. Where there is none of them, the last one by
 * which it can be administered today is kept, and one that could be made to be such again.
 *
 * Whoever changes keys or users changes rights, so that of two who each would leave one to the other only one commits,
 * and the second sees what the first has left.
 *
 * @param id The UUID of the key or user that is about to be lost.
 * @param instead What can be done besides making another.
 * @throws {ConflictError} when it holds `administrator`, and no other is left that is as good.
 */
export async function requireAnotherAdministrator(
  context: Context,
  id: string,
  instead = "",
): Promise<void> {
  const holders = await administratorsOf(context);
  const lost = holders.find((holder) => holder.id === id);
  if (!lost) return;
  const others = holders.filter((holder) => holder.id !== id);
  if (others.some(({ acts, lasts }) => (lost.lasts ? lasts : acts))) return;
  throw new ConflictError(
    `This is the last key or user that holds administrator, may write and never expires.${instead} Make another one first; where the tenant limits how long keys last, on the command line.`,
  );
}

/** What was revoked or deleted, or has expired, holds nothing any more. */
async function administratorsOf({ transaction, tenant, now }: Context): Promise<Holder[]> {
  // Asked for first: PostgreSQL knows then that few hold it, and does not read who holds other roles.
  const [role] = await transaction.query<{ id: string }>(sql`
    SELECT r.id FROM role r WHERE r.tenant_id = ${tenant?.id}::uuid AND r.built_in = 'ADMINISTRATOR'`);
  return await transaction.query<Holder>(sql`
    SELECT k.id, true AS acts, k.expires_at IS NULL AS lasts FROM api_key k
    JOIN key_role kr ON kr.tenant_id = k.tenant_id AND kr.key_id = k.id AND kr.role_id = ${role?.id}::uuid
    WHERE k.tenant_id = ${tenant?.id}::uuid
      AND k.revoked_at IS NULL AND coalesce(k.expires_at > ${now}::timestamptz, true) AND NOT k.publishable
    UNION ALL
    SELECT u.id, login.is_possible, login.is_possible FROM app_user u
    JOIN user_role ur ON ur.tenant_id = u.tenant_id AND ur.user_id = u.id AND ur.role_id = ${role?.id}::uuid
    JOIN tenant t ON t.id = u.tenant_id
    CROSS JOIN LATERAL (
      SELECT u.password_hash IS NOT NULL AND t.system_secret_hash IS NOT NULL AS is_possible) login
    WHERE u.tenant_id = ${tenant?.id}::uuid AND u.deleted_at IS NULL`);
}
