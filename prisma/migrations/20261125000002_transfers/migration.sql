-- One-time URLs: what a mutation promised, and a request without a credential fetches.
SET ROLE fieldgate_owner;

-- CreateEnum
CREATE TYPE "transfer_kind" AS ENUM ('EXPORT');

-- CreateTable
CREATE TABLE "transfer" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "kind" "transfer_kind" NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "principal_kind" "principal_kind" NOT NULL,
    "key_id" UUID,
    "narrowed_to" TEXT[],
    "arguments" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "transfer_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateIndex
CREATE INDEX "transfer_tenant_id_key_id_idx" ON "transfer"("tenant_id", "key_id");

-- AddForeignKey
ALTER TABLE "transfer" ADD CONSTRAINT "transfer_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "transfer" ADD CONSTRAINT "transfer_tenant_id_key_id_fkey" FOREIGN KEY ("tenant_id", "key_id") REFERENCES "api_key"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows, schema.prisma cannot say.
ALTER TABLE transfer ADD CHECK ((principal_kind = 'KEY') = (key_id IS NOT NULL));

ALTER TABLE transfer ENABLE ROW LEVEL SECURITY;

CREATE POLICY member ON transfer TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
GRANT SELECT, INSERT, DELETE ON transfer TO fieldgate_member;

-- The public makes transfers of its own and sees none: a URL is looked up by the server, as a member.
CREATE POLICY public ON transfer FOR INSERT TO fieldgate_public
  WITH CHECK (tenant_id = (SELECT fieldgate.current_tenant()) AND principal_kind = 'ANONYMOUS');
GRANT INSERT ON transfer TO fieldgate_public;

-- Takes away the transfers of this tenant that have expired, and counts those that a holder has left: the
-- key, or without one the public.
CREATE FUNCTION fieldgate.pending_transfers(holder uuid, at timestamptz) RETURNS bigint
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
          WHERE t.tenant_id = mine AND t.key_id IS NOT DISTINCT FROM holder);
END
$$;

REVOKE ALL ON FUNCTION fieldgate.pending_transfers(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION fieldgate.pending_transfers(uuid, timestamptz)
  TO fieldgate_member, fieldgate_public;

-- A mutation of the public ends as every mutation does: nothing commits by rights that were revoked before.
GRANT EXECUTE ON FUNCTION fieldgate.hold_rights(bigint) TO fieldgate_public;

RESET ROLE;
