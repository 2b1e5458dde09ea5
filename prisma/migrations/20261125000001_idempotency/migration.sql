-- Writes that are done once, however often they are sent with their idempotency key.
SET ROLE fieldgate_owner;

-- CreateTable
CREATE TABLE "remembered_write" (
    "tenant_id" UUID NOT NULL,
    "principal" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "digest" BYTEA NOT NULL,
    "results" JSON NOT NULL DEFAULT '[]',
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "remembered_write_pkey" PRIMARY KEY ("tenant_id","principal","method","key")
);

-- CreateIndex
CREATE INDEX "remembered_write_tenant_id_at_idx" ON "remembered_write"("tenant_id", "at");

-- AddForeignKey
ALTER TABLE "remembered_write" ADD CONSTRAINT "remembered_write_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE remembered_write ENABLE ROW LEVEL SECURITY;

CREATE POLICY member ON remembered_write TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON remembered_write TO fieldgate_member;

RESET ROLE;
