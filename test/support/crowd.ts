import type { World } from "./world.ts";

/** How many there are of each. */
export const CROWD = 5_000;

/** When everything of a crowd is past: each of another second. */
const PAST = "timestamptz '2020-01-01' + n * interval '1 second'";

const USER = "lpad(n::text, 32, '0')::uuid";

/**
 * Fills the tenant of a world with what many users leave behind, all of it over for long: outside users, of whom every
 * second was deleted, sessions, one-time tokens, access tokens of one key, their proofs, and attempts.
 */
export async function crowd({ database, tenantId }: World, keyId: string): Promise<void> {
  const each = `FROM generate_series(1, ${CROWD}) n`;
  const statements = [
    `INSERT INTO app_user (tenant_id, id, issuer, subject, email, deleted_at, created_by, updated_by)
     SELECT '${tenantId}', ${USER}, 'https://issuer.test', n::text,
            CASE WHEN n % 2 = 0 THEN n || '@example.com' END, CASE WHEN n % 2 = 1 THEN ${PAST} END, '', '' ${each}`,
    `INSERT INTO user_role (tenant_id, user_id, role_id)
     SELECT '${tenantId}', ${USER}, r.id ${each} JOIN role r
       ON r.tenant_id = '${tenantId}' AND r.built_in = 'AUTHENTICATED'`,
    `INSERT INTO user_session (tenant_id, id, user_id, secret_hash, created_at, expires_at, ended_at)
     SELECT '${tenantId}', gen_random_uuid(), ${USER}, '', ${PAST}, CASE WHEN n % 100 > 0 THEN ${PAST} END,
            CASE WHEN n % 2 = 0 THEN ${PAST} END ${each}`,
    `INSERT INTO one_time_token (tenant_id, id, user_id, kind, secret_hash, email, expires_at)
     SELECT '${tenantId}', gen_random_uuid(), ${USER}, 'EMAIL', '', '', ${PAST} ${each}`,
    `INSERT INTO login_attempt (tenant_id, bucket, at, last_at)
     SELECT '${tenantId}', sha256(n::text::bytea), ARRAY[${PAST}], ${PAST} ${each}`,
    `INSERT INTO access_token (tenant_id, id, key_id, secret_hash, binding, idle_seconds, created_at, created_by, expires_at)
     SELECT '${tenantId}', ${USER}, '${keyId}', '', 'DPOP', 60, ${PAST}, '', ${PAST} ${each}`,
    `INSERT INTO dpop_proof (tenant_id, token_id, id_hash, expires_at)
     SELECT '${tenantId}', ${USER}, '', ${PAST} ${each}`,
    `INSERT INTO remembered_write (tenant_id, principal, method, key, digest, at)
     SELECT '${tenantId}', '', 'row::create', n::text, '', ${PAST} ${each}`,
  ];
  const tables =
    "app_user, user_role, user_session, one_time_token, login_attempt, access_token, dpop_proof, remembered_write";
  await database.pool.query([...statements, `ANALYZE ${tables}`].join(";\n"));
}
