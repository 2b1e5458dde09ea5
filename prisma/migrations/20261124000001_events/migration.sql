-- The log of each tenant. Members add to it and read it; nobody changes it, but for the sealer, by the
-- function below.
SET ROLE fieldgate_owner;

-- CreateEnum
CREATE TYPE "principal_kind" AS ENUM ('KEY', 'ACCESS_TOKEN', 'SESSION', 'ANONYMOUS', 'OPERATOR');

-- CreateEnum
CREATE TYPE "event_outcome" AS ENUM ('ALLOWED', 'DENIED', 'FAILED');

-- AlterTable
ALTER TABLE "dataset" ADD COLUMN     "audit_reads" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "event" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "number" BIGINT,
    "mac" BYTEA,
    "name" TEXT NOT NULL,
    "outcome" "event_outcome" NOT NULL,
    "principal_kind" "principal_kind" NOT NULL,
    "principal_id" TEXT,
    "principal_name" TEXT NOT NULL,
    "client_id" TEXT,
    "client_name" TEXT,
    "target" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "ip" TEXT,
    "reason" TEXT,
    "data" TEXT,
    "count" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "event_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateTable
CREATE TABLE "event_head" (
    "tenant_id" UUID NOT NULL,
    "number" BIGINT NOT NULL,
    "mac" BYTEA NOT NULL,
    "seal" BYTEA NOT NULL,
    "key_id" TEXT NOT NULL,

    CONSTRAINT "event_head_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "event_tenant_id_number_key" ON "event"("tenant_id", "number");

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event_head" ADD CONSTRAINT "event_head_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows, schema.prisma cannot say.
ALTER TABLE event
  ADD CHECK ((number IS NULL) = (mac IS NULL)),
  ADD CHECK (octet_length(data) <= 4096);

-- How the sealer finds what there is to seal.
CREATE INDEX event_unsealed ON event (tenant_id, seq) WHERE number IS NULL;

ALTER TABLE event ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_head ENABLE ROW LEVEL SECURITY;

CREATE POLICY member ON event TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
CREATE POLICY member ON event_head FOR SELECT TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));

-- Neither its place in the chain nor that in the order of writing is for a member to say.
GRANT SELECT, INSERT (tenant_id, id, name, outcome, principal_kind, principal_id, principal_name,
                      client_id, client_name, target, at, ip, reason, data, count)
  ON event TO fieldgate_member;
GRANT USAGE ON SEQUENCE event_seq_seq TO fieldgate_member;
GRANT SELECT ON event_head TO fieldgate_member;

-- The tenants that have events to seal.
CREATE FUNCTION fieldgate.unsealed_tenants() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT DISTINCT e.tenant_id FROM public.event e WHERE e.number IS NULL;
END;

-- Gives events of this tenant, in this order, the numbers from `first` on and their seals, and moves the
-- head. Fails unless the head is just before them and every one is there and unsealed.
CREATE FUNCTION fieldgate.seal_events(first bigint, ids uuid[], macs text[], head_seal text, head_key text)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine uuid := fieldgate.current_tenant();
  sealed integer;
BEGIN
  UPDATE public.event e SET number = first + s.place - 1, mac = decode(s.mac, 'hex')
  FROM unnest(ids, macs) WITH ORDINALITY AS s (id, mac, place)
  WHERE e.tenant_id = mine AND e.id = s.id AND e.number IS NULL;
  GET DIAGNOSTICS sealed = ROW_COUNT;
  IF mine IS NULL OR sealed = 0 OR sealed <> cardinality(ids) THEN
    RAISE EXCEPTION 'not these events' USING ERRCODE = 'insufficient_privilege';
  END IF;

  IF first = 1 THEN
    INSERT INTO public.event_head (tenant_id, number, mac, seal, key_id)
    VALUES (mine, sealed, decode(macs[sealed], 'hex'), decode(head_seal, 'hex'), head_key);
  ELSE
    UPDATE public.event_head h
    SET number = first + sealed - 1, mac = decode(macs[sealed], 'hex'),
        seal = decode(head_seal, 'hex'), key_id = head_key
    WHERE h.tenant_id = mine AND h.number = first - 1;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the head is elsewhere' USING ERRCODE = 'serialization_failure';
    END IF;
  END IF;
END
$$;

REVOKE ALL ON FUNCTION fieldgate.unsealed_tenants(),
  fieldgate.seal_events(bigint, uuid[], text[], text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION fieldgate.unsealed_tenants() TO fieldgate_operator;
GRANT EXECUTE ON FUNCTION fieldgate.seal_events(bigint, uuid[], text[], text, text)
  TO fieldgate_member;

RESET ROLE;
