-- How an issuer is trusted, and what was proved by it: docs/decisions/025-outside-identities.md.
SET ROLE fieldgate_owner;

-- AlterTable
ALTER TABLE "transfer" ADD COLUMN     "claimed_by" UUID;

-- AlterTable
ALTER TABLE "trusted_issuer" ADD COLUMN     "may_administrate" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "revision" UUID NOT NULL;

-- What follows, schema.prisma cannot say.
ALTER TABLE transfer ADD CHECK ((claimed_roles IS NULL) = (claimed_by IS NULL));

RESET ROLE;
