import { afterAll, expect, test } from "vitest";
import { COLUMN_TYPES } from "../../src/cell/column-type.ts";
import type { ColumnDefinition } from "../../src/db/dataset-definition.ts";
import { NATIVE_TYPES } from "../../src/db/predicate-sql.ts";
import { isNative } from "../../src/db/readable-view.ts";
import { aWorld } from "../support/world.ts";
import { REQUEST_ROLES } from "./as-role.ts";

const world = await aWorld();
const { database } = world;
const made = await world.dataset({
  columns: [
    { name: "code", type: "TEXT", unique: true },
    { name: "amount", type: "INTEGER", indexed: true },
  ],
  rows: [{ code: "a", amount: 1 }],
});
afterAll(() => database.close());

/** Everything in the product's schemas: tables, views, sequences and the rest. */
const RELATIONS = `
  SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relrowsecurity AS secured,
         pg_get_userbyid(c.relowner) AS owner
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname IN ('public', 'data', 'fieldgate') AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')`;

interface Relation {
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly secured: boolean;
  readonly owner: string;
}

async function ask<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
  return (await database.pool.query<Row>(text, values)).rows;
}

test("every table is closed to the roles of requests or has row-level security", async () => {
  const tables = await ask<Relation & { reached: boolean }>(
    `SELECT r.*, EXISTS (
       SELECT FROM unnest($1::text[]) role, unnest('{SELECT,INSERT,UPDATE,REFERENCES}'::text[]) act
       WHERE has_any_column_privilege(role, r.oid, act)
          OR has_table_privilege(role, r.oid, 'DELETE, TRUNCATE, TRIGGER')) AS reached
     FROM (${RELATIONS}) r WHERE r.kind <> 'v' AND r.kind <> 'S'`,
    [REQUEST_ROLES],
  );
  expect(tables.filter(({ reached, secured }) => reached && !secured)).toStrictEqual([]);
  const reached = tables.filter((table) => table.reached);
  const isLog = ({ schema, name }: Relation) => schema === "data" && name.startsWith("l_");
  expect(reached.filter(isLog).length).toBeGreaterThan(0);
  expect(reached.filter((table) => !isLog(table) && table.schema !== "public")).toStrictEqual([]);
  expect(reached.filter(({ schema }) => schema === "public")).toHaveLength(25);
});

test("the change log is read by members, and written by nobody but the database itself", async () => {
  const rights = await ask<{ role: string; act: string }>(
    `SELECT DISTINCT role, act FROM (${RELATIONS}) r, unnest($1::text[]) role,
       unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) act
     WHERE (r.schema = 'data' AND r.name LIKE 'l\\_%'
            OR r.name IN ('row_commit', 'row_commit_head', 'row_link_change'))
       AND (has_table_privilege(role, r.oid, act)
            OR act NOT IN ('DELETE', 'TRUNCATE', 'TRIGGER') AND has_any_column_privilege(role, r.oid, act))`,
    [REQUEST_ROLES],
  );
  expect(rights).toStrictEqual([{ role: "fieldgate_member", act: "SELECT" }]);
});

test("every view of rows carries the gate and the check, and only a member may write to one", async () => {
  const views = await ask<{ definition: string; check: string; writers: string[] }>(
    `SELECT pg_get_viewdef(r.oid) AS definition, i.check_option AS check,
            ARRAY(SELECT role FROM unnest($1::text[]) role
                  WHERE has_any_column_privilege(role, r.oid, 'INSERT, UPDATE')
                     OR has_table_privilege(role, r.oid, 'DELETE, TRUNCATE, TRIGGER')) AS writers
     FROM (${RELATIONS}) r
     JOIN information_schema.views i ON i.table_schema = r.schema AND i.table_name = r.name
     WHERE r.kind = 'v'`,
    [REQUEST_ROLES],
  );
  expect(views.length).toBeGreaterThan(0);
  for (const { definition, check, writers } of views) {
    expect(definition).toMatch(
      /WHERE \( SELECT fieldgate\.reaches\('[0-9a-f-]{36}'::uuid, '[^']+'/,
    );
    expect(definition).toContain("CURRENT_USER");
    expect(check).toBe("LOCAL");
    expect(writers).toStrictEqual(["fieldgate_member"]);
  }
  expect(made.id).toMatch(/^dataset_/);
});

test("primary, foreign and unique keys begin with the tenant", async () => {
  const keys = await ask<{ table: string; name: string; first: string; refers: string | null }>(
    `SELECT k.conrelid::regclass::text AS table, k.conname AS name, a.attname AS first,
            f.attname AS refers
     FROM pg_constraint k
     JOIN (${RELATIONS}) r ON r.oid = k.conrelid
     JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
     LEFT JOIN pg_attribute f ON f.attrelid = k.confrelid AND f.attnum = k.confkey[1]
     WHERE k.contype IN ('p', 'u', 'f')
     UNION ALL
     SELECT x.indrelid::regclass::text, x.indexrelid::regclass::text, a.attname, NULL
     FROM pg_index x
     JOIN (${RELATIONS}) r ON r.oid = x.indrelid
     JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]
     WHERE x.indisunique`,
  );
  const strangers = keys.filter(
    ({ table, first, refers }) =>
      !(first === "tenant_id" || (table === "tenant" && first === "id")) ||
      !(refers === null || refers === "tenant_id" || refers === "id"),
  );
  // The ledger of migrations belongs to no tenant; a slug is what names one; and no two trust the same.
  expect(strangers.map(({ name }) => name).toSorted()).toStrictEqual([
    "_prisma_migrations_pkey",
    "_prisma_migrations_pkey",
    "tenant_slug_key",
    "trusted_issuer_issuer_audience_key",
  ]);
});

test("PUBLIC runs no function of the product and uses none of its schemas but public", async () => {
  const open = await ask(
    `SELECT p.oid::regprocedure::text AS name FROM pg_proc p
     JOIN pg_namespace n ON n.oid = p.pronamespace
     CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) acl
     WHERE n.nspname IN ('fieldgate', 'data', 'public') AND acl.grantee = 0`,
  );
  const [schemas] = await ask(
    `SELECT has_schema_privilege('public', 'fieldgate', 'USAGE, CREATE') AS fieldgate,
            has_schema_privilege('public', 'data', 'USAGE, CREATE') AS data,
            has_schema_privilege('public', 'public', 'CREATE') AS public`,
  );
  expect(open).toStrictEqual([]);
  expect(schemas).toStrictEqual({ fieldgate: false, data: false, public: false });
});

test("every function that runs as its owner fixes its search path, temporary names last", async () => {
  const loose = await ask(
    `SELECT p.oid::regprocedure::text AS name FROM pg_proc p
     JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname IN ('fieldgate', 'data', 'public') AND p.prosecdef
       AND NOT coalesce(p.proconfig, '{}') @> ARRAY['search_path=pg_catalog, pg_temp']`,
  );
  expect(loose).toStrictEqual([]);
});

test("roles of requests own nothing, make nothing, are members of nothing and bypass nothing", async () => {
  const roles = await ask(
    `SELECT r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb, r.rolreplication,
            r.rolcanlogin,
            EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid) AS belongs,
            EXISTS (SELECT FROM pg_shdepend d WHERE d.refclassid = 'pg_authid'::regclass
                      AND d.refobjid = r.oid AND d.deptype = 'o') AS owns,
            EXISTS (SELECT FROM pg_namespace n WHERE has_schema_privilege(r.oid, n.oid, 'CREATE')
                      AND n.nspname NOT LIKE 'pg\\_%temp%') AS makes
     FROM pg_roles r WHERE r.rolname = ANY ($1) ORDER BY array_position($1, r.rolname::text)`,
    [REQUEST_ROLES],
  );
  const harmless = {
    rolsuper: false,
    rolbypassrls: false,
    rolcreaterole: false,
    rolcreatedb: false,
    rolreplication: false,
    rolcanlogin: false,
    belongs: false,
    owns: false,
    makes: false,
  };
  expect(roles).toStrictEqual(REQUEST_ROLES.map((rolname) => ({ rolname, ...harmless })));
});

test("everything belongs to one owner, which is no superuser and cannot log in", async () => {
  const relations = await ask<Relation>(RELATIONS);
  const [owner] = await ask(
    `SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = 'fieldgate_owner'`,
  );
  expect([...new Set(relations.map((relation) => relation.owner))]).toStrictEqual([
    "fieldgate_owner",
  ]);
  expect(owner).toStrictEqual({ rolsuper: false, rolbypassrls: false, rolcanlogin: false });
});

test("the public can write promises of its own, visualizations nothing, and the operator tenants alone", async () => {
  const writable = await ask<{ role: string; name: string; more: boolean }>(
    `SELECT role, r.name, has_any_column_privilege(role, r.oid, 'UPDATE')
         OR has_table_privilege(role, r.oid, 'DELETE, TRUNCATE, TRIGGER') AS more FROM (${RELATIONS}) r, unnest($1::text[]) role
     WHERE r.kind <> 'S' AND role <> 'fieldgate_member'
       AND (has_any_column_privilege(role, r.oid, 'INSERT, UPDATE')
            OR has_table_privilege(role, r.oid, 'DELETE, TRUNCATE, TRIGGER'))`,
    [REQUEST_ROLES],
  );
  expect(writable).toStrictEqual([
    { role: "fieldgate_public", name: "transfer", more: false },
    { role: "fieldgate_operator", name: "tenant", more: true },
  ]);
});

test("the program and the database agree on which columns are native, and of which type", async () => {
  const slots = await ask<{ slot: number; native: boolean }>(
    "SELECT slot, fieldgate.is_native(slot) AS native FROM generate_series(1, 1000) slot",
  );
  expect(
    slots.filter(({ slot, native }) => isNative({ slot } as ColumnDefinition) !== native),
  ).toEqual([]);

  const types = await ask<{ type: keyof typeof NATIVE_TYPES; native: string }>(
    "SELECT type::text, fieldgate.native_type(type) AS native FROM unnest(enum_range(null::column_type)) type",
  );
  expect(types.map(({ type }) => type).toSorted()).toEqual(COLUMN_TYPES.toSorted());
  expect(types.filter(({ type, native }) => !native.startsWith(NATIVE_TYPES[type]))).toEqual([]);
});
