-- Users, their sessions, access tokens and outside identities: docs/decisions/022-identity.md.
SET ROLE fieldgate_owner;

-- CreateEnum
CREATE TYPE "token_binding" AS ENUM ('COOKIE', 'DPOP');

-- CreateEnum
CREATE TYPE "one_time_token_kind" AS ENUM ('PASSWORD', 'EMAIL');

-- AlterTable
ALTER TABLE "row_import" ADD COLUMN     "principal" TEXT;

-- AlterTable
ALTER TABLE "transfer" ADD COLUMN     "principal" TEXT;

-- What keys have been promised stays theirs.
UPDATE row_import SET principal = 'key_' || replace(key_id::text, '-', '');
UPDATE transfer SET principal = 'key_' || replace(key_id::text, '-', '') WHERE key_id IS NOT NULL;

-- DropForeignKey
ALTER TABLE "row_import" DROP CONSTRAINT "row_import_tenant_id_key_id_fkey";

-- DropForeignKey
ALTER TABLE "transfer" DROP CONSTRAINT "transfer_tenant_id_key_id_fkey";

-- DropIndex
DROP INDEX "row_import_tenant_id_key_id_idx";

-- DropIndex
DROP INDEX "transfer_tenant_id_key_id_idx";

-- AlterTable
ALTER TABLE "row_import" DROP COLUMN "key_id",
ALTER COLUMN "principal" SET NOT NULL;

-- AlterTable
ALTER TABLE "tenant" ADD COLUMN     "open_registration" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "session_ttl" INTEGER NOT NULL DEFAULT 2592000,
ADD COLUMN     "system_secret_hash" BYTEA,
ADD COLUMN     "user_attributes" JSONB NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "transfer" DROP COLUMN "key_id",
ADD COLUMN     "claimed_roles" TEXT[],
ADD COLUMN     "claimed_until" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "app_user" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "email" TEXT,
    "email_key" TEXT,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "password_hash" TEXT,
    "first_name" TEXT NOT NULL DEFAULT '',
    "last_name" TEXT NOT NULL DEFAULT '',
    "organization" TEXT NOT NULL DEFAULT '',
    "attributes" JSONB NOT NULL DEFAULT '{}',
    "is_service" BOOLEAN NOT NULL DEFAULT false,
    "issuer" TEXT,
    "subject" TEXT,
    "deleted_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" TEXT NOT NULL,

    CONSTRAINT "app_user_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "user_role" (
    "tenant_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role_id" UUID NOT NULL,

    CONSTRAINT "user_role_pkey" PRIMARY KEY ("tenant_id","user_id","role_id")
);

-- CreateTable
CREATE TABLE "user_session" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "ip" TEXT,

    CONSTRAINT "user_session_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "one_time_token" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "kind" "one_time_token_kind" NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "email" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "one_time_token_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "login_attempt" (
    "tenant_id" UUID NOT NULL,
    "bucket" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3)[],

    CONSTRAINT "login_attempt_pkey" PRIMARY KEY ("tenant_id","bucket")
);

-- CreateTable
CREATE TABLE "access_token" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "key_id" UUID NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "binding" "token_binding" NOT NULL,
    "bound_to" BYTEA,
    "role_ids" UUID[],
    "conditions" JSONB,
    "dataset_ids" UUID[],
    "client_id" TEXT,
    "client_name" TEXT,
    "idle_seconds" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_token_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "dpop_proof" (
    "tenant_id" UUID NOT NULL,
    "token_id" UUID NOT NULL,
    "id_hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "dpop_proof_pkey" PRIMARY KEY ("tenant_id","token_id","id_hash")
);

-- CreateTable
CREATE TABLE "trusted_issuer" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "audience" TEXT NOT NULL,
    "jwks_url" TEXT NOT NULL,
    "algorithms" TEXT[],
    "claims" JSONB NOT NULL,
    "max_token_age" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "trusted_issuer_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "app_user_tenant_id_email_key_key" ON "app_user"("tenant_id", "email_key");

-- CreateIndex
CREATE UNIQUE INDEX "app_user_tenant_id_issuer_subject_key" ON "app_user"("tenant_id", "issuer", "subject");

-- CreateIndex
CREATE INDEX "user_role_tenant_id_role_id_idx" ON "user_role"("tenant_id", "role_id");

-- CreateIndex
CREATE INDEX "user_session_tenant_id_user_id_idx" ON "user_session"("tenant_id", "user_id");

-- CreateIndex
CREATE INDEX "one_time_token_tenant_id_user_id_idx" ON "one_time_token"("tenant_id", "user_id");

-- CreateIndex
CREATE INDEX "access_token_tenant_id_key_id_idx" ON "access_token"("tenant_id", "key_id");

-- CreateIndex
CREATE UNIQUE INDEX "trusted_issuer_issuer_audience_key" ON "trusted_issuer"("issuer", "audience");

-- CreateIndex
CREATE INDEX "transfer_tenant_id_principal_idx" ON "transfer"("tenant_id", "principal");

-- AddForeignKey
ALTER TABLE "app_user" ADD CONSTRAINT "app_user_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_role" ADD CONSTRAINT "user_role_tenant_id_user_id_fkey" FOREIGN KEY ("tenant_id", "user_id") REFERENCES "app_user"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_role" ADD CONSTRAINT "user_role_tenant_id_role_id_fkey" FOREIGN KEY ("tenant_id", "role_id") REFERENCES "role"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_session" ADD CONSTRAINT "user_session_tenant_id_user_id_fkey" FOREIGN KEY ("tenant_id", "user_id") REFERENCES "app_user"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "one_time_token" ADD CONSTRAINT "one_time_token_tenant_id_user_id_fkey" FOREIGN KEY ("tenant_id", "user_id") REFERENCES "app_user"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "login_attempt" ADD CONSTRAINT "login_attempt_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "access_token" ADD CONSTRAINT "access_token_tenant_id_key_id_fkey" FOREIGN KEY ("tenant_id", "key_id") REFERENCES "api_key"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dpop_proof" ADD CONSTRAINT "dpop_proof_tenant_id_token_id_fkey" FOREIGN KEY ("tenant_id", "token_id") REFERENCES "access_token"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "trusted_issuer" ADD CONSTRAINT "trusted_issuer_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows, schema.prisma cannot say.
ALTER TABLE transfer ADD CHECK ((principal_kind = 'ANONYMOUS') = (principal IS NULL)),
  ADD CHECK ((claimed_roles IS NULL) = (claimed_until IS NULL));
ALTER TABLE tenant ADD CHECK (session_ttl BETWEEN 60 AND 31536000);
ALTER TABLE app_user ADD CHECK ((issuer IS NULL) = (subject IS NULL)),
  ADD CHECK (deleted_at IS NULL OR email IS NULL AND email_key IS NULL AND password_hash IS NULL);
ALTER TABLE access_token ADD CHECK (conditions IS NULL OR jsonb_typeof(conditions) = 'array');

ALTER TABLE app_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_role ENABLE ROW LEVEL SECURITY;
ALTER TABLE user_session ENABLE ROW LEVEL SECURITY;
ALTER TABLE one_time_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE login_attempt ENABLE ROW LEVEL SECURITY;
ALTER TABLE access_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE dpop_proof ENABLE ROW LEVEL SECURITY;
ALTER TABLE trusted_issuer ENABLE ROW LEVEL SECURITY;

CREATE POLICY member ON app_user TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
CREATE POLICY member ON user_role TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
CREATE POLICY member ON user_session TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
CREATE POLICY member ON one_time_token TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
CREATE POLICY member ON login_attempt TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
CREATE POLICY member ON access_token TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
CREATE POLICY member ON dpop_proof TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
CREATE POLICY member ON trusted_issuer TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));

GRANT SELECT, INSERT, UPDATE, DELETE
  ON app_user, user_role, user_session, one_time_token, login_attempt, access_token, dpop_proof, trusted_issuer
  TO fieldgate_member;
GRANT UPDATE (system_secret_hash, session_ttl, open_registration, user_attributes)
  ON tenant TO fieldgate_member;

-- Every user may end a session of its own.
UPDATE role SET permissions = permissions || '{session::logout}'::text[]
WHERE built_in = 'AUTHENTICATED' AND NOT 'session::logout' = ANY (permissions);

-- Whose transfers are counted: the principal's, or without one the public's.
DROP FUNCTION fieldgate.pending_transfers(uuid, timestamptz);
CREATE FUNCTION fieldgate.pending_transfers(holder text, at timestamptz) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine uuid := fieldgate.current_tenant();
BEGIN
  DELETE FROM public.transfer t
  WHERE (t.tenant_id, t.id) IN (
    SELECT x.tenant_id, x.id FROM public.transfer x
    WHERE x.tenant_id = mine AND x.expires_at <= at FOR UPDATE SKIP LOCKED);
  RETURN (SELECT count(*) FROM public.transfer t
          WHERE t.tenant_id = mine AND t.principal IS NOT DISTINCT FROM holder);
END
$$;

REVOKE ALL ON FUNCTION fieldgate.pending_transfers(text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION fieldgate.pending_transfers(text, timestamptz)
  TO fieldgate_member, fieldgate_public;

RESET ROLE;
