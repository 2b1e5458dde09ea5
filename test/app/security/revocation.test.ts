import type pg from "pg";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, aWorld } from "../../support/world.ts";

const { database } = await aWorld();
afterAll(() => database.close());

const METHODS =
  "dataset::get row::get row::create row::update row::upsert row::delete dataset::update column::add role::create key::create grant::set".split(
    " ",
  );

/** A writer on one dataset, and the ids of all that its rights come from. */
async function aWriter() {
  const world = await aWorld();
  const dataset = await world.dataset({
    columns: [{ name: "name", type: "TEXT", unique: true }],
    rows: [{ name: "first" }, { name: "second" }],
  });
  const role = await world.role({
    name: "writer",
    permissions: METHODS,
    grants: [
      { datasetId: dataset.id, read: "ALLOW", create: "ALLOW", update: "ALLOW", delete: "ALLOW" },
    ],
  });
  const key = await world.keyWithId({ roles: [role] });
  return { world, dataset, role, key };
}

type Writer = Awaited<ReturnType<typeof aWriter>>;

/** What a writer does, which has to wait where the table of the dataset is locked. */
const WRITES: Readonly<Record<string, (writer: Writer) => [string, object]>> = {
  createRows: ({ dataset: { id } }) => [
    `mutation ($id: ID!) { createRows(input: {datasetId: $id, rows: [{name: "late"}]}) { count } }`,
    { id },
  ],
  updateRows: ({ dataset: { id, rows } }) => [
    `mutation ($id: ID!, $row: ID!) {
       updateRows(input: {datasetId: $id, rows: [{id: $row, values: {name: "late"}}]}) { count } }`,
    { id, row: rows[0] },
  ],
  upsertRows: ({ dataset: { id } }) => [
    `mutation ($id: ID!) {
       upsertRows(input: {datasetId: $id, by: "name", rows: [{values: {name: "late"}}]}) { count } }`,
    { id },
  ],
  deleteRows: ({ dataset: { id, rows } }) => [
    `mutation ($id: ID!, $row: ID!) {
       deleteRows(input: {datasetId: $id, rows: [{id: $row}]}) { count } }`,
    { id, row: rows[0] },
  ],
};

/** Ways to take the writer's right away, and the code of what it then hears. */
const REVOCATIONS: Readonly<
  Record<string, readonly [(writer: Writer) => [string, object], string]>
> = {
  "its key is revoked": [
    ({ key }) => [
      `mutation ($id: ID!) { revokeKey(input: {id: $id}) { key { id } } }`,
      { id: key.id },
    ],
    "UNAUTHENTICATED",
  ],
  "its key is rolled": [
    ({ key }) => [`mutation ($id: ID!) { rollKey(input: {id: $id}) { secret } }`, { id: key.id }],
    "UNAUTHENTICATED",
  ],
  "its role is deleted": [
    ({ role }) => [`mutation ($id: ID!) { deleteRole(input: {id: $id}) { id } }`, { id: role }],
    "FORBIDDEN",
  ],
  "its role loses the permission": [
    ({ role }) => [
      `mutation ($id: ID!) { updateRole(input: {id: $id, permissions: []}) { role { id } } }`,
      { id: role },
    ],
    "FORBIDDEN",
  ],
  "its grant is removed": [
    ({ role, dataset: { id } }) => [
      `mutation ($role: ID!, $id: ID!) {
           removeGrant(input: {roleId: $role, datasetId: $id}) { role { id } } }`,
      { role, id },
    ],
    "NOT_FOUND",
  ],
  "its grant withholds": [
    ({ role, dataset: { id } }) => [
      `mutation ($role: ID!, $id: ID!) { setGrant(input: {roleId: $role, datasetId: $id,
           read: ALLOW, create: WITHHOLD, update: WITHHOLD, delete: WITHHOLD}) { grant { id } } }`,
      { role, id },
    ],
    "FORBIDDEN",
  ],
};

/** Another connection, on which this test stands in the way of others. */
async function inTheWay<Result>(
  statement: string,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await database.pool.connect();
  try {
    await client.query(`BEGIN; ${statement}`);
    return await work(client);
  } finally {
    await client.query("ROLLBACK");
    client.release();
  }
}

/** Waits until somebody waits for this table. */
async function untilSomebodyWaitsFor(table: string): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    const { rows } = await database.pool.query(
      `SELECT FROM pg_locks WHERE NOT granted AND relation = '${table}'::regclass`,
    );
    if (rows.length > 0) return;
    await sleep(10);
  }
  throw new Error(`Nobody waits for ${table}.`);
}

const send = ({ world }: Writer, [query, variables]: [string, object], key?: string) =>
  world.run(query, {
    ...(key === undefined ? {} : { key }),
    variables: variables as Record<string, unknown>,
  });

async function namesIn({ world, dataset: { id } }: Writer): Promise<string[]> {
  const query = `query ($id: ID!) { dataset(id: $id) { rows { nodes { values } } } }`;
  const { dataset } = await world.ask<{
    dataset: { rows: { nodes: { values: { name: string } }[] } };
  }>(query, { variables: { id } });
  return dataset.rows.nodes.map(({ values }) => values.name);
}

// The embedded database does one transaction at a time: nothing comes between those of a mutation there.
describe.skipIf(database.kind === "PGlite")("a write that is under way commits nothing", () => {
  const cases = Object.keys(WRITES).flatMap((write) =>
    Object.keys(REVOCATIONS).map((revocation) => [write, revocation] as const),
  );

  test.each(cases)("%s, when %s meanwhile", async (write, revocation) => {
    const writer = await aWriter();
    const table = `data.t_${writer.dataset.id.slice(-32)}`;
    const [revoke, code] = REVOCATIONS[revocation] ?? [() => ["", {}], ""];
    let late: Promise<Answer> | undefined;
    await inTheWay(`LOCK TABLE ${table} IN EXCLUSIVE MODE`, async () => {
      late = send(writer, WRITES[write]?.(writer) ?? ["", {}], writer.key.secret);
      await untilSomebodyWaitsFor(table);
      const revoked = await send(writer, revoke(writer));
      expect(revoked.errors).toStrictEqual([]);
    });
    const answer = await late;
    expect(answer?.errors.map(({ extensions }) => extensions.code)).toContain(code);
    expect(await namesIn(writer)).toStrictEqual(["first", "second"]);
  });

  test.each(Object.keys(WRITES))("%s, and does when nothing was taken away", async (write) => {
    const writer = await aWriter();
    const table = `data.t_${writer.dataset.id.slice(-32)}`;
    let late: Promise<Answer> | undefined;
    await inTheWay(`LOCK TABLE ${table} IN EXCLUSIVE MODE`, async () => {
      late = send(writer, WRITES[write]?.(writer) ?? ["", {}], writer.key.secret);
      await untilSomebodyWaitsFor(table);
    });
    expect((await late)?.errors).toStrictEqual([]);
    expect(await namesIn(writer)).not.toStrictEqual(["first", "second"]);
  });

  test("nor does one that waits to change rights itself, when its key is revoked before it", async () => {
    const writer = await aWriter();
    const { world, key, dataset } = writer;
    const documents: [string, object][] = [
      [`mutation { createRole(input: {name: "late"}) { role { id } } }`, {}],
      [
        `mutation ($id: ID!) { updateDataset(input: {id: $id, label: "late"}) { dataset { id } } }`,
        { id: dataset.id },
      ],
      [
        `mutation ($id: ID!) { addColumn(input: {datasetId: $id, column: {name: "late", type: TEXT}}) { column { id } } }`,
        { id: dataset.id },
      ],
    ];
    const held = `SELECT FROM tenant WHERE id = '${world.tenantId}' FOR NO KEY UPDATE`;
    let late: Promise<Answer>[] = [];
    await inTheWay(held, async (client) => {
      late = documents.map((document) => send(writer, document, key.secret));
      await sleep(300);
      await client.query(
        `UPDATE api_key SET revoked_at = now() WHERE tenant_id = '${world.tenantId}' AND name <> 'administrator';
         UPDATE tenant SET rights_version = rights_version + 1 WHERE id = '${world.tenantId}';
         COMMIT; BEGIN`,
      );
    });
    for (const { errors } of await Promise.all(late)) {
      expect(errors.map(({ extensions }) => extensions.code)).toContain("UNAUTHENTICATED");
    }
    const left = await world.ask(
      `query ($id: ID!) { dataset(id: $id) { label columns { name } } roles { nodes { name } } }`,
      { variables: { id: dataset.id } },
    );
    expect(JSON.stringify(left)).not.toContain("late");
  });
});

describe("of two administrators who remove each other", () => {
  const REVOKE = `mutation ($id: ID!) { revokeKey(input: {id: $id}) { key { status } } }`;

  /** A tenant with two keys that hold administrator, and no third. */
  async function twoAdministrators() {
    const world = await aWorld();
    const { roles } = await world.ask<{ roles: { nodes: { id: string; name: string }[] } }>(
      "{ roles { nodes { id name } } }",
    );
    const id = roles.nodes.find(({ name }) => name === "administrator")?.id ?? "";
    const pair = [await world.keyWithId({ roles: [id] }), await world.keyWithId({ roles: [id] })];
    await world.run(REVOKE, { variables: { id: `key_${world.keyId.replaceAll("-", "")}` } });
    return { world, pair };
  }

  let rounds: Awaited<ReturnType<typeof twoAdministrators>>[];
  beforeAll(async () => {
    rounds = [await twoAdministrators(), await twoAdministrators(), await twoAdministrators()];
  });

  test("or themselves, sixteen times at once, exactly one is left", async () => {
    for (const { world, pair } of rounds) {
      const [one, other] = pair;
      const attempts = Array.from({ length: 16 }, (_none, attempt) =>
        world.run(REVOKE, {
          key: (attempt % 2 === 0 ? one : other)?.secret ?? null,
          variables: { id: (attempt % 4 < 2 ? one : other)?.id },
        }),
      );
      const answers = await Promise.all(attempts);
      const codes = new Set(answers.flatMap(({ errors }) => errors.map((e) => e.extensions.code)));
      codes.delete("UNAUTHENTICATED");
      codes.delete("CONFLICT");
      expect([...codes]).toStrictEqual([]);
      expect(await whoIsLeft(pair)).toHaveLength(1);
    }
  });

  test("the last one removes itself as little", async () => {
    for (const { world, pair } of rounds) {
      const [last] = await whoIsLeft(pair);
      const { errors } = await world.run(REVOKE, {
        key: last?.secret ?? null,
        variables: { id: last?.id },
      });
      expect(errors[0]?.extensions.code).toBe("CONFLICT");
      expect(await whoIsLeft(pair)).toStrictEqual([last]);
    }
  });
});

/** Those whose key is still accepted. */
async function whoIsLeft<Key extends { readonly secret: string }>(pair: readonly Key[]) {
  const world = await aWorld();
  const answers = await Promise.all(
    pair.map(({ secret }) => world.run("{ viewer { roles } }", { key: secret })),
  );
  return pair.filter((_key, index) => answers[index]?.status === 200);
}
