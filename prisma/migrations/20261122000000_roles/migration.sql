-- The PostgreSQL roles that requests run under. They belong to the whole server, not to one database,
-- so that two databases may make them at the same moment: whoever comes second finds them made.
--
--   fieldgate_owner          owns every table, view and function; nobody asks anything as this role
--   fieldgate_member         a key, token or user of one tenant
--   fieldgate_public         the public, over OPEN datasets
--   fieldgate_visualization  shared visualizations
--   fieldgate_operator       makes and lists tenants; reads nothing in them
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['fieldgate_owner', 'fieldgate_member', 'fieldgate_public',
                              'fieldgate_visualization', 'fieldgate_operator']
  LOOP
    BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', name);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
    IF NOT pg_has_role(current_user, name, 'MEMBER') THEN
      EXECUTE format('GRANT %I TO CURRENT_USER', name);
    END IF;
  END LOOP;
  EXECUTE format('GRANT CREATE ON DATABASE %I TO fieldgate_owner', current_database());
END
$$;

GRANT USAGE, CREATE ON SCHEMA public TO fieldgate_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
