SET ROLE fieldgate_owner;

-- CreateEnum
CREATE TYPE "when_denied" AS ENUM ('ABSENT', 'NULL', 'ERROR');

-- AlterTable
ALTER TABLE "dataset_column" ADD COLUMN "when_denied" "when_denied" NOT NULL DEFAULT 'ABSENT';

-- AlterTable
ALTER TABLE "role_grant" ADD COLUMN "row_filters" JSONB;

-- A row filter is of a dataset as a whole.
ALTER TABLE "role_grant" ADD CONSTRAINT "role_grant_row_filters_of_dataset"
  CHECK ("row_filters" IS NULL OR "column_id" IS NULL);

RESET ROLE;
