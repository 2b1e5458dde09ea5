import { afterAll, beforeAll, expect, test } from "vitest";
import { aWorld, uniqueName, type World } from "../support/world.ts";
import {
  asRole,
  digitsOf,
  type Outcome,
  REQUEST_ROLES,
  type Sender,
  uuidOf,
  WRITING,
} from "./as-role.ts";

/** Stands in every value of the victim, so that it is known wherever it comes out. */
const CANARY = uniqueName("canary");

let victim: World;
let attacker: World;
let secret: Awaited<ReturnType<World["dataset"]>>;
let open: Awaited<ReturnType<World["dataset"]>>;
let own: Awaited<ReturnType<World["dataset"]>>;
let ownLink: string;

beforeAll(async () => {
  victim = await aWorld();
  attacker = await aWorld();
  const columns = [
    { name: "code", type: "TEXT", unique: true },
    { name: "amount", type: "INTEGER" },
  ];
  const rows = [{ code: CANARY, amount: 7 }];
  secret = await victim.dataset({ name: CANARY, columns, rows });
  open = await victim.dataset({ columns, rows });
  await victim.ask(
    `mutation ($id: ID!) { updateDataset(input: {id: $id, accessLevel: OPEN}) { dataset { id } } }`,
    { variables: { id: open.id } },
  );
  await writeOnce(victim, secret, CANARY);
  await victim.key({ name: CANARY, roles: [{ description: CANARY } as never] });
  for (const {
    id: datasetId,
    rows: [row],
  } of [secret, open]) {
    for (const { id: targetId } of [secret, open]) {
      const target = targetId === secret.id ? secret.rows[0] : open.rows[0];
      await lead(victim, { datasetId, row, targetId, target });
    }
  }
  own = await attacker.dataset({ columns, rows: [{ code: "own", amount: 1 }] });
  await writeOnce(attacker, own, "own");
  const [row] = own.rows;
  ownLink = await lead(attacker, { datasetId: own.id, row, targetId: own.id, target: row });
  await attacker.role({ grants: [{ datasetId: own.id, read: "ALLOW" }] });
});
afterAll(() => attacker.database.close());

/** Sends a call of no rows, which is remembered by its idempotency key. */
async function writeOnce({ ask }: World, { id }: { readonly id: string }, key: string) {
  await ask(
    `mutation ($id: ID!, $key: String!) {
       createRows(input: {datasetId: $id, rows: [], idempotencyKey: $key}) { count } }`,
    { variables: { id, key } },
  );
}

interface Lead {
  readonly datasetId: string;
  readonly row: string | undefined;
  readonly targetId: string;
  readonly target: string | undefined;
}

/** Leads a row to another by a link of its own. @returns The id of the link. */
async function lead({ link, ask }: World, { datasetId, row, targetId, target }: Lead) {
  const { id, name } = await link({ datasetId, targetId });
  await ask(
    `mutation ($id: ID!, $row: UpdateRow!) { updateRows(input: {datasetId: $id, rows: [$row]}) { count } }`,
    { variables: { id: datasetId, row: { id: row, values: { [name]: target } } } },
  );
  return id;
}

const member = (tenantId: string | null): Sender => ({ role: "fieldgate_member", tenantId });
const view = ({ id }: { readonly id: string }) => `data.d_${digitsOf(id)}`;
const table = ({ id }: { readonly id: string }) => `data.t_${digitsOf(id)}`;
const as = (sender: Sender, ...statements: string[]): Promise<Outcome> =>
  asRole(attacker.database, sender, ...statements);

/** Every table and view of the system, and the newest of datasets: other tests make thousands. */
async function relations(): Promise<string[]> {
  const { rows } = await attacker.database.pool.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname IN ('public', 'data', 'fieldgate') AND c.relkind IN ('r', 'p', 'v', 'm')
     ORDER BY n.nspname = 'data', n.nspname, c.oid DESC LIMIT 500`,
  );
  return rows.map(({ name }) => name);
}

const SYSTEM = [
  "role",
  "api_key",
  "key_role",
  "dataset",
  "dataset_column",
  "dataset_link",
  "row_link",
  "role_grant",
  "remembered_write",
  "row_commit",
  "row_commit_head",
  "row_link_change",
  "transfer",
];

/** All that the database holds of the victim, and how it is kept. */
async function stateOfVictim() {
  const { pool } = attacker.database;
  const read = async (text: string) => (await pool.query<object>(text)).rows;
  return {
    rows: await read(`SELECT * FROM ${table(secret)} ORDER BY id`),
    log: await read(`SELECT * FROM data.l_${digitsOf(secret.id)} ORDER BY row_id, version`),
    views: await read(`SELECT pg_get_viewdef('${view(secret)}'::regclass) AS definition`),
    indexes: await read(
      `SELECT indexdef FROM pg_indexes WHERE tablename = 't_${digitsOf(secret.id)}' ORDER BY 1`,
    ),
    columns: await read(
      `SELECT attname, atttypid FROM pg_attribute
       WHERE attrelid = '${table(secret)}'::regclass AND attnum > 0 ORDER BY attnum`,
    ),
    system: await Promise.all(
      SYSTEM.map((name) =>
        read(`SELECT * FROM ${name} WHERE tenant_id = '${victim.tenantId}' ORDER BY 2, 3`),
      ),
    ),
    tenant: await read(`SELECT * FROM tenant WHERE id = '${victim.tenantId}'`),
  };
}

test("a request role reads nothing of another tenant from any table or view", async () => {
  const names = await relations();
  const leaks: string[] = [];
  for (const role of ["fieldgate_member", "fieldgate_public", "fieldgate_visualization"] as const) {
    for (const name of names) {
      const { rows } = await as({ role, tenantId: attacker.tenantId }, `SELECT * FROM ${name}`);
      const text = JSON.stringify(rows);
      if (text.includes(CANARY) || text.includes(victim.tenantId)) leaks.push(`${role} ${name}`);
    }
  }
  expect(leaks).toStrictEqual([]);
});

test("without a tenant nothing is visible, but to the operator the list of tenants", async () => {
  const seen: string[] = [];
  for (const role of REQUEST_ROLES) {
    for (const name of await relations()) {
      const { rows } = await as({ role, tenantId: null }, `SELECT * FROM ${name} LIMIT 1`);
      if (rows.length > 0) seen.push(`${role} ${name}`);
    }
  }
  expect(seen).toStrictEqual(["fieldgate_operator public.tenant"]);
});

test("a member reads and writes its own rows by the view, so that the silence elsewhere means something", async () => {
  const read = await as(member(attacker.tenantId), `SELECT c1 FROM ${view(own)}`);
  const written = await as(
    member(attacker.tenantId),
    WRITING,
    `UPDATE ${view(own)} SET c2 = 5, version = version + 1`,
    `SELECT c2 FROM ${view(own)}`,
  );
  expect(read.rows).toStrictEqual([{ c1: "own" }]);
  expect(written.rows).toStrictEqual([{ c2: "5" }]);
});

test.each(REQUEST_ROLES)("%s does not reach the table behind a view", async (role) => {
  for (const dataset of [own, secret]) {
    for (const statement of [
      `SELECT FROM ${table(dataset)}`,
      `DELETE FROM ${table(dataset)}`,
      `UPDATE ${table(dataset)} SET version = 1`,
      `INSERT INTO ${table(dataset)} DEFAULT VALUES`,
      `TRUNCATE ${table(dataset)}`,
      `DROP TABLE ${table(dataset)}`,
      `DROP VIEW ${view(dataset)}`,
      `ALTER VIEW ${view(dataset)} RENAME TO mine`,
      `CREATE OR REPLACE VIEW ${view(dataset)} AS SELECT 1`,
    ]) {
      const { code } = await as({ role, tenantId: attacker.tenantId }, statement);
      expect([statement, code]).toStrictEqual([statement, "42501"]);
    }
  }
});

test("a member changes no row of another tenant by its view", async () => {
  const before = await stateOfVictim();
  const sender = member(attacker.tenantId);
  const updated = await as(sender, `UPDATE ${view(secret)} SET c1 = 'x' RETURNING id`);
  const deleted = await as(sender, `DELETE FROM ${view(secret)} RETURNING id`);
  const stamps = `now(), 'me', now(), 'me'`;
  const names = "id, created_at, created_by, updated_at, updated_by";
  const inserted = await as(
    sender,
    `INSERT INTO ${view(secret)} (${names}) VALUES (gen_random_uuid(), ${stamps})`,
  );
  const smuggled = await as(
    sender,
    `INSERT INTO ${view(own)} (tenant_id, ${names})
     VALUES ('${victim.tenantId}', gen_random_uuid(), ${stamps})`,
  );
  const moved = await as(sender, `UPDATE ${view(own)} SET tenant_id = '${victim.tenantId}'`);
  expect([updated.rows, deleted.rows, inserted.code]).toStrictEqual([[], [], "44000"]);
  expect([smuggled.code, moved.code]).toStrictEqual(["23514", "23514"]);
  expect(await stateOfVictim()).toStrictEqual(before);
});

test("a member writes nothing into another tenant's system tables", async () => {
  const before = await stateOfVictim();
  for (const name of [...SYSTEM, "dataset_import"]) {
    const gone = await as(member(attacker.tenantId), `DELETE FROM ${name} RETURNING tenant_id`);
    expect(JSON.stringify(gone.rows)).not.toContain(victim.tenantId);
    const moved = await as(
      member(attacker.tenantId),
      `INSERT INTO dataset_import (tenant_id, id, name)
       VALUES ('${attacker.tenantId}', gen_random_uuid(), 'x')`,
      `UPDATE ${name} SET tenant_id = '${victim.tenantId}'`,
    );
    expect(moved.code).toMatch(/^42501$|^23503$/);
  }
  const made = await as(
    member(attacker.tenantId),
    `INSERT INTO role (tenant_id, id, name) VALUES ('${victim.tenantId}', gen_random_uuid(), 'x')`,
  );
  expect(made.code).toBe("42501");
  expect(await stateOfVictim()).toStrictEqual(before);
});

test("no function of the product does anything to a dataset of another tenant", async () => {
  const before = await stateOfVictim();
  const calls = await callsWith(uuidOf(secret.id));
  expect(calls.length).toBeGreaterThan(15);
  for (const role of REQUEST_ROLES) {
    const sender = { role, tenantId: attacker.tenantId };
    const heard = await refusals(sender, calls);
    expect([...heard.values()].filter((code) => code !== "42501")).toStrictEqual([]);
  }
  expect(await stateOfVictim()).toStrictEqual(before);
});

test("nor does it when a member claims the id of another tenant's dataset for its own", async () => {
  const before = await stateOfVictim();
  const id = uuidOf(secret.id);
  const claims = [
    `INSERT INTO dataset_import (tenant_id, id, name) VALUES ('${attacker.tenantId}', '${id}', 'x')`,
    `INSERT INTO dataset (tenant_id, id, name, label, row_tag, created_by, updated_by)
     VALUES ('${attacker.tenantId}', '${id}', 'claimed', '', 1, '', '')`,
  ];
  for (const claim of claims) {
    const claimed = await as(member(attacker.tenantId), claim, `SELECT * FROM ${view(secret)}`);
    expect(claimed).toStrictEqual({ rows: [], code: null });
    const heard = await refusals(member(attacker.tenantId), await callsWith(id), claim);
    const made = [...heard].filter(([, code]) => code !== "42501").map(([call]) => call);
    // Whose table is there already is nobody's secret: ids are random.
    expect(made).toStrictEqual([expect.stringContaining("create_storage(")]);
    expect([...heard.values()]).not.toContain(null);
  }
  expect(await stateOfVictim()).toStrictEqual(before);
});

/** How the calls that touch the storage of a dataset end; all others are made and nothing is said of them. */
async function refusals(
  sender: Sender,
  calls: readonly { readonly call: string; readonly ofStorage: boolean }[],
  ...before: readonly string[]
): Promise<Map<string, string | null>> {
  const heard = new Map<string, string | null>();
  for (const { call, ofStorage } of calls) {
    const { code } = await as(sender, ...before, `SELECT ${call}`);
    if (ofStorage) heard.set(call, code);
  }
  return heard;
}

/** Calls of every function of the product, with this dataset wherever one takes an id. */
async function callsWith(dataset: string) {
  const values: Readonly<Record<string, string>> = {
    uuid: `'${dataset}'::uuid`,
    integer: "1",
    "integer[]": "'{1}'::integer[]",
    bigint: "0",
    boolean: "false",
    text: "'2024-02-29'",
    name: "'fieldgate_member'",
    column_type: "'TEXT'::column_type",
    "column_type[]": "'{TEXT}'::column_type[]",
    "uuid[]": `'{${dataset}}'::uuid[]`,
    "text[]": "'{00}'::text[]",
    "timestamp with time zone": "'2000-01-01'::timestamptz",
  };
  const { rows } = await attacker.database.pool.query<{ name: string; types: string[] }>(
    `SELECT p.oid::regproc::text AS name,
            ARRAY(SELECT format_type(type, NULL) FROM unnest(p.proargtypes) type) AS types
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'fieldgate'`,
  );
  return rows.map(({ name, types }) => ({
    call: `${name}(${types.map((type) => values[type] ?? `unknown ${type}`).join(", ")})`,
    ofStorage: /_storage|_view|assert_mine/.test(name),
  }));
}

test("a temporary type does not stand in for one that the owner's functions name", async () => {
  const { rows } = await as(
    member(attacker.tenantId),
    "CREATE DOMAIN pg_temp.text AS pg_catalog.text CHECK (VALUE <> 'forbidden')",
    `SELECT fieldgate.add_storage_column('${uuidOf(own.id)}', 3, 'TEXT')`,
    `SELECT atttypid = 'pg_catalog.text'::regtype AS is_real FROM pg_attribute
     WHERE attrelid = '${view(own)}'::regclass AND attname = 'c3'`,
  );
  expect(rows).toStrictEqual([{ is_real: true }]);
});

test("the public reads the rows of OPEN datasets of its tenant, and no other", async () => {
  const sender: Sender = { role: "fieldgate_public", tenantId: victim.tenantId };
  const shown = await as(sender, `SELECT c1 FROM ${view(open)}`);
  const hidden = await as(sender, `SELECT c1 FROM ${view(secret)}`);
  const keys = await as(sender, "SELECT * FROM api_key");
  const datasets = await as(sender, "SELECT id FROM dataset");
  const roles = await as(sender, "SELECT name FROM role");
  const links = await as(sender, "SELECT dataset_id, target_id FROM dataset_link");
  const linked = await as(sender, "SELECT source_id, target_id FROM row_link");
  expect(shown.rows).toStrictEqual([{ c1: CANARY }]);
  expect(hidden).toStrictEqual({ rows: [], code: null });
  expect(keys.code).toBe("42501");
  expect(datasets.rows).toStrictEqual([{ id: uuidOf(open.id) }]);
  expect(roles.rows).toStrictEqual([{ name: "anonymous" }]);
  const [from, row] = [uuidOf(open.id), uuidOf(open.rows[0] ?? "")];
  expect(links.rows).toHaveLength(2);
  expect(links.rows.every((link) => link["dataset_id"] === from)).toBe(true);
  expect(linked.rows).toStrictEqual([{ source_id: row, target_id: row }]);
});

test("a member writes no link for another tenant, nor by a link of one", async () => {
  const before = await stateOfVictim();
  const [theirs] = (
    await attacker.database.pool.query<{ id: string }>(
      `SELECT id FROM dataset_link WHERE tenant_id = '${victim.tenantId}'`,
    )
  ).rows;
  const insert = (tenantId: string, link: string) =>
    as(
      member(attacker.tenantId),
      WRITING,
      `INSERT INTO row_link (tenant_id, link_id, source_id, target_id)
       VALUES ('${tenantId}', '${link}', gen_random_uuid(), gen_random_uuid()) RETURNING link_id`,
    );
  expect((await insert(victim.tenantId, theirs?.id ?? "")).code).toBe("42501");
  expect((await insert(attacker.tenantId, theirs?.id ?? "")).code).toBe("23503");
  expect((await insert(attacker.tenantId, uuidOf(ownLink))).rows).toHaveLength(1);
  expect(await stateOfVictim()).toStrictEqual(before);
});

test("the public and visualizations write nothing, not even to what is open", async () => {
  for (const role of ["fieldgate_public", "fieldgate_visualization"] as const) {
    const sender = { role, tenantId: victim.tenantId };
    for (const statement of [
      `DELETE FROM ${view(open)}`,
      `UPDATE ${view(open)} SET c2 = 1`,
      `INSERT INTO ${view(open)} (id) VALUES (gen_random_uuid())`,
      "UPDATE dataset SET access_level = 'OPEN'",
      "DELETE FROM role",
      "DELETE FROM row_link",
      "UPDATE dataset_link SET many = true",
      "INSERT INTO role_grant DEFAULT VALUES",
      "UPDATE tenant SET label = 'x'",
      "SELECT fieldgate.lock_rights(true)",
      "SELECT fieldgate.move_rights(0)",
    ]) {
      const { code } = await as(sender, statement);
      expect([statement, code]).toStrictEqual([statement, "42501"]);
    }
  }
});

/** Promises an export, as whoever it is. */
function promise(tenantId: string, kind: string, key: string): string {
  return `INSERT INTO transfer (tenant_id, id, kind, secret_hash, principal_kind, principal, arguments, expires_at)
    VALUES ('${tenantId}', gen_random_uuid(), 'EXPORT', '', '${kind}', ${key}, '{}', now())`;
}

test("the public promises exports to nobody but itself, in no tenant but that which it looks at", async () => {
  const sender = { role: "fieldgate_public", tenantId: victim.tenantId } as const;
  const its = promise(victim.tenantId, "ANONYMOUS", "NULL");
  for (const statement of [
    promise(victim.tenantId, "KEY", `'key_x'`),
    promise(victim.tenantId, "OPERATOR", "NULL"),
    promise(attacker.tenantId, "ANONYMOUS", "NULL"),
    "SELECT * FROM transfer",
    "DELETE FROM transfer",
    "UPDATE transfer SET expires_at = now()",
  ]) {
    const { code } = await as(sender, statement);
    expect([statement, code]).toStrictEqual([statement, "42501"]);
  }
  expect((await as(sender, its)).code).toBeNull();
});

test("the operator reads the list of tenants and nothing in them", async () => {
  const seen: string[] = [];
  for (const name of await relations()) {
    const { rows } = await as(
      { role: "fieldgate_operator", tenantId: victim.tenantId },
      `SELECT * FROM ${name}`,
    );
    if (rows.length > 0) seen.push(name);
  }
  expect(seen).toStrictEqual(["public.tenant"]);
});

test("a setting that is no tenant's id is an error and not an open door", async () => {
  for (const text of ["%", "' OR true", "00000000"]) {
    const { code } = await as(
      member(null),
      `SELECT set_config('fieldgate.tenant', '${text.replaceAll("'", "''")}', true)`,
      "SELECT * FROM role",
    );
    expect(code).toBe("22P02");
  }
});
