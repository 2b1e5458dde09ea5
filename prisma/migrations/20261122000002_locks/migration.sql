-- The second lock. Whatever a resolver forgets, a request reaches one tenant's system tables through
-- row-level security, and the rows of a dataset through its view alone.
SET ROLE fieldgate_owner;

CREATE SCHEMA fieldgate;
CREATE SCHEMA data;
REVOKE ALL ON SCHEMA fieldgate, data FROM PUBLIC;
GRANT USAGE ON SCHEMA public, fieldgate TO
  fieldgate_member, fieldgate_public, fieldgate_visualization, fieldgate_operator;
GRANT USAGE ON SCHEMA data TO fieldgate_member, fieldgate_public, fieldgate_visualization;

-- The tenant of this transaction; null, and so nobody's, where none is set.
CREATE FUNCTION fieldgate.current_tenant() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('fieldgate.tenant', true), '')::uuid;

-- Row-level security ---------------------------------------------------------------------------

ALTER TABLE tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE role ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE key_role ENABLE ROW LEVEL SECURITY;
ALTER TABLE dataset ENABLE ROW LEVEL SECURITY;
ALTER TABLE dataset_column ENABLE ROW LEVEL SECURITY;
ALTER TABLE role_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE dataset_import ENABLE ROW LEVEL SECURITY;

CREATE POLICY member ON tenant TO fieldgate_member
  USING (id = (SELECT fieldgate.current_tenant()));
CREATE POLICY member ON role TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
CREATE POLICY member ON api_key TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
CREATE POLICY member ON key_role TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
CREATE POLICY member ON dataset TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
CREATE POLICY member ON dataset_column TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
CREATE POLICY member ON role_grant TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));
CREATE POLICY member ON dataset_import TO fieldgate_member
  USING (tenant_id = (SELECT fieldgate.current_tenant()));

GRANT SELECT ON tenant TO fieldgate_member;
GRANT UPDATE (label, slug) ON tenant TO fieldgate_member;
GRANT SELECT, INSERT, UPDATE, DELETE
  ON role, api_key, key_role, dataset, dataset_column, role_grant, dataset_import
  TO fieldgate_member;

-- The public sees the anonymous role, the OPEN datasets, and what that role's grants say of them.
CREATE POLICY public ON tenant FOR SELECT TO fieldgate_public
  USING (id = (SELECT fieldgate.current_tenant()));
CREATE POLICY public ON role FOR SELECT TO fieldgate_public
  USING (tenant_id = (SELECT fieldgate.current_tenant()) AND built_in = 'ANONYMOUS');
CREATE POLICY public ON dataset FOR SELECT TO fieldgate_public
  USING (tenant_id = (SELECT fieldgate.current_tenant()) AND access_level = 'OPEN');
CREATE POLICY public ON dataset_column FOR SELECT TO fieldgate_public
  USING (tenant_id = (SELECT fieldgate.current_tenant())
         AND (tenant_id, dataset_id) IN (SELECT d.tenant_id, d.id FROM dataset d));
CREATE POLICY public ON role_grant FOR SELECT TO fieldgate_public
  USING (tenant_id = (SELECT fieldgate.current_tenant())
         AND (tenant_id, role_id) IN (SELECT r.tenant_id, r.id FROM role r)
         AND (tenant_id, dataset_id) IN (SELECT d.tenant_id, d.id FROM dataset d));

GRANT SELECT ON tenant, role, dataset, dataset_column, role_grant TO fieldgate_public;

-- The operator's hand reaches the list of tenants and nothing in them.
CREATE POLICY operator ON tenant TO fieldgate_operator USING (true);
GRANT SELECT, INSERT, DELETE ON tenant TO fieldgate_operator;

-- Tenants and rights -----------------------------------------------------------------------------

-- The tenant that a request without a credential means: the one with this slug, or the only one.
CREATE FUNCTION fieldgate.find_tenant(wanted text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT CASE WHEN wanted IS NOT NULL THEN (SELECT t.id FROM public.tenant t WHERE t.slug = wanted)
              WHEN (SELECT count(*) FROM (SELECT FROM public.tenant LIMIT 2) two) = 1
              THEN (SELECT t.id FROM public.tenant t) END;
END;

-- The last word of a mutation: true when the rights that it used are still the rights. Whoever changes
-- rights takes the same lock, so that nothing commits by rights that were revoked before.
CREATE FUNCTION fieldgate.hold_rights(used bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM FROM public.tenant
  WHERE id = fieldgate.current_tenant() AND rights_version = used
  FOR SHARE;
  RETURN FOUND;
END
$$;

-- The first word of a mutation that changes rights: it waits for others that do. And of one that lost to
-- such a mutation before: with the lock shared, it cannot lose again.
CREATE FUNCTION fieldgate.lock_rights(to_change boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF to_change THEN
    PERFORM FROM public.tenant WHERE id = fieldgate.current_tenant() FOR NO KEY UPDATE;
  ELSE
    PERFORM FROM public.tenant WHERE id = fieldgate.current_tenant() FOR SHARE;
  END IF;
END
$$;

-- The last word of a mutation that changes rights.
CREATE FUNCTION fieldgate.move_rights(used bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  UPDATE public.tenant SET rights_version = rights_version + 1
  WHERE id = fieldgate.current_tenant() AND rights_version = used;
  RETURN FOUND;
END
$$;

-- The rows of datasets -----------------------------------------------------------------------------

-- What the table of each dataset holds. Slots up to 250 are native columns, those above live in
-- `overflow`: PostgreSQL keeps a row's in-line values on one page of 8 kB, which 1,000 native columns
-- would not fit.
CREATE TABLE fieldgate.storage_column (
  tenant_id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  slot integer NOT NULL CHECK (slot > 0),
  type public.column_type NOT NULL,
  PRIMARY KEY (tenant_id, dataset_id, slot)
);

CREATE FUNCTION fieldgate.is_native(slot integer) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN slot <= 250;

CREATE FUNCTION fieldgate.native_type(type public.column_type) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE type
  WHEN 'TEXT' THEN 'text COLLATE "C"'
  WHEN 'SELECT' THEN 'text COLLATE "C"'
  WHEN 'INTEGER' THEN 'bigint'
  WHEN 'DECIMAL' THEN 'numeric'
  WHEN 'BOOLEAN' THEN 'boolean'
  WHEN 'DATE' THEN 'date'
  WHEN 'DATETIME' THEN 'timestamptz(3)'
  WHEN 'JSON' THEN 'jsonb'
END;

-- A cast that depends on no setting, as an index demands: cells are stored in ISO 8601, in UTC.
CREATE FUNCTION fieldgate.as_date(cell text) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS 'SELECT cell::date';

CREATE FUNCTION fieldgate.as_datetime(cell text) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS 'SELECT cell::timestamptz(3)';

-- How a column of `overflow` is read, in the view and in an index alike.
CREATE FUNCTION fieldgate.overflow_cell(slot integer, type public.column_type) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE type
  WHEN 'JSON' THEN format('(overflow -> %L)', slot)
  WHEN 'DATE' THEN format('fieldgate.as_date(overflow ->> %L)', slot)
  WHEN 'DATETIME' THEN format('fieldgate.as_datetime(overflow ->> %L)', slot)
  ELSE format('((overflow ->> %L)::%s)', slot, fieldgate.native_type(type))
END;

-- The name of a dataset's table (`t`) or view (`d`) in the schema `data`.
CREATE FUNCTION fieldgate.storage_name(kind text, dataset uuid) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN kind || '_' || replace(dataset::text, '-', '');

-- Who may pass the door of a dataset's view: members of its tenant, and the public where it is OPEN.
-- Asked once for each statement. In PL/pgSQL, whose plans last as long as the connection.
CREATE FUNCTION fieldgate.reaches(tenant uuid, dataset uuid, who name) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF tenant IS DISTINCT FROM nullif(current_setting('fieldgate.tenant', true), '')::uuid THEN
    RETURN false;
  END IF;
  IF who = 'fieldgate_member' THEN
    RETURN true;
  END IF;
  RETURN who = 'fieldgate_public' AND EXISTS (
    SELECT FROM public.dataset d
    WHERE d.tenant_id = tenant AND d.id = dataset AND d.access_level = 'OPEN');
END
$$;

-- What follows runs as the owner of everything. Its search path ends with `pg_temp`, which would come
-- first if it were not named, so that nobody's temporary type stands in for `text` or `uuid`.

-- Refuses to touch the storage of anything but a dataset, or an unfinished import, of this tenant.
CREATE FUNCTION fieldgate.assert_mine(dataset uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine uuid := fieldgate.current_tenant();
BEGIN
  IF mine IS NULL OR NOT EXISTS (
    SELECT FROM public.dataset d WHERE d.tenant_id = mine AND d.id = dataset
    UNION ALL
    SELECT FROM public.dataset_import i WHERE i.tenant_id = mine AND i.id = dataset
  ) THEN
    RAISE EXCEPTION 'no dataset % in this tenant', dataset USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN mine;
END
$$;

-- Keeps everybody out of a dataset's rows until the transaction ends. The view comes first and the table
-- through it, as for everyone who reads or writes, so that nobody waits in a circle. A dataset of this
-- tenant whose id is that of another tenant's does not lead to the table, which says whose it is.
CREATE FUNCTION fieldgate.close_storage(dataset uuid) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine uuid := fieldgate.assert_mine(dataset);
BEGIN
  IF obj_description(
       to_regclass(format('data.%I', fieldgate.storage_name('t', dataset))), 'pg_class'
     ) IS DISTINCT FROM mine::text THEN
    RAISE EXCEPTION 'no storage of % in this tenant', dataset USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('LOCK TABLE data.%I IN ACCESS EXCLUSIVE MODE',
    fieldgate.storage_name('d', dataset));
  RETURN mine;
END
$$;

-- Draws the view of a dataset anew: its native columns, and those of `overflow` typed like them.
CREATE FUNCTION fieldgate.draw_view(tenant uuid, dataset uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  door text := fieldgate.storage_name('d', dataset);
  shown text;
BEGIN
  SELECT string_agg(CASE
      WHEN fieldgate.is_native(s.slot) THEN format(', c%s', s.slot)
      ELSE format(', %s AS c%s', fieldgate.overflow_cell(s.slot, s.type), s.slot)
    END, '' ORDER BY s.slot)
  INTO shown
  FROM fieldgate.storage_column s
  WHERE s.tenant_id = tenant AND s.dataset_id = dataset;

  EXECUTE format('DROP VIEW IF EXISTS data.%I', door);
  EXECUTE format(
    'CREATE VIEW data.%I AS
       SELECT tenant_id, id, version, created_at, created_by, updated_at, updated_by, overflow%s
       FROM data.%I
       WHERE (SELECT fieldgate.reaches(%L::uuid, %L::uuid, current_user))
     WITH LOCAL CHECK OPTION',
    door, shown, fieldgate.storage_name('t', dataset), tenant, dataset);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON data.%I TO fieldgate_member', door);
  EXECUTE format('GRANT SELECT ON data.%I TO fieldgate_public', door);
END
$$;

CREATE FUNCTION fieldgate.create_storage(dataset uuid, types public.column_type[]) RETURNS void
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
  PERFORM fieldgate.draw_view(mine, dataset);
END
$$;

CREATE FUNCTION fieldgate.add_storage_column(dataset uuid, slot integer, type public.column_type)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine uuid := fieldgate.close_storage(dataset);
BEGIN
  INSERT INTO fieldgate.storage_column (tenant_id, dataset_id, slot, type)
  VALUES (mine, dataset, slot, type);
  IF fieldgate.is_native(slot) THEN
    EXECUTE format('ALTER TABLE data.%I ADD COLUMN c%s %s',
      fieldgate.storage_name('t', dataset), slot, fieldgate.native_type(type));
  END IF;
  PERFORM fieldgate.draw_view(mine, dataset);
END
$$;

-- The column leaves the view and the table, and its values are gone.
CREATE FUNCTION fieldgate.drop_storage_column(dataset uuid, gone integer) RETURNS void
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
    EXECUTE format('UPDATE data.%I SET overflow = overflow - %L WHERE overflow ? %L',
      home, gone::text, gone::text);
  END IF;
  PERFORM fieldgate.draw_view(mine, dataset);
END
$$;

CREATE FUNCTION fieldgate.refuse_conversion() RETURNS text
LANGUAGE plpgsql VOLATILE
AS $$
BEGIN
  RAISE EXCEPTION 'a value does not convert' USING ERRCODE = 'invalid_character_value_for_cast';
END
$$;

-- A cell as text: the expression of what callers see of it.
CREATE FUNCTION fieldgate.cell_text(cell text, type public.column_type) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE type
  WHEN 'DATE' THEN format('to_char(%s, ''YYYY-MM-DD'')', cell)
  WHEN 'DATETIME'
    THEN format('to_char(%s AT TIME ZONE ''UTC'', ''YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'')', cell)
  WHEN 'JSON' THEN format('normalize(%s #>> ''{}'')', cell)
  ELSE format('%s::text', cell)
END;

-- The condition under which text has the form of a type's cells. It is stricter than PostgreSQL's own
-- casts, which also take `infinity`, `yesterday`, `0x1f` or `on`.
CREATE FUNCTION fieldgate.fits_type(cell text, type public.column_type) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE type
  WHEN 'TEXT' THEN format('octet_length(%s) <= 65536', cell)
  WHEN 'SELECT' THEN format('octet_length(%s) <= 65536', cell)
  WHEN 'INTEGER' THEN format('%s ~ ''^-?(0|[1-9][0-9]{0,18})$''', cell)
  WHEN 'DECIMAL' THEN format('%s ~ ''^-?(0|[1-9][0-9]{0,99})([.][0-9]{1,100})?$''', cell)
  WHEN 'BOOLEAN' THEN format('%s IN (''true'', ''false'')', cell)
  WHEN 'DATE' THEN format('%s ~ ''^[0-9]{4}-[0-9]{2}-[0-9]{2}$''', cell)
  WHEN 'DATETIME' THEN format(
    '%s ~ ''^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,3})?)?(Z|[+-][0-9]{2}:?[0-9]{2})$''',
    cell)
  WHEN 'JSON' THEN format('fieldgate.is_json(%s)', cell)
END;

-- Whether text is JSON that a cell may hold: its numbers are doubles, so that no short text becomes a
-- long one, and it is nested at most 64 deep.
CREATE FUNCTION fieldgate.is_json(cell text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN NOT jsonb_path_exists(cell::jsonb,
    '$.** ? (@ > 1e308 || @ < -1e308 || (@ != 0 && @ < 1e-308 && @ > -1e-308))')
  AND NOT jsonb_path_exists(cell::jsonb, '$.**{65}')
  AND octet_length(cell::jsonb::text) <= 65536;

-- The expression of a cell's value in another type; it fails where the value would not be kept whole.
CREATE FUNCTION fieldgate.converted_cell(cell text, was public.column_type, becomes public.column_type)
RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  shown text := fieldgate.cell_text(cell, was);
BEGIN
  IF becomes = 'JSON' AND was NOT IN ('TEXT', 'SELECT') THEN
    RETURN format('to_jsonb(%s)', CASE WHEN was IN ('DATE', 'DATETIME') THEN shown ELSE cell END);
  END IF;
  shown := CASE
    WHEN was = 'DECIMAL' AND becomes = 'INTEGER' THEN format('trim_scale(%s)::text', cell)
    WHEN was = 'DATE' AND becomes = 'DATETIME' THEN format('(%s || ''T00:00:00Z'')', shown)
    WHEN was = 'DATETIME' AND becomes = 'DATE'
      THEN format('regexp_replace(%s, ''T00:00:00[.]000Z$'', '''')', shown)
    ELSE shown
  END;
  RETURN format('(CASE WHEN %s THEN %s ELSE fieldgate.refuse_conversion() END)::%s',
    fieldgate.fits_type(shown, becomes), shown, fieldgate.native_type(becomes));
END
$$;

-- Copies the values of one column into another of a different type; fails where one does not convert.
CREATE FUNCTION fieldgate.copy_storage_column(dataset uuid, source integer, target integer)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine uuid := fieldgate.close_storage(dataset);
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
  EXECUTE format('UPDATE data.%I SET %s WHERE tenant_id = %L AND %s IS NOT NULL',
    fieldgate.storage_name('t', dataset),
    CASE WHEN fieldgate.is_native(target) THEN format('c%s = %s', target, value)
         ELSE format('overflow = coalesce(overflow, ''{}'') || jsonb_build_object(%L, %s)',
                     target::text, value) END,
    mine, cell);
END
$$;

CREATE FUNCTION fieldgate.index_name(dataset uuid, slots integer[], is_unique boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN is_unique THEN 'u_' ELSE 'i_' END
  || substr(md5(dataset::text || array_to_string(slots, '_')), 1, 24);

-- An index for look-ups and order, `(tenant_id, c<slot>, id)`, or one that keeps values unique. Fails
-- where two rows agree in all of them, and where a cell is too long for an index.
CREATE FUNCTION fieldgate.create_storage_index(dataset uuid, slots integer[], is_unique boolean)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine uuid := fieldgate.close_storage(dataset);
  parts text;
BEGIN
  SELECT string_agg(CASE
      WHEN fieldgate.is_native(s.slot) THEN format('c%s', s.slot)
      ELSE fieldgate.overflow_cell(s.slot, s.type)
    END, ', ' ORDER BY wanted.place)
  INTO STRICT parts
  FROM unnest(slots) WITH ORDINALITY AS wanted (slot, place)
  JOIN fieldgate.storage_column s
    ON s.tenant_id = mine AND s.dataset_id = dataset AND s.slot = wanted.slot;
  EXECUTE format('CREATE %s INDEX IF NOT EXISTS %I ON data.%I (tenant_id, %s%s)',
    CASE WHEN is_unique THEN 'UNIQUE' ELSE '' END,
    fieldgate.index_name(dataset, slots, is_unique),
    fieldgate.storage_name('t', dataset), parts,
    CASE WHEN is_unique THEN '' ELSE ', id' END);
EXCEPTION WHEN program_limit_exceeded THEN
  RAISE EXCEPTION 'a value is too long for an index' USING ERRCODE = 'string_data_right_truncation';
END
$$;

CREATE FUNCTION fieldgate.drop_storage_index(dataset uuid, slots integer[], is_unique boolean)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM fieldgate.close_storage(dataset);
  EXECUTE format('DROP INDEX IF EXISTS data.%I', fieldgate.index_name(dataset, slots, is_unique));
END
$$;

CREATE FUNCTION fieldgate.drop_storage(dataset uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine uuid := fieldgate.close_storage(dataset);
BEGIN
  EXECUTE format('DROP VIEW data.%I', fieldgate.storage_name('d', dataset));
  EXECUTE format('DROP TABLE data.%I', fieldgate.storage_name('t', dataset));
  DELETE FROM fieldgate.storage_column s WHERE s.tenant_id = mine AND s.dataset_id = dataset;
END
$$;

-- Counts what a dataset holds, so that its pages are planned by it. PostgreSQL does so by itself after a
-- minute or so, the embedded database never. Of fewer rows than usual: 250 columns would take 10 seconds.
CREATE FUNCTION fieldgate.analyze_storage(dataset uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET default_statistics_target = 30
AS $$
BEGIN
  PERFORM fieldgate.close_storage(dataset);
  EXECUTE format('ANALYZE data.%I', fieldgate.storage_name('t', dataset));
END
$$;

-- Nobody runs a function by default; request roles run those that they need.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA fieldgate FROM PUBLIC;
GRANT EXECUTE ON FUNCTION fieldgate.current_tenant(), fieldgate.find_tenant(text),
  fieldgate.reaches(uuid, uuid, name), fieldgate.as_date(text), fieldgate.as_datetime(text)
  TO fieldgate_member, fieldgate_public, fieldgate_visualization, fieldgate_operator;
GRANT EXECUTE ON FUNCTION fieldgate.lock_rights(boolean), fieldgate.hold_rights(bigint),
  fieldgate.move_rights(bigint),
  fieldgate.create_storage(uuid, public.column_type[]),
  fieldgate.add_storage_column(uuid, integer, public.column_type),
  fieldgate.drop_storage_column(uuid, integer),
  fieldgate.copy_storage_column(uuid, integer, integer),
  fieldgate.create_storage_index(uuid, integer[], boolean),
  fieldgate.drop_storage_index(uuid, integer[], boolean),
  fieldgate.drop_storage(uuid),
  fieldgate.analyze_storage(uuid)
  TO fieldgate_member;

RESET ROLE;
