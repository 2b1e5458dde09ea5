-- Indexes that searches use are built without keeping anybody out: docs/decisions/013-indexes.md.
SET ROLE fieldgate_owner;

-- Indexes for searches that are being built, and those that could not be. What is in neither state is not
-- here: the catalogue says which there are.
CREATE TABLE fieldgate.index_build (
  tenant_id uuid NOT NULL,
  dataset_id uuid NOT NULL,
  slot integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('ORDERED', 'TEXT')),
  began_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Of a hundred.
  progress integer NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
  -- Null: it is being built.
  failure text CHECK (failure IN ('TOO_LONG', 'DATABASE')),
  PRIMARY KEY (tenant_id, dataset_id, slot, kind),
  FOREIGN KEY (tenant_id, dataset_id, slot) REFERENCES fieldgate.storage_column ON DELETE CASCADE
);

-- Refuses a dataset without storage in this tenant. One of this tenant whose id is that of another tenant's
-- does not lead to the table, which says whose it is.
CREATE FUNCTION fieldgate.assert_storage(dataset uuid) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine uuid := fieldgate.assert_mine(dataset);
BEGIN
  IF obj_description(
       to_regclass(format('data.%I', fieldgate.storage_name('t', dataset))), 'pg_class'
     ) IS DISTINCT FROM mine::text THEN
    RAISE EXCEPTION 'no storage of % in this tenant', dataset USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN mine;
END
$$;

-- Locks the table and the view of a dataset in a mode until the transaction ends. The view comes first and
-- the table through it, as for everyone who reads or writes, so that nobody waits in a circle. Who comes
-- while an index is built is refused at once: it would wait for the end of the build, and whoever reads or
-- writes would wait behind it.
CREATE FUNCTION fieldgate.hold_storage(dataset uuid, mode text) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine uuid := fieldgate.assert_storage(dataset);
BEGIN
  IF NOT pg_try_advisory_xact_lock_shared(7241956, hashtext(dataset::text)) THEN
    RAISE EXCEPTION 'an index of % is being built', dataset USING ERRCODE = 'lock_not_available';
  END IF;
  EXECUTE format('LOCK TABLE data.%I IN %s MODE', fieldgate.storage_name('d', dataset), mode);
  RETURN mine;
END
$$;

-- Keeps everybody out of a dataset's rows until the transaction ends.
CREATE OR REPLACE FUNCTION fieldgate.close_storage(dataset uuid) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN fieldgate.hold_storage(dataset, 'ACCESS EXCLUSIVE');
END
$$;

-- The name of an index for searches by one column.
CREATE FUNCTION fieldgate.search_index_name(dataset uuid, slot integer, kind text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE kind
  WHEN 'TEXT' THEN 's_' || substr(fieldgate.index_name(dataset, ARRAY[slot], false), 3)
  ELSE fieldgate.index_name(dataset, ARRAY[slot], false)
END;

-- The statement that makes an index: `ORDERED` for look-ups and order, `(tenant_id, c<slot>, id)`;
-- `UNIQUE` to keep values apart; `TEXT` for look-ups by text of any length, which a B-tree refuses.
CREATE FUNCTION fieldgate.index_statement(
  tenant uuid, dataset uuid, slots integer[], kind text, beside_writers boolean
) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  parts text;
BEGIN
  SELECT string_agg(CASE
      WHEN fieldgate.is_native(s.slot) THEN format('c%s', s.slot)
      ELSE fieldgate.overflow_cell(s.slot, s.type)
    END, ', ' ORDER BY wanted.place)
  INTO STRICT parts
  FROM unnest(slots) WITH ORDINALITY AS wanted (slot, place)
  JOIN fieldgate.storage_column s
    ON s.tenant_id = tenant AND s.dataset_id = dataset AND s.slot = wanted.slot;
  RETURN format('CREATE %s INDEX %s IF NOT EXISTS %I ON data.%I USING %s',
    CASE kind WHEN 'UNIQUE' THEN 'UNIQUE' ELSE '' END,
    CASE WHEN beside_writers THEN 'CONCURRENTLY' ELSE '' END,
    CASE kind WHEN 'UNIQUE' THEN fieldgate.index_name(dataset, slots, true)
              ELSE fieldgate.search_index_name(dataset, slots[1], kind) END,
    fieldgate.storage_name('t', dataset),
    CASE kind WHEN 'UNIQUE' THEN format('btree (tenant_id, %s)', parts)
              WHEN 'ORDERED' THEN format('btree (tenant_id, %s, id)', parts)
              WHEN 'TEXT' THEN format('spgist (%s)', parts) END);
END
$$;

-- Makes an index and keeps writers out meanwhile, readers not. Fails where two rows agree in all columns of
-- a unique one, and where a cell is too long for an index.
CREATE OR REPLACE FUNCTION fieldgate.create_storage_index(
  dataset uuid, slots integer[], is_unique boolean
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  mine uuid := fieldgate.hold_storage(dataset, 'SHARE');
BEGIN
  EXECUTE fieldgate.index_statement(
    mine, dataset, slots, CASE WHEN is_unique THEN 'UNIQUE' ELSE 'ORDERED' END, false);
EXCEPTION WHEN program_limit_exceeded THEN
  RAISE EXCEPTION 'a value is too long for an index' USING ERRCODE = 'string_data_right_truncation';
END
$$;

-- Whether an index of a table is built in less time than anybody minds to wait.
CREATE FUNCTION fieldgate.is_small(home regclass) RETURNS boolean
LANGUAGE sql STABLE
RETURN pg_relation_size(home) <= 8 * 1024 * 1024;

-- Whether the indexes of a dataset may be built in the transaction that asks for them.
CREATE FUNCTION fieldgate.is_small_storage(dataset uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM fieldgate.assert_storage(dataset);
  RETURN fieldgate.is_small(to_regclass(format('data.%I', fieldgate.storage_name('t', dataset))));
END
$$;

-- How it stands with the indexes of the columns that are marked as indexed.
CREATE FUNCTION fieldgate.index_states(datasets uuid[])
RETURNS TABLE (column_id uuid, is_ready boolean, progress integer, failure text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT c.id,
         EXISTS (SELECT FROM pg_index i
                 WHERE i.indisvalid AND i.indexrelid = to_regclass(
                   format('data.%I', fieldgate.search_index_name(c.dataset_id, c.slot, 'ORDERED')))),
         b.progress, b.failure
  FROM public.dataset_column c
  JOIN fieldgate.storage_column s
    ON s.tenant_id = c.tenant_id AND s.dataset_id = c.dataset_id AND s.slot = c.slot
  LEFT JOIN fieldgate.index_build b
    ON b.tenant_id = c.tenant_id AND b.dataset_id = c.dataset_id AND b.slot = c.slot
   AND b.kind = 'ORDERED'
  WHERE c.tenant_id = fieldgate.current_tenant() AND c.dataset_id = ANY (datasets) AND c.indexed;
END;

-- What tells whether the indexes of a tenant have to be looked at anew: it moves with each change of rights
-- and of definitions.
CREATE FUNCTION fieldgate.index_needs() RETURNS TABLE (tenant uuid, version text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT t.id, concat_ws(' ', t.rights_version, count(d.id), sum(d.version), max(d.created_at))
  FROM public.tenant t JOIN public.dataset d ON d.tenant_id = t.id
  GROUP BY t.id, t.rights_version;
END;

REVOKE ALL ON FUNCTION fieldgate.assert_storage(uuid), fieldgate.hold_storage(uuid, text),
  fieldgate.search_index_name(uuid, integer, text),
  fieldgate.index_statement(uuid, uuid, integer[], text, boolean),
  fieldgate.is_small(regclass), fieldgate.is_small_storage(uuid),
  fieldgate.index_states(uuid[]), fieldgate.index_needs()
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION fieldgate.is_small_storage(uuid), fieldgate.index_states(uuid[])
  TO fieldgate_member;
GRANT EXECUTE ON FUNCTION fieldgate.index_needs() TO fieldgate_operator;

RESET ROLE;
