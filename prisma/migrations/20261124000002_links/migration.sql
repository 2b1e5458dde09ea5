SET ROLE fieldgate_owner;

-- DropIndex
DROP INDEX "role_grant_tenant_id_role_id_dataset_id_column_id_key";

-- AlterTable
ALTER TABLE "role_grant" ADD COLUMN     "link_id" UUID;

-- CreateTable
CREATE TABLE "dataset_link" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "target_id" UUID NOT NULL,
    "many" BOOLEAN NOT NULL,

    CONSTRAINT "dataset_link_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "row_link" (
    "tenant_id" UUID NOT NULL,
    "link_id" UUID NOT NULL,
    "source_id" UUID NOT NULL,
    "target_id" UUID NOT NULL,

    CONSTRAINT "row_link_pkey" PRIMARY KEY ("tenant_id","link_id","source_id","target_id")
);

-- CreateIndex
CREATE INDEX "dataset_link_tenant_id_target_id_idx" ON "dataset_link"("tenant_id", "target_id");

-- CreateIndex
CREATE UNIQUE INDEX "dataset_link_tenant_id_dataset_id_name_key" ON "dataset_link"("tenant_id", "dataset_id", "name");

-- CreateIndex
CREATE INDEX "row_link_tenant_id_target_id_idx" ON "row_link"("tenant_id", "target_id");

-- CreateIndex
-- One grant for a role and what it is on, also where that is a dataset as a whole.
CREATE UNIQUE INDEX "role_grant_tenant_id_role_id_dataset_id_column_id_link_id_key"
  ON "role_grant" ("tenant_id", "role_id", "dataset_id", "column_id", "link_id") NULLS NOT DISTINCT;

-- AddForeignKey
ALTER TABLE "dataset_link" ADD CONSTRAINT "dataset_link_tenant_id_dataset_id_fkey" FOREIGN KEY ("tenant_id", "dataset_id") REFERENCES "dataset"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_link" ADD CONSTRAINT "dataset_link_tenant_id_target_id_fkey" FOREIGN KEY ("tenant_id", "target_id") REFERENCES "dataset"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "row_link" ADD CONSTRAINT "row_link_tenant_id_link_id_fkey" FOREIGN KEY ("tenant_id", "link_id") REFERENCES "dataset_link"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "role_grant" ADD CONSTRAINT "role_grant_tenant_id_link_id_fkey" FOREIGN KEY ("tenant_id", "link_id") REFERENCES "dataset_link"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A grant is on a dataset as a whole, or on one of its columns, or on one of its links.
ALTER TABLE "role_grant" ADD CONSTRAINT "role_grant_on_one"
  CHECK ("column_id" IS NULL OR "link_id" IS NULL);
ALTER TABLE "role_grant" DROP CONSTRAINT "role_grant_row_filters_of_dataset";
ALTER TABLE "role_grant" ADD CONSTRAINT "role_grant_row_filters_of_dataset"
  CHECK ("row_filters" IS NULL OR ("column_id" IS NULL AND "link_id" IS NULL));

ALTER TABLE dataset_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE row_link ENABLE ROW LEVEL SECURITY;

CREATE POLICY member ON dataset_link TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
CREATE POLICY member ON row_link TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON dataset_link, row_link TO fieldgate_member;

-- The public sees the links of OPEN datasets, and which rows they lead to where those are OPEN as well.
CREATE POLICY public ON dataset_link FOR SELECT TO fieldgate_public
  USING (tenant_id = (SELECT fieldgate.current_tenant())
         AND (tenant_id, dataset_id) IN (SELECT d.tenant_id, d.id FROM dataset d));
CREATE POLICY public ON row_link FOR SELECT TO fieldgate_public
  USING (tenant_id = (SELECT fieldgate.current_tenant())
         AND (tenant_id, link_id) IN (
           SELECT l.tenant_id, l.id FROM dataset_link l
           WHERE (l.tenant_id, l.target_id) IN (SELECT d.tenant_id, d.id FROM dataset d)));
GRANT SELECT ON dataset_link, row_link TO fieldgate_public;

RESET ROLE;

