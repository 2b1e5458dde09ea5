-- By which JWT an outside identity was last written: docs/decisions/025-outside-identities.md.
SET ROLE fieldgate_owner;

-- AlterTable
ALTER TABLE "app_user" ADD COLUMN     "claimed_at" TIMESTAMPTZ(3);

RESET ROLE;
