import sql from "sql-template-tag";
import type { Context } from "../graphql/context.ts";
import { ConflictError } from "../graphql/errors.ts";

/**
 * Refuses to lose the last key or user by which the tenant can always be administered: they hold `administrator`, may
 * write, and no passing of time ends them. A user counts that can log in.
 *
 * Whoever changes keys or users changes rights, so that of two who each would leave one to the other only one commits,
 * and the second sees what the first has left.
 *
 * @param id The UUID of the key or user that is about to be lost.
 * @throws {ConflictError} when no other such is left.
 */
export async function requireAnotherAdministrator(
  { transaction, tenant }: Context,
  id: string,
): Promise<void> {
  const lasting = await transaction.query<{ id: string }>(sql`
    SELECT k.id FROM api_key k
    JOIN key_role kr ON kr.tenant_id = k.tenant_id AND kr.key_id = k.id
    JOIN role r ON r.tenant_id = kr.tenant_id AND r.id = kr.role_id
    WHERE k.tenant_id = ${tenant?.id}::uuid AND r.built_in = 'ADMINISTRATOR'
      AND k.revoked_at IS NULL AND k.expires_at IS NULL AND NOT k.publishable
    UNION ALL
    SELECT u.id FROM app_user u
    JOIN user_role ur ON ur.tenant_id = u.tenant_id AND ur.user_id = u.id
    JOIN role r ON r.tenant_id = ur.tenant_id AND r.id = ur.role_id
    JOIN tenant t ON t.id = u.tenant_id AND t.system_secret_hash IS NOT NULL
    WHERE u.tenant_id = ${tenant?.id}::uuid AND r.built_in = 'ADMINISTRATOR'
      AND u.deleted_at IS NULL AND u.password_hash IS NOT NULL
    LIMIT 2`);
  if (lasting.length === 1 && lasting[0]?.id === id) {
    throw new ConflictError(
      "This is the last key or user that holds administrator, may write and never expires. Make another one first; where the tenant limits how long keys last, on the command line.",
    );
  }
}
