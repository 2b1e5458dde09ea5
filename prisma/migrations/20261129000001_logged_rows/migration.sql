-- How a row becomes a record of the change log, in less time: docs/decisions/017-costs.md.
SET ROLE fieldgate_owner;

-- As before, and the same cells. Those that the log has as strings are made an object at once; the others, of which
-- JSON may hold nulls of its own, become the text of one as they did.
CREATE OR REPLACE FUNCTION fieldgate.logged_row(tenant uuid, dataset uuid, which text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT format('jsonb_strip_nulls(jsonb_object(%L, ARRAY[%s]::text[]))',
      coalesce(array_agg(s.slot ORDER BY s.slot) FILTER (WHERE a.native AND a.text), '{}'),
      string_agg(a.shown, ',' ORDER BY s.slot) FILTER (WHERE a.native AND a.text))
    || coalesce(' || (''{'' || array_to_string(ARRAY['
      || string_agg(format('''"%s":'' || %s', s.slot, fieldgate.logged_cell(a.cell, s.type)), ','
           ORDER BY s.slot) FILTER (WHERE a.native AND NOT a.text)
      || '], '','') || ''}'')::jsonb', '')
    || CASE WHEN bool_or(NOT a.native)
            THEN format(' || coalesce(%s.overflow, ''{}'')', which) ELSE '' END
  FROM fieldgate.storage_column s
  CROSS JOIN LATERAL (SELECT format('%s.c%s', which, s.slot) AS cell) the
  CROSS JOIN LATERAL (
    SELECT fieldgate.is_native(s.slot) AS native, s.type NOT IN ('BOOLEAN', 'JSON') AS text, the.cell,
           CASE WHEN s.type IN ('TEXT', 'SELECT') THEN the.cell
                ELSE fieldgate.cell_text(the.cell, s.type) END AS shown) a
  WHERE s.tenant_id = tenant AND s.dataset_id = dataset;
END;

RESET ROLE;
