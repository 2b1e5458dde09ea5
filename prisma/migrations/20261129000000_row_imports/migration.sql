-- Imports of rows into a dataset that is there: docs/decisions/016-importing-rows.md.
SET ROLE fieldgate_owner;

-- AlterEnum
ALTER TYPE "transfer_kind" ADD VALUE 'IMPORT';

-- CreateEnum
CREATE TYPE "row_import_state" AS ENUM ('WAITING', 'RECEIVING', 'WRITING', 'DONE', 'FAILED');

-- CreateTable
CREATE TABLE "row_import" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "key_id" UUID NOT NULL,
    "state" "row_import_state" NOT NULL DEFAULT 'WAITING',
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "rows" INTEGER NOT NULL DEFAULT 0,
    "faulty" INTEGER NOT NULL DEFAULT 0,
    "faults" JSON NOT NULL DEFAULT '[]',
    "failure" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "touched_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "row_import_pkey" PRIMARY KEY ("tenant_id","id")
);

-- CreateIndex
CREATE INDEX "row_import_tenant_id_dataset_id_idx" ON "row_import"("tenant_id", "dataset_id");

-- CreateIndex
CREATE INDEX "row_import_tenant_id_key_id_idx" ON "row_import"("tenant_id", "key_id");

-- AddForeignKey
ALTER TABLE "row_import" ADD CONSTRAINT "row_import_tenant_id_dataset_id_fkey" FOREIGN KEY ("tenant_id", "dataset_id") REFERENCES "dataset"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "row_import" ADD CONSTRAINT "row_import_tenant_id_key_id_fkey" FOREIGN KEY ("tenant_id", "key_id") REFERENCES "api_key"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows, schema.prisma cannot say.
ALTER TABLE row_import ENABLE ROW LEVEL SECURITY;

CREATE POLICY member ON row_import TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON row_import TO fieldgate_member;

-- Makes the table and the view of a dataset, or of an import; its slots are there already.
CREATE FUNCTION fieldgate.create_table(tenant uuid, dataset uuid, persistence text) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  native text;
BEGIN
  SELECT string_agg(format(', c%s %s', s.slot, fieldgate.native_type(s.type)), '' ORDER BY s.slot)
  INTO native
  FROM fieldgate.storage_column s
  WHERE s.tenant_id = tenant AND s.dataset_id = dataset AND fieldgate.is_native(s.slot);

  EXECUTE format(
    'CREATE %s TABLE data.%I (
       tenant_id uuid NOT NULL DEFAULT %L CHECK (tenant_id = %L),
       id uuid NOT NULL,
       version integer NOT NULL DEFAULT 1,
       created_at timestamptz(3) NOT NULL,
       created_by text NOT NULL,
       updated_at timestamptz(3) NOT NULL,
       updated_by text NOT NULL,
       overflow jsonb%s,
       PRIMARY KEY (tenant_id, id))',
    persistence, fieldgate.storage_name('t', dataset), tenant, tenant, native);
  EXECUTE format('COMMENT ON TABLE data.%I IS %L', fieldgate.storage_name('t', dataset), tenant);
  PERFORM fieldgate.draw_view(tenant, dataset);
END
$$;

-- As before.
CREATE OR REPLACE FUNCTION fieldgate.create_storage(dataset uuid, types public.column_type[]) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine uuid := fieldgate.assert_mine(dataset);
BEGIN
  INSERT INTO fieldgate.storage_column (tenant_id, dataset_id, slot, type)
  SELECT mine, dataset, t.slot, t.type
  FROM unnest(types) WITH ORDINALITY AS t (type, slot);
  PERFORM fieldgate.create_table(mine, dataset, '');
  PERFORM fieldgate.create_log(mine, dataset);
END
$$;

-- Makes room for rows that are to become those of a dataset: the same slots, and one more that tells where in
-- its file a row is. What is written there is not logged, and does not outlive a crash of the database.
CREATE FUNCTION fieldgate.create_staging(import uuid, dataset uuid, place_slot integer) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine uuid := fieldgate.assert_storage(dataset);
BEGIN
  PERFORM fieldgate.assert_mine(import);
  INSERT INTO fieldgate.storage_column (tenant_id, dataset_id, slot, type)
  SELECT mine, import, s.slot, s.type FROM fieldgate.storage_column s
  WHERE s.tenant_id = mine AND s.dataset_id = dataset
  UNION ALL SELECT mine, import, place_slot, 'TEXT';
  PERFORM fieldgate.create_table(mine, import, 'UNLOGGED');
END
$$;

-- As before, also of what has no log.
CREATE OR REPLACE FUNCTION fieldgate.drop_storage(dataset uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine uuid := fieldgate.close_storage(dataset);
BEGIN
  EXECUTE format('DROP VIEW data.%I', fieldgate.storage_name('d', dataset));
  EXECUTE format('DROP TABLE data.%I', fieldgate.storage_name('t', dataset));
  EXECUTE format('DROP TABLE IF EXISTS data.%I', fieldgate.storage_name('l', dataset));
  DELETE FROM fieldgate.storage_column s WHERE s.tenant_id = mine AND s.dataset_id = dataset;
END
$$;

REVOKE ALL ON FUNCTION fieldgate.create_table(uuid, uuid, text),
  fieldgate.create_staging(uuid, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION fieldgate.create_staging(uuid, uuid, integer) TO fieldgate_member;

RESET ROLE;
