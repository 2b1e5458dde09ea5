-- The state of a tenant's definitions, so that what was read of them once need not be read again:
-- docs/decisions/019-kept-definitions.md.
SET ROLE fieldgate_owner;

-- Another one after each transaction that changes a dataset, a column, a link or a grant of the tenant; never one
-- that was there before, whatever becomes of the database.
CREATE TABLE fieldgate.definition_head (
  tenant_id uuid NOT NULL PRIMARY KEY REFERENCES public.tenant ON DELETE CASCADE,
  state uuid NOT NULL
);

-- The very last of a transaction, and once for all that it changes, so that others wait for it as little as can be.
CREATE FUNCTION fieldgate.move_definitions() RETURNS trigger
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  tenant uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.tenant_id ELSE NEW.tenant_id END;
BEGIN
  IF current_setting('fieldgate.moved', true) = tenant::text THEN
    RETURN NULL;
  END IF;
  PERFORM set_config('fieldgate.moved', tenant::text, true);
  INSERT INTO fieldgate.definition_head (tenant_id, state)
  SELECT t.id, gen_random_uuid() FROM public.tenant t WHERE t.id = tenant
  ON CONFLICT (tenant_id) DO UPDATE SET state = gen_random_uuid();
  RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER move_definitions AFTER INSERT OR UPDATE OR DELETE ON dataset
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fieldgate.move_definitions();
CREATE CONSTRAINT TRIGGER move_definitions AFTER INSERT OR UPDATE OR DELETE ON dataset_column
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fieldgate.move_definitions();
CREATE CONSTRAINT TRIGGER move_definitions AFTER INSERT OR UPDATE OR DELETE ON dataset_link
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fieldgate.move_definitions();
CREATE CONSTRAINT TRIGGER move_definitions AFTER INSERT OR UPDATE OR DELETE ON role_grant
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fieldgate.move_definitions();

-- Null: nothing was changed since there is such a state.
CREATE FUNCTION fieldgate.definitions_state() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
  SELECT h.state FROM fieldgate.definition_head h WHERE h.tenant_id = fieldgate.current_tenant();
END;

REVOKE ALL ON FUNCTION fieldgate.move_definitions(), fieldgate.definitions_state() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION fieldgate.definitions_state() TO fieldgate_member, fieldgate_public;

RESET ROLE;
