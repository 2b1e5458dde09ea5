-- The change log: what every write of rows did, written by the database itself, so that no writer can forget
-- it (docs/decisions/010-change-log.md). Request roles read it, and that is all.
SET ROLE fieldgate_owner;

-- CreateTable
CREATE TABLE "row_commit" (
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "number" BIGINT,
    "by" TEXT NOT NULL,
    "client_id" TEXT,
    "client_name" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "row_commit_pkey" PRIMARY KEY ("tenant_id","id","dataset_id")
);

-- CreateTable
CREATE TABLE "row_commit_head" (
    "tenant_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "number" BIGINT NOT NULL,

    CONSTRAINT "row_commit_head_pkey" PRIMARY KEY ("tenant_id","dataset_id")
);

-- CreateTable
CREATE TABLE "row_link_change" (
    "tenant_id" UUID NOT NULL,
    "commit_id" UUID NOT NULL,
    "source_id" UUID NOT NULL,
    "link_id" UUID NOT NULL,
    "target_id" UUID NOT NULL,
    "change" INTEGER NOT NULL,

    CONSTRAINT "row_link_change_pkey" PRIMARY KEY ("tenant_id","commit_id","source_id","link_id","target_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "row_commit_tenant_id_dataset_id_number_key" ON "row_commit"("tenant_id", "dataset_id", "number");

-- CreateIndex
CREATE INDEX "row_link_change_tenant_id_link_id_idx" ON "row_link_change"("tenant_id", "link_id");

-- AddForeignKey
ALTER TABLE "row_commit" ADD CONSTRAINT "row_commit_tenant_id_dataset_id_fkey" FOREIGN KEY ("tenant_id", "dataset_id") REFERENCES "dataset"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "row_commit_head" ADD CONSTRAINT "row_commit_head_tenant_id_dataset_id_fkey" FOREIGN KEY ("tenant_id", "dataset_id") REFERENCES "dataset"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "row_link_change" ADD CONSTRAINT "row_link_change_tenant_id_link_id_fkey" FOREIGN KEY ("tenant_id", "link_id") REFERENCES "dataset_link"("tenant_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows, schema.prisma cannot say.

ALTER TABLE row_commit ENABLE ROW LEVEL SECURITY;
ALTER TABLE row_commit_head ENABLE ROW LEVEL SECURITY;
ALTER TABLE row_link_change ENABLE ROW LEVEL SECURITY;

CREATE POLICY member ON row_commit FOR SELECT TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
CREATE POLICY member ON row_link_change FOR SELECT TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
GRANT SELECT ON row_commit, row_link_change TO fieldgate_member;

-- Commits ----------------------------------------------------------------------------------------

-- The first commit of a dataset is the one that made it. Its id is the dataset's, and the rows of an import,
-- which are written before there is a dataset, are of this commit.
CREATE FUNCTION fieldgate.begin_log() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO public.row_commit_head (tenant_id, dataset_id, number)
  VALUES (NEW.tenant_id, NEW.id, 1);
  INSERT INTO public.row_commit (tenant_id, id, dataset_id, number, by, at)
  VALUES (NEW.tenant_id, NEW.id, NEW.id, 1, NEW.created_by, NEW.created_at);
  RETURN NULL;
END
$$;
CREATE TRIGGER begin_log AFTER INSERT ON dataset
  FOR EACH ROW EXECUTE FUNCTION fieldgate.begin_log();

-- The commit by which this transaction writes rows of a dataset, begun when it first does. The setting
-- `fieldgate.commit` says who writes; without it nothing is written.
CREATE FUNCTION fieldgate.commit_of(tenant uuid, dataset uuid) RETURNS uuid
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  said jsonb := nullif(current_setting('fieldgate.commit', true), '')::jsonb;
  commit uuid := said ->> 'id';
BEGIN
  IF EXISTS (SELECT FROM public.row_commit c
             WHERE c.tenant_id = tenant AND c.id = commit AND c.dataset_id = dataset
               AND c.number IS NULL) THEN
    RETURN commit;
  END IF;
  IF EXISTS (SELECT FROM public.dataset_import i WHERE i.tenant_id = tenant AND i.id = dataset) THEN
    RETURN dataset;
  END IF;
  IF commit IS NULL THEN
    RAISE EXCEPTION 'rows are written, and nobody says by whom' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO public.row_commit (tenant_id, id, dataset_id, by, client_id, client_name, at)
  VALUES (tenant, commit, dataset, said ->> 'by', said ->> 'clientId', said ->> 'clientName',
          (said ->> 'at')::timestamptz);
  RETURN commit;
END
$$;

-- The very last of a transaction: its commit gets its number in each dataset, one after the other so that no
-- two transactions wait in a circle. Until it has ended nobody else takes a number of these datasets, so that
-- whoever sees a number sees all before it.
CREATE FUNCTION fieldgate.number_commit() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  open record;
  next bigint;
BEGIN
  FOR open IN
    SELECT c.dataset_id FROM public.row_commit c
    WHERE c.tenant_id = NEW.tenant_id AND c.id = NEW.id AND c.number IS NULL
    ORDER BY c.dataset_id
  LOOP
    UPDATE public.row_commit_head h SET number = h.number + 1
    WHERE h.tenant_id = NEW.tenant_id AND h.dataset_id = open.dataset_id
    RETURNING h.number INTO STRICT next;
    UPDATE public.row_commit c SET number = next
    WHERE c.tenant_id = NEW.tenant_id AND c.id = NEW.id AND c.dataset_id = open.dataset_id;
  END LOOP;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER number_commit AFTER INSERT ON row_commit
  DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.number IS NULL) EXECUTE FUNCTION fieldgate.number_commit();

-- Records ----------------------------------------------------------------------------------------

-- The expression of a cell in the log, as the text of JSON: numbers that a double does not hold are strings,
-- as in `overflow` and wherever cells travel.
CREATE FUNCTION fieldgate.logged_cell(cell text, type public.column_type) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
  WHEN type IN ('BOOLEAN', 'JSON') THEN format('%s::text', cell)
  ELSE format('to_json(%s)::text', CASE WHEN type IN ('TEXT', 'SELECT') THEN cell
                                        ELSE fieldgate.cell_text(cell, type) END)
END;

-- The expression of all cells of a row, by their slots; those without a value are left out.
CREATE FUNCTION fieldgate.logged_row(tenant uuid, dataset uuid, which text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT format('(''{'' || array_to_string(ARRAY[%s]::text[], '','') || ''}'')::jsonb',
    string_agg(format('''"%s":'' || %s', s.slot,
        fieldgate.logged_cell(format('%s.c%s', which, s.slot), s.type)), ',' ORDER BY s.slot)
      FILTER (WHERE fieldgate.is_native(s.slot)))
    || CASE WHEN bool_or(NOT fieldgate.is_native(s.slot))
            THEN format(' || coalesce(%s.overflow, ''{}'')', which) ELSE '' END
  FROM fieldgate.storage_column s WHERE s.tenant_id = tenant AND s.dataset_id = dataset;
END;

-- The expression of the cells of one version of a row that are not those of the other, to the last digit:
-- 1.5 and 1.50 are two.
CREATE FUNCTION fieldgate.logged_change(tenant uuid, dataset uuid, which text, other text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT format('(''{'' || array_to_string(ARRAY[%s]::text[], '','') || ''}'')::jsonb',
    string_agg(format(
        'CASE WHEN %s.c%s%s IS DISTINCT FROM %s.c%s%s THEN ''"%s":'' || coalesce(%s, ''null'') END',
        which, s.slot, exact.cast, other, s.slot, exact.cast, s.slot,
        fieldgate.logged_cell(format('%s.c%s', which, s.slot), s.type)), ',' ORDER BY s.slot)
      FILTER (WHERE fieldgate.is_native(s.slot)))
    || CASE WHEN bool_or(NOT fieldgate.is_native(s.slot))
            THEN format(' || fieldgate.changed_overflow(%s.overflow, %s.overflow)', which, other)
            ELSE '' END
  FROM fieldgate.storage_column s
  CROSS JOIN LATERAL (SELECT CASE WHEN s.type IN ('DECIMAL', 'JSON') THEN '::text' END AS cast) exact
  WHERE s.tenant_id = tenant AND s.dataset_id = dataset;
END;

CREATE FUNCTION fieldgate.changed_overflow(these jsonb, others jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
  SELECT coalesce(jsonb_object_agg(k.slot, coalesce(these -> k.slot, 'null')), '{}')
  FROM (SELECT jsonb_object_keys(these) UNION SELECT jsonb_object_keys(others)) k (slot)
  WHERE (these -> k.slot)::text IS DISTINCT FROM (others -> k.slot)::text
);

-- Writes a record for each row that a statement wrote: a creation has no cells before, a deletion none after.
-- Of a change both hold the cells that it changed, if any. A deletion is the version after the last.
CREATE FUNCTION fieldgate.log_rows() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  dataset uuid := TG_ARGV[0];
  tenant uuid := fieldgate.current_tenant();
  written text := CASE TG_OP WHEN 'DELETE' THEN 'was' ELSE 'becomes' END;
  rows bigint;
  logged bigint;
BEGIN
  EXECUTE format('SELECT count(*) FROM %I', written) INTO rows;
  IF rows = 0 THEN
    RETURN NULL;
  END IF;
  EXECUTE format('INSERT INTO data.%I (tenant_id, commit_id, row_id, version, before, after) ',
                 fieldgate.storage_name('l', dataset))
    || CASE TG_OP
      WHEN 'INSERT' THEN format('SELECT tenant_id, $1, id, version, NULL, %s FROM becomes',
        fieldgate.logged_row(tenant, dataset, 'becomes'))
      WHEN 'UPDATE' THEN format(
        'SELECT was.tenant_id, $1, was.id, becomes.version, %s, %s
         FROM was JOIN becomes ON becomes.id = was.id AND becomes.version = was.version + 1',
        fieldgate.logged_change(tenant, dataset, 'was', 'becomes'),
        fieldgate.logged_change(tenant, dataset, 'becomes', 'was'))
      ELSE format('SELECT tenant_id, $1, id, version + 1, %s, NULL FROM was',
        fieldgate.logged_row(tenant, dataset, 'was'))
    END
  USING fieldgate.commit_of(tenant, dataset);
  GET DIAGNOSTICS logged = ROW_COUNT;
  IF logged <> rows THEN
    RAISE EXCEPTION 'an edit of a row that keeps its id makes its next version'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END
$$;

-- Writes down which links of rows a statement made or removed. A row that loses one because its target is
-- deleted has a record too, in which none of its cells change and its version stays. Links that go with their
-- definition are no edits of rows, and go with what was written of them.
CREATE FUNCTION fieldgate.log_links() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  dataset record;
  commit uuid;
BEGIN
  FOR dataset IN
    SELECT DISTINCT d.tenant_id AS tenant, d.dataset_id AS id
    FROM changed l JOIN public.dataset_link d ON d.tenant_id = l.tenant_id AND d.id = l.link_id
    ORDER BY d.dataset_id
  LOOP
    commit := fieldgate.commit_of(dataset.tenant, dataset.id);
    INSERT INTO public.row_link_change AS c (tenant_id, commit_id, source_id, link_id, target_id, change)
    SELECT l.tenant_id, commit, l.source_id, l.link_id, l.target_id,
           CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END
    FROM changed l JOIN public.dataset_link d ON d.tenant_id = l.tenant_id AND d.id = l.link_id
    WHERE d.dataset_id = dataset.id
    ON CONFLICT (tenant_id, commit_id, source_id, link_id, target_id)
      DO UPDATE SET change = c.change + excluded.change;
    EXECUTE format(
      'INSERT INTO data.%I (tenant_id, commit_id, row_id, version, before, after)
       SELECT t.tenant_id, $1, t.id, t.version, ''{}'', ''{}'' FROM data.%I t
       WHERE t.tenant_id = $2 AND t.id IN (
         SELECT l.source_id FROM changed l
         JOIN public.dataset_link d ON d.tenant_id = l.tenant_id AND d.id = l.link_id
         WHERE d.dataset_id = $3)
       ON CONFLICT (tenant_id, commit_id, row_id, version) DO NOTHING',
      fieldgate.storage_name('l', dataset.id), fieldgate.storage_name('t', dataset.id))
    USING commit, dataset.tenant, dataset.id;
  END LOOP;
  RETURN NULL;
END
$$;
CREATE TRIGGER log_made AFTER INSERT ON row_link REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION fieldgate.log_links();
CREATE TRIGGER log_removed AFTER DELETE ON row_link REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION fieldgate.log_links();

-- Makes the log of a dataset, and the triggers that write it. It has the rows that are there.
CREATE FUNCTION fieldgate.create_log(tenant uuid, dataset uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  home text := fieldgate.storage_name('t', dataset);
  log text := fieldgate.storage_name('l', dataset);
BEGIN
  EXECUTE format(
    'CREATE TABLE data.%I (
       tenant_id uuid NOT NULL CHECK (tenant_id = %L),
       commit_id uuid NOT NULL,
       row_id uuid NOT NULL,
       version integer NOT NULL,
       before jsonb,
       after jsonb,
       PRIMARY KEY (tenant_id, commit_id, row_id, version),
       CHECK (before IS NOT NULL OR after IS NOT NULL))',
    log, tenant);
  EXECUTE format('CREATE INDEX ON data.%I (tenant_id, row_id)', log);
  EXECUTE format('ALTER TABLE data.%I ENABLE ROW LEVEL SECURITY', log);
  EXECUTE format('CREATE POLICY member ON data.%I FOR SELECT TO fieldgate_member
                  USING (tenant_id = (SELECT fieldgate.current_tenant()))', log);
  EXECUTE format('GRANT SELECT ON data.%I TO fieldgate_member', log);
  EXECUTE format('INSERT INTO data.%I (tenant_id, commit_id, row_id, version, after)
                  SELECT tenant_id, %L, id, version, %s FROM data.%I AS t',
    log, dataset, fieldgate.logged_row(tenant, dataset, 't'), home);

  EXECUTE format(
    'CREATE TRIGGER log_created AFTER INSERT ON data.%I REFERENCING NEW TABLE AS becomes
     FOR EACH STATEMENT EXECUTE FUNCTION fieldgate.log_rows(%L)', home, dataset);
  EXECUTE format(
    'CREATE TRIGGER log_changed AFTER UPDATE ON data.%I REFERENCING OLD TABLE AS was NEW TABLE AS becomes
     FOR EACH STATEMENT EXECUTE FUNCTION fieldgate.log_rows(%L)', home, dataset);
  EXECUTE format(
    'CREATE TRIGGER log_deleted AFTER DELETE ON data.%I REFERENCING OLD TABLE AS was
     FOR EACH STATEMENT EXECUTE FUNCTION fieldgate.log_rows(%L)', home, dataset);
END
$$;

-- Datasets, and imports that are being filled --------------------------------------------------------

-- As before, and with a log.
CREATE OR REPLACE FUNCTION fieldgate.create_storage(dataset uuid, types public.column_type[]) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine uuid := fieldgate.assert_mine(dataset);
  native text;
BEGIN
  INSERT INTO fieldgate.storage_column (tenant_id, dataset_id, slot, type)
  SELECT mine, dataset, t.slot, t.type
  FROM unnest(types) WITH ORDINALITY AS t (type, slot);

  SELECT string_agg(format(', c%s %s', s.slot, fieldgate.native_type(s.type)), '' ORDER BY s.slot)
  INTO native
  FROM fieldgate.storage_column s
  WHERE s.tenant_id = mine AND s.dataset_id = dataset AND fieldgate.is_native(s.slot);

  EXECUTE format(
    'CREATE TABLE data.%I (
       tenant_id uuid NOT NULL DEFAULT %L CHECK (tenant_id = %L),
       id uuid NOT NULL,
       version integer NOT NULL DEFAULT 1,
       created_at timestamptz(3) NOT NULL,
       created_by text NOT NULL,
       updated_at timestamptz(3) NOT NULL,
       updated_by text NOT NULL,
       overflow jsonb%s,
       PRIMARY KEY (tenant_id, id))',
    fieldgate.storage_name('t', dataset), mine, mine, native);
  EXECUTE format('COMMENT ON TABLE data.%I IS %L', fieldgate.storage_name('t', dataset), mine);
  PERFORM fieldgate.create_log(mine, dataset);
  PERFORM fieldgate.draw_view(mine, dataset);
END
$$;

-- As before, and with its log.
CREATE OR REPLACE FUNCTION fieldgate.drop_storage(dataset uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine uuid := fieldgate.close_storage(dataset);
BEGIN
  EXECUTE format('DROP VIEW data.%I', fieldgate.storage_name('d', dataset));
  EXECUTE format('DROP TABLE data.%I, data.%I',
    fieldgate.storage_name('t', dataset), fieldgate.storage_name('l', dataset));
  DELETE FROM fieldgate.storage_column s WHERE s.tenant_id = mine AND s.dataset_id = dataset;
END
$$;

-- As before. What becomes of a column is no edit of a row, and is not logged.
CREATE OR REPLACE FUNCTION fieldgate.drop_storage_column(dataset uuid, gone integer) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine uuid := fieldgate.close_storage(dataset);
  home text := fieldgate.storage_name('t', dataset);
BEGIN
  DELETE FROM fieldgate.storage_column s
  WHERE s.tenant_id = mine AND s.dataset_id = dataset AND s.slot = gone;
  EXECUTE format('DROP VIEW data.%I', fieldgate.storage_name('d', dataset));
  IF fieldgate.is_native(gone) THEN
    EXECUTE format('ALTER TABLE data.%I DROP COLUMN c%s', home, gone);
  ELSE
    EXECUTE format('DROP INDEX IF EXISTS data.%I',
      fieldgate.index_name(dataset, ARRAY[gone], false));
    EXECUTE format('DROP INDEX IF EXISTS data.%I',
      fieldgate.index_name(dataset, ARRAY[gone], true));
    EXECUTE format('ALTER TABLE data.%I DISABLE TRIGGER USER', home);
    EXECUTE format('UPDATE data.%I SET overflow = overflow - %L WHERE overflow ? %L',
      home, gone::text, gone::text);
    EXECUTE format('ALTER TABLE data.%I ENABLE TRIGGER USER', home);
  END IF;
  PERFORM fieldgate.draw_view(mine, dataset);
END
$$;

-- The last commit before the cells of a slot were made of those of another: until then the log knows nothing
-- of them.
ALTER TABLE fieldgate.storage_column ADD COLUMN converted_at bigint;

-- As before, and likewise. Cells of `overflow` have the form that they have in the log.
CREATE OR REPLACE FUNCTION fieldgate.copy_storage_column(dataset uuid, source integer, target integer)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine uuid := fieldgate.close_storage(dataset);
  home text := fieldgate.storage_name('t', dataset);
  was public.column_type;
  becomes public.column_type;
  cell text;
  value text;
BEGIN
  SELECT s.type INTO STRICT was FROM fieldgate.storage_column s
  WHERE s.tenant_id = mine AND s.dataset_id = dataset AND s.slot = source;
  SELECT s.type INTO STRICT becomes FROM fieldgate.storage_column s
  WHERE s.tenant_id = mine AND s.dataset_id = dataset AND s.slot = target;

  cell := CASE WHEN fieldgate.is_native(source) THEN format('c%s', source)
               ELSE fieldgate.overflow_cell(source, was) END;
  value := fieldgate.converted_cell(cell, was, becomes);
  EXECUTE format('ALTER TABLE data.%I DISABLE TRIGGER USER', home);
  EXECUTE format('UPDATE data.%I SET %s WHERE tenant_id = %L AND %s IS NOT NULL', home,
    CASE WHEN fieldgate.is_native(target) THEN format('c%s = %s', target, value)
         ELSE format('overflow = coalesce(overflow, ''{}'') || jsonb_build_object(%L, (%s)::jsonb)',
                     target::text, fieldgate.logged_cell(format('(%s)', value), becomes)) END,
    mine, cell);
  EXECUTE format('ALTER TABLE data.%I ENABLE TRIGGER USER', home);
  UPDATE fieldgate.storage_column s SET converted_at = h.number
  FROM public.row_commit_head h
  WHERE h.tenant_id = mine AND h.dataset_id = dataset
    AND s.tenant_id = mine AND s.dataset_id = dataset AND s.slot = target;
END
$$;

-- The slots of a dataset whose cells were converted from those of another slot, and after which commit.
CREATE FUNCTION fieldgate.converted_slots(dataset uuid) RETURNS TABLE (slot integer, number bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT s.slot, s.converted_at FROM fieldgate.storage_column s
  WHERE s.tenant_id = fieldgate.current_tenant() AND s.dataset_id = dataset
    AND s.converted_at IS NOT NULL;
END;

-- The logs of datasets that are there begin with the rows that they have.
INSERT INTO row_commit_head (tenant_id, dataset_id, number) SELECT tenant_id, id, 1 FROM dataset;
INSERT INTO row_commit (tenant_id, id, dataset_id, number, by, at)
SELECT tenant_id, id, id, 1, created_by, created_at FROM dataset;
DO $$
DECLARE
  kept record;
BEGIN
  FOR kept IN SELECT tenant_id, id FROM dataset UNION SELECT tenant_id, id FROM dataset_import LOOP
    PERFORM fieldgate.create_log(kept.tenant_id, kept.id);
  END LOOP;
END
$$;

REVOKE ALL ON FUNCTION fieldgate.begin_log(), fieldgate.commit_of(uuid, uuid), fieldgate.number_commit(),
  fieldgate.logged_cell(text, public.column_type), fieldgate.logged_row(uuid, uuid, text),
  fieldgate.logged_change(uuid, uuid, text, text), fieldgate.changed_overflow(jsonb, jsonb),
  fieldgate.log_rows(), fieldgate.log_links(), fieldgate.create_log(uuid, uuid),
  fieldgate.converted_slots(uuid)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION fieldgate.converted_slots(uuid) TO fieldgate_member;

RESET ROLE;
