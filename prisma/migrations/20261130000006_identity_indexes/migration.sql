-- What is past, and who is asked for, is found without reading all the others: docs/decisions/022-identity.md.
SET ROLE fieldgate_owner;

-- AlterTable
ALTER TABLE "login_attempt" ADD COLUMN     "last_at" TIMESTAMPTZ(3);

-- Nobody is let off by a migration.
UPDATE login_attempt SET last_at = coalesce((SELECT max(each) FROM unnest(at) AS each), CURRENT_TIMESTAMP);

-- AlterTable
ALTER TABLE "login_attempt" ALTER COLUMN "last_at" SET NOT NULL;

-- DropIndex
DROP INDEX "dpop_proof_tenant_id_token_id_expires_at_idx";

-- CreateIndex
CREATE INDEX "user_session_tenant_id_expires_at_idx" ON "user_session"("tenant_id", "expires_at");

-- CreateIndex
CREATE INDEX "one_time_token_tenant_id_expires_at_idx" ON "one_time_token"("tenant_id", "expires_at");

-- CreateIndex
CREATE INDEX "login_attempt_tenant_id_last_at_idx" ON "login_attempt"("tenant_id", "last_at");

-- CreateIndex
CREATE INDEX "dpop_proof_tenant_id_expires_at_idx" ON "dpop_proof"("tenant_id", "expires_at");

-- What follows, schema.prisma cannot say.
CREATE INDEX user_session_ended ON user_session (tenant_id, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX app_user_outside_email ON app_user (tenant_id, email) WHERE email_key IS NULL AND email IS NOT NULL;

RESET ROLE;
