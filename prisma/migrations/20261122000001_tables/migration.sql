SET ROLE fieldgate_owner;

-- CreateEnum
CREATE TYPE "access_level" AS ENUM ('PRIVATE', 'ONLY_VIZ', 'OPEN');

-- CreateEnum
CREATE TYPE "column_type" AS ENUM ('TEXT', 'INTEGER', 'DECIMAL', 'BOOLEAN', 'DATE', 'DATETIME', 'SELECT', 'JSON');

-- CreateEnum
CREATE TYPE "setting" AS ENUM ('ALLOW', 'WITHHOLD');

-- CreateEnum
CREATE TYPE "built_in" AS ENUM ('ANONYMOUS', 'AUTHENTICATED', 'ADMINISTRATOR');

-- CreateTable
CREATE TABLE "tenant" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "rights_version" BIGINT NOT NULL DEFAULT 0,
    "cursor_key" BYTEA NOT NULL,

    CONSTRAINT "tenant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "role" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "built_in" "built_in",
    "permissions" TEXT[],
    "can_read" BOOLEAN NOT NULL DEFAULT false,
    "can_create" BOOLEAN NOT NULL DEFAULT false,
    "can_update" BOOLEAN NOT NULL DEFAULT false,
    "can_delete" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "role_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "publishable" BOOLEAN NOT NULL DEFAULT false,
    "secret_hash" BYTEA NOT NULL,
    "previous_secret_hash" BYTEA,
    "previous_until" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "key_role" (
    "tenant_id" UUID NOT NULL,
    "key_id" UUID NOT NULL,
    "role_id" UUID NOT NULL,

    CONSTRAINT "key_role_pkey" PRIMARY KEY ("tenant_id","key_id","role_id")
);

-- CreateTable
CREATE TABLE "dataset" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "access_level" "access_level" NOT NULL DEFAULT 'PRIVATE',
    "version" INTEGER NOT NULL DEFAULT 1,
    "row_tag" BIGINT NOT NULL,
    "next_slot" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_by" TEXT NOT NULL,

    CONSTRAINT "dataset_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "dataset_column" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "type" "column_type" NOT NULL,
    "slot" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "required" BOOLEAN NOT NULL DEFAULT false,
    "unique" BOOLEAN NOT NULL DEFAULT false,
    "key_position" INTEGER,
    "indexed" BOOLEAN NOT NULL DEFAULT false,
    "editable" BOOLEAN NOT NULL DEFAULT true,
    "tells_taken" BOOLEAN NOT NULL DEFAULT false,
    "default_value" JSONB,
    "min" TEXT,
    "max" TEXT,
    "max_length" INTEGER,
    "pattern" TEXT,
    "options" TEXT[],
    "options_from" UUID,

    CONSTRAINT "dataset_column_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "role_grant" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "role_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "column_id" UUID,
    "read" "setting",
    "create" "setting",
    "update" "setting",
    "delete" "setting",

    CONSTRAINT "role_grant_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "dataset_import" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "touched_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "dataset_import_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "tenant_slug_key" ON "tenant"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "role_tenant_id_name_key" ON "role"("tenant_id", "name");

-- CreateIndex
CREATE INDEX "key_role_tenant_id_role_id_idx" ON "key_role"("tenant_id", "role_id");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_tenant_id_name_key" ON "dataset"("tenant_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_tenant_id_row_tag_key" ON "dataset"("tenant_id", "row_tag");

-- CreateIndex
CREATE INDEX "dataset_column_tenant_id_options_from_idx" ON "dataset_column"("tenant_id", "options_from");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_column_tenant_id_dataset_id_name_key" ON "dataset_column"("tenant_id", "dataset_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_column_tenant_id_dataset_id_slot_key" ON "dataset_column"("tenant_id", "dataset_id", "slot");

-- CreateIndex
CREATE INDEX "role_grant_tenant_id_dataset_id_role_id_idx" ON "role_grant"("tenant_id", "dataset_id", "role_id");

-- CreateIndex
CREATE UNIQUE INDEX "role_grant_tenant_id_role_id_dataset_id_column_id_key" ON "role_grant"("tenant_id", "role_id", "dataset_id", "column_id");

-- AddForeignKey
ALTER TABLE "role" ADD CONSTRAINT "role_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "key_role" ADD CONSTRAINT "key_role_tenant_id_key_id_fkey" FOREIGN KEY ("tenant_id", "key_id") REFERENCES "api_key"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "key_role" ADD CONSTRAINT "key_role_tenant_id_role_id_fkey" FOREIGN KEY ("tenant_id", "role_id") REFERENCES "role"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset" ADD CONSTRAINT "dataset_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_column" ADD CONSTRAINT "dataset_column_tenant_id_dataset_id_fkey" FOREIGN KEY ("tenant_id", "dataset_id") REFERENCES "dataset"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_column" ADD CONSTRAINT "dataset_column_tenant_id_options_from_fkey" FOREIGN KEY ("tenant_id", "options_from") REFERENCES "dataset_column"("tenant_id", "id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_grant" ADD CONSTRAINT "role_grant_tenant_id_role_id_fkey" FOREIGN KEY ("tenant_id", "role_id") REFERENCES "role"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_grant" ADD CONSTRAINT "role_grant_tenant_id_dataset_id_fkey" FOREIGN KEY ("tenant_id", "dataset_id") REFERENCES "dataset"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_grant" ADD CONSTRAINT "role_grant_tenant_id_column_id_fkey" FOREIGN KEY ("tenant_id", "column_id") REFERENCES "dataset_column"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_import" ADD CONSTRAINT "dataset_import_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- One grant for a role and dataset, also where it names no column.
DROP INDEX "role_grant_tenant_id_role_id_dataset_id_column_id_key";
CREATE UNIQUE INDEX "role_grant_tenant_id_role_id_dataset_id_column_id_key"
  ON "role_grant" ("tenant_id", "role_id", "dataset_id", "column_id") NULLS NOT DISTINCT;

RESET ROLE;
