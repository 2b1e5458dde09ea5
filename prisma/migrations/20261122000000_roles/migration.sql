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
  -- From PostgreSQL 16 on, whoever makes a role is a member of it and may still not become it.
  usable text := CASE WHEN current_setting('server_version_num')::integer >= 160000
                      THEN 'SET' ELSE 'MEMBER' END;
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
    IF NOT pg_has_role(current_user, name, usable) THEN
      EXECUTE format('GRANT %I TO CURRENT_USER', name);
    END IF;
  END LOOP;

  -- A login role that owns nothing can grant nothing, and finds this done.
  IF NOT has_database_privilege('fieldgate_owner', current_database(), 'CREATE') THEN
    EXECUTE format('GRANT CREATE ON DATABASE %I TO fieldgate_owner', current_database());
  END IF;
  IF NOT has_schema_privilege('fieldgate_owner', 'public', 'USAGE')
     OR NOT has_schema_privilege('fieldgate_owner', 'public', 'CREATE') THEN
    GRANT USAGE, CREATE ON SCHEMA public TO fieldgate_owner;
  END IF;
  IF has_schema_privilege('public', 'public', 'CREATE') THEN
    REVOKE CREATE ON SCHEMA public FROM PUBLIC;
  END IF;
END
$$;
