import { describe, expect, test } from "vitest";
import { aWorld, type Answer } from "../../support/world.ts";

const world = await aWorld();

const RESULTS = `count rows { id version values }
  results { index id operation version row { values } faults { column code message } }`;

interface Result {
  readonly id: string | null;
  readonly operation: string | null;
  readonly version: number | null;
  readonly row: { readonly values: object } | null;
  readonly faults: readonly { readonly code: string; readonly message: string }[];
}

type Written = Record<string, { readonly count: number; readonly results: readonly Result[] }>;

/** Sends a write of rows. The id of its dataset, which no other test has, is a good idempotency key. */
async function send(field: string, input: object, key = world.admin): Promise<Answer<Written>> {
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input!`;
  return await world.run<Written>(
    `mutation ($input: ${type}) { ${field}(input: $input) { ${RESULTS} } }`,
    { variables: { input }, key },
  );
}

const codeOf = ({ errors }: Answer<Written>) => errors[0]?.extensions.code;

const rowOf = ({ data }: Answer<Written>) => data?.["createRows"]?.results[0]?.row;

const goods = (rows: readonly Record<string, unknown>[] = []) =>
  world.dataset({
    columns: [
      { name: "sku", type: "TEXT" },
      { name: "price", type: "INTEGER", min: "0" },
    ],
    keyColumns: ["sku"],
    rows,
  });

const WRITER = {
  permissions: "row::get row::create row::update row::upsert row::delete".split(" "),
  canRead: true,
  canCreate: true,
  canUpdate: true,
  canDelete: true,
};

async function skusIn(id: string): Promise<unknown[]> {
  const { dataset } = await world.ask<{
    dataset: { rows: { nodes: { values: { sku: string }; version: number }[] } };
  }>(`query ($id: ID!) { dataset(id: $id) { rows { nodes { values version } } } }`, {
    variables: { id },
  });
  return dataset.rows.nodes.map(({ values: { sku }, version }) => `${sku} ${version}`);
}

describe("a call that comes again with its idempotency key", () => {
  test.each<[string, (rows: readonly string[]) => readonly object[], string[]]>([
    ["createRows", () => [{ sku: "b" }], ["a 1", "b 1"]],
    ["updateRows", ([id]) => [{ id, values: { price: 1 } }], ["a 2"]],
    [
      "upsertRows",
      () => [{ values: { sku: "a", price: 1 } }, { values: { sku: "b" } }],
      ["a 2", "b 1"],
    ],
    ["deleteRows", ([id]) => [{ id }], []],
  ])("to %s changes nothing, and answers alike", async (field, rowsOf, after) => {
    const { id: datasetId, rows } = await goods([{ sku: "a" }]);
    const input = { datasetId, rows: rowsOf(rows), idempotencyKey: datasetId };
    const first = await send(field, input);
    const second = await send(field, input);
    expect(first.errors).toEqual([]);
    expect(second.text).toBe(first.text);
    expect(await skusIn(datasetId)).toEqual(after);
  });

  test("without a key is done again", async () => {
    const { id: datasetId, rows } = await goods([{ sku: "a" }]);
    const input = { datasetId, rows: [{ id: rows[0], values: { price: 1 } }] };
    await send("updateRows", input);
    await send("updateRows", input);
    expect(await skusIn(datasetId)).toEqual(["a 3"]);
  });

  test("reads the cells anew, and keeps the version that the write gave", async () => {
    const { id: datasetId, rows } = await goods([{ sku: "a" }]);
    const input = {
      datasetId,
      rows: [{ id: rows[0], values: { price: 1 } }],
      idempotencyKey: datasetId,
    };
    await send("updateRows", input);
    await send("updateRows", { datasetId, rows: [{ id: rows[0], values: { price: 9 } }] });
    const { data } = await send("updateRows", input);
    expect(data?.["updateRows"]?.results[0]).toMatchObject({
      version: 2,
      operation: "UPDATED",
      row: { values: { price: 9 } },
    });
  });

  test("is the same whichever order its fields come in, and with other arguments a CONFLICT", async () => {
    const { id: datasetId } = await goods();
    const of = (row: object, more: object = {}) =>
      send("createRows", { datasetId, rows: [row], idempotencyKey: datasetId, ...more });
    expect((await of({ sku: "a", price: 1 })).errors).toEqual([]);
    expect((await of({ price: 1, sku: "a" })).errors).toEqual([]);
    expect(codeOf(await of({ sku: "a", price: 2 }))).toBe("CONFLICT");
    expect(codeOf(await of({ sku: "a", price: 1 }, { onFault: "SKIP_ROW" }))).toBe("CONFLICT");
    expect(await skusIn(datasetId)).toEqual(["a 1"]);
  });

  test("to another method, or from another credential, is another call", async () => {
    const { id: datasetId } = await goods();
    const rows = [{ sku: "a" }];
    await send("createRows", { datasetId, rows, idempotencyKey: datasetId });
    const upserted = await send("upsertRows", {
      datasetId,
      rows: [{ values: { sku: "a" } }],
      idempotencyKey: datasetId,
    });
    expect(upserted.data?.["upsertRows"]?.results[0]?.operation).toBe("UPDATED");
    const other = await world.key({ roles: [WRITER] });
    const created = await send("createRows", { datasetId, rows, idempotencyKey: datasetId }, other);
    expect(codeOf(created)).toBe("BAD_USER_INPUT");
  });

  test("after a failure is done", async () => {
    const { id: datasetId } = await goods([{ sku: "a" }]);
    const input = { datasetId, rows: [{ sku: "b", price: -1 }], idempotencyKey: datasetId };
    expect(codeOf(await send("createRows", input))).toBe("BAD_USER_INPUT");
    const mended = await send("createRows", { ...input, rows: [{ sku: "b" }] });
    expect(mended.errors).toEqual([]);
    expect(await skusIn(datasetId)).toEqual(["a 1", "b 1"]);
  });

  test("is told again which rows were at fault, and not in words that quote cells", async () => {
    const { id: datasetId } = await goods();
    const rows = [{ sku: "a" }, { sku: "b", price: -1 }];
    const input = { datasetId, rows, onFault: "SKIP_ROW", idempotencyKey: datasetId };
    const [first, second] = [await send("createRows", input), await send("createRows", input)];
    expect(first.data?.["createRows"]?.results[1]?.faults[0]?.message).toContain("at least 0");
    expect(second.data?.["createRows"]).toMatchObject({
      count: 1,
      results: [
        { operation: "CREATED", faults: [] },
        { id: null, operation: null, faults: [{ column: "price", code: "OUT_OF_RANGE" }] },
      ],
    });
    expect(second.text).not.toContain("at least 0");
  });

  test("sees the rows by the rights of today, and is refused without the right to write", async () => {
    const { id: datasetId } = await goods();
    const [reads, creates] = [
      await world.role({ canRead: true, permissions: ["row::get"] }),
      await world.role({ canCreate: true, permissions: ["row::create"] }),
    ];
    const key = await world.key({ roles: [reads, creates] });
    const input = { datasetId, rows: [{ price: 1, sku: "a" }], idempotencyKey: datasetId };
    const again = () => send("createRows", input, key);
    const set = (roleId: string, change: object) =>
      world.ask(
        `mutation ($input: UpdateRoleInput!) { updateRole(input: $input) { role { id } } }`,
        { variables: { input: { id: roleId, ...change } } },
      );
    expect(rowOf(await again())).toMatchObject({ values: { sku: "a" } });
    await world.ask(
      `mutation ($input: SetGrantInput!) { setGrant(input: $input) { grant { id } } }`,
      {
        variables: {
          input: { roleId: reads, datasetId, rowFilter: { read: { column: "sku", eq: "b" } } },
        },
      },
    );
    expect(codeOf(await again())).toBe("FORBIDDEN");
    await world.ask(
      `mutation ($input: RemoveGrantInput!) { removeGrant(input: $input) { role { id } } }`,
      { variables: { input: { roleId: reads, datasetId } } },
    );
    expect(rowOf(await again())).toMatchObject({ values: { sku: "a" } });
    await set(creates, { canCreate: false });
    expect(codeOf(await again())).toBe("FORBIDDEN");
    await set(creates, { canCreate: true, permissions: [] });
    expect(codeOf(await again())).toBe("FORBIDDEN");
  });

  test("answers null for a row that is out of sight by now", async () => {
    const { id: datasetId, rows } = await goods([{ sku: "a", price: 1 }]);
    const read = { column: "price", lt: 5 };
    const key = await world.key({
      roles: [{ ...WRITER, grants: [{ datasetId, rowFilter: { read } }] }],
    });
    const input = {
      datasetId,
      rows: [{ id: rows[0], values: { price: 2 } }],
      idempotencyKey: datasetId,
    };
    const first = await send("updateRows", input, key);
    expect(first.data?.["updateRows"]?.results[0]?.row).toMatchObject({ values: { price: 2 } });
    await send("updateRows", { datasetId, rows: [{ id: rows[0], values: { price: 7 } }] });
    const second = await send("updateRows", input, key);
    expect(second.data?.["updateRows"]?.results[0]).toMatchObject({ version: 2, row: null });
  });

  test("is done again when a day has passed, and the old record goes", async () => {
    const later = await aWorld();
    const made = await later.dataset({ columns: [{ name: "a", type: "TEXT" }] });
    const create = (idempotencyKey: string) =>
      later.ask(`mutation ($input: CreateRowsInput!) { createRows(input: $input) { count } }`, {
        variables: { input: { datasetId: made.id, rows: [{ a: "x" }], idempotencyKey } },
      });
    const kept = async () => {
      const { rows } = await later.database.pool.query<{ key: string }>(
        `SELECT key FROM remembered_write WHERE tenant_id = $1 ORDER BY key`,
        [later.tenantId],
      );
      return rows.map(({ key }) => key);
    };
    const count = async () => {
      const { dataset } = await later.ask<{ dataset: { rowCount: number } }>(
        `query ($id: ID!) { dataset(id: $id) { rowCount } }`,
        { variables: { id: made.id } },
      );
      return dataset.rowCount;
    };
    for (const key of ["one", "two"]) {
      // oxlint-disable-next-line no-await-in-loop
      await create(key);
    }
    later.wait(24 * 60 * 60 - 60);
    await create("one");
    expect(await count()).toBe(2);
    later.wait(120);
    await create("one");
    expect(await count()).toBe(3);
    expect(await kept()).toEqual(["one"]);
  });

  test.each(["", "x".repeat(201), "new\nline", "ключ"])(
    "is refused with a key that is none: %j",
    async (idempotencyKey) => {
      const { id: datasetId } = await goods();
      const answer = await send("createRows", { datasetId, rows: [{ sku: "a" }], idempotencyKey });
      expect(codeOf(answer)).toBe("BAD_USER_INPUT");
      expect(answer.errors[0]?.message).toContain("200 printable");
    },
  );

  test("takes a key of 200 characters", async () => {
    const { id: datasetId } = await goods();
    const input = { datasetId, rows: [{ sku: "a" }], idempotencyKey: "~".repeat(200) };
    expect((await send("createRows", input)).errors).toEqual([]);
  });
});

test("of a repeated call the log says that it was one, and the record holds no cell", async () => {
  const own = await aWorld();
  const made = await own.dataset({ columns: [{ name: "a", type: "TEXT" }] });
  const input = { datasetId: made.id, rows: [{ a: "a secret" }], idempotencyKey: "k" };
  const query = `mutation ($input: CreateRowsInput!) { createRows(input: $input) { count } }`;
  await own.ask(query, { variables: { input } });
  await own.ask(query, { variables: { input } });
  const { events } = await own.ask<{ events: { nodes: { outcome: string; reason: string }[] } }>(
    `{ events(filter: { name: "row::create" }) { nodes { outcome reason } } }`,
  );
  expect(events.nodes.map(({ reason }) => reason).toSorted()).toEqual(["IDEMPOTENT_REPLAY", null]);
  const { rows } = await own.database.pool.query(
    `SELECT w::text AS record FROM remembered_write w WHERE tenant_id = $1`,
    [own.tenantId],
  );
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain("secret");
});

test("sixteen calls with one key at once are one write and fifteen repetitions", async () => {
  const { id: datasetId } = await goods();
  const input = { datasetId, rows: [{ sku: "a" }, { sku: "b" }], idempotencyKey: datasetId };
  const answers = await Promise.all(Array.from({ length: 16 }, () => send("createRows", input)));
  expect(answers.flatMap(({ errors }) => errors)).toEqual([]);
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(await skusIn(datasetId)).toEqual(["a 1", "b 1"]);
});
