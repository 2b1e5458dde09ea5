import { afterAll, describe, expect, it } from "vitest";
import { decodeId } from "../../../src/db/id.ts";
import { type ImportProgress, saveProgress } from "../../../src/db/row-imports.ts";
import { inTransaction } from "../../../src/db/transaction.ts";
import { createPrisma } from "../../../src/db/prisma.ts";
import { runImport } from "../../../src/domain/row/import/run-import.ts";
import { CredentialError } from "../../../src/identity/credential.ts";
import { holderTransactions } from "../../../src/caller-transactions.ts";
import { inOne } from "../../support/files.ts";
import { aWorld } from "../../support/world.ts";
import {
  type ImportAnswer,
  type ImportInput,
  importShown,
  promisedImport,
  sent,
  valuesIn,
} from "./importing.ts";

const world = await aWorld();
const server = await world.listen();
afterAll(() => server.close());

const CHANGED =
  "The dataset, or your rights on it, changed while the file came. Nothing was imported; import it anew.";

/** A dataset with a unique column and a maker of rows in it. */
async function aHouse() {
  const made = await world.dataset({
    columns: [
      { name: "code", type: "TEXT", unique: true },
      { name: "amount", type: "INTEGER" },
    ],
  });
  const roleId = await world.role({
    permissions: ["row::import", "node::get", "dataset::get"],
    canCreate: true,
    canRead: true,
  });
  const { id: keyId, secret: key } = await world.keyWithId({ roles: [roleId] });
  return { ...made, roleId, keyId, key };
}

/** The lines of a file from one number to another. */
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `c${from + index},${from + index}\n`).join("");

/** Sends a file, of which some waits already while something is done. */
async function importedAround(
  { key, ...input }: ImportInput & { readonly key: string },
  work: (id: string) => Promise<unknown>,
  { before, after } = { before: `code,amount\n${lines(0, 2_500)}`, after: lines(2_500, 5_000) },
): Promise<ImportAnswer & { readonly id: string }> {
  const { url, id } = await promisedImport(world, input, { key });
  const file = new TransformStream<Uint8Array, Uint8Array>();
  const writer = file.writable.getWriter();
  const answer = sent(server, url, file.readable);
  const write = (text: string) => writer.write(Buffer.from(text)).catch(() => undefined);
  await write(before);
  await expect.poll(() => rowsWaiting(id), { timeout: 20_000 }).toBeGreaterThan(0);
  await work(id);
  await write(after);
  await writer.close().catch(() => undefined);
  return { ...(await answer), id };
}

async function rowsWaiting(id: string): Promise<number> {
  const { rows } = await world.database.pool.query<{ rows: number }>(
    "SELECT rows FROM row_import WHERE 'import_' || replace(id::text, '-', '') = $1",
    [id],
  );
  return rows[0]?.rows ?? 0;
}

/** The tables of rows that wait, of whichever tenant. */
async function tablesWaiting(id: string): Promise<number> {
  const { rows } = await world.database.pool.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM pg_class WHERE relname IN ('t_' || $1, 'd_' || $1)",
    [id.replace("import_", "")],
  );
  return rows[0]?.n ?? 0;
}

/** How many rows a dataset has; of one that is deleted: none. */
async function rowsIn(id: string): Promise<number> {
  const { dataset } = await world.ask<{ dataset: { rows: { totalCount: number } } | null }>(
    `query ($id: ID!) { dataset(id: $id) { rows { totalCount } } }`,
    { variables: { id } },
  );
  return dataset?.rows.totalCount ?? 0;
}

const change = (mutation: string, type: string) => (input: object) =>
  world.ask(`mutation ($input: ${type}!) { ${mutation}(input: $input) { __typename } }`, {
    variables: { input },
  });

describe("While a file comes", () => {
  it("nobody sees its rows; when it has come all are there, and nothing else is left", async () => {
    const { id: datasetId, key } = await aHouse();
    const seen: number[] = [];
    const { id, ...answer } = await importedAround({ datasetId, key }, async (waiting) => {
      seen.push((await valuesIn(world, datasetId)).length, await tablesWaiting(waiting));
    });

    expect(seen).toEqual([0, 2]);
    expect(answer).toMatchObject({ status: 200, rows: 5_000, faulty: 0 });
    expect(await valuesIn(world, datasetId)).toHaveLength(5_000);
    expect(await tablesWaiting(id)).toBe(0);
  });

  it.each([
    [
      "a right on a column is withheld",
      async ({ id: datasetId, columns, roleId }: House) =>
        change(
          "setGrant",
          "SetGrantInput",
        )({
          roleId,
          datasetId,
          columnId: columns["amount"],
          create: "WITHHOLD",
        }),
      { status: 409, message: CHANGED },
    ],
    [
      "the rows that may be made are filtered",
      async ({ id: datasetId, roleId }: House) =>
        change(
          "setGrant",
          "SetGrantInput",
        )({
          roleId,
          datasetId,
          create: "ALLOW",
          rowFilter: { create: { column: "amount", lt: "10" } },
        }),
      { status: 409, message: CHANGED },
    ],
    [
      "the dataset gets a column",
      async ({ id: datasetId }: House) =>
        change(
          "addColumn",
          "AddColumnInput",
        )({
          datasetId,
          column: { name: "more", type: "INTEGER", default: 3 },
        }),
      { status: 409, message: CHANGED },
    ],
    [
      "the permission is taken away",
      async ({ roleId }: House) =>
        change("updateRole", "UpdateRoleInput")({ id: roleId, permissions: [] }),
      { status: 403, message: expect.stringContaining("row::import") as string },
    ],
    [
      "the dataset is deleted",
      async ({ id }: House) => change("deleteDataset", "DeleteDatasetInput")({ id }),
      { status: 404, message: "No such dataset. Check the id and the key that you asked with." },
    ],
    [
      "the key is revoked",
      async ({ keyId }: House) => change("revokeKey", "RevokeKeyInput")({ id: keyId }),
      {
        status: 404,
        message: "No such transfer. Its URL works once, for a few minutes. Ask for a new one.",
      },
    ],
  ])("and %s, nothing is written", async (_what, work, refused) => {
    const house = await aHouse();
    const { id, status, errors } = await importedAround(
      { datasetId: house.id, key: house.key },
      () => work(house),
    );

    expect({ status, message: errors?.[0]?.message }).toEqual(refused);
    expect(await tablesWaiting(id)).toBe(0);
    expect(await rowsIn(house.id)).toBe(0);
  });

  it("and the right to read what its options are taken from is withheld, nothing is written", async () => {
    const colours = await world.dataset({
      columns: [{ name: "colour", type: "TEXT" }],
      rows: [{ colour: "red" }],
    });
    const { id: datasetId } = await world.dataset({
      columns: [{ name: "colour", type: "SELECT", optionsFrom: colours.columns["colour"] }],
    });
    const roleId = await world.role({ permissions: ["row::import"], canCreate: true });
    const reading = { roleId, datasetId: colours.id, read: "ALLOW" as const };
    await change("setGrant", "SetGrantInput")(reading);
    const key = await world.key({ roles: [roleId] });
    const sentAround = (work: () => Promise<unknown>) =>
      importedAround({ datasetId, key }, work, {
        before: `colour\n${"red\n".repeat(2_500)}`,
        after: "red\n",
      });

    expect(await sentAround(async () => undefined)).toMatchObject({ status: 200, rows: 2_501 });
    const refused = await sentAround(() =>
      change("setGrant", "SetGrantInput")({ ...reading, read: "WITHHOLD" }),
    );
    expect({ status: refused.status, message: refused.errors?.[0]?.message }).toEqual({
      status: 409,
      message: CHANGED,
    });
    expect(await rowsIn(datasetId)).toBe(2_501);
  });

  it("rights that have nothing to do with it may change", async () => {
    const { id: datasetId, key } = await aHouse();
    const answer = await importedAround({ datasetId, key }, () => world.role({ canRead: true }));

    expect(answer).toMatchObject({ status: 200, rows: 5_000 });
  });

  it("a value that another row gets is taken: of the line that has it, too", async () => {
    const { id: datasetId, key } = await aHouse();
    const taking = () =>
      change(
        "createRows",
        "CreateRowsInput",
      )({
        datasetId,
        rows: [{ code: "c7" }, { code: "c4000" }],
      });
    const answer = await importedAround({ datasetId, key, onFault: "SKIP_ROW" }, taking);

    expect(answer).toMatchObject({ status: 200, rows: 4_998, faulty: 2 });
    expect(answer.faults).toEqual(
      ["line 4002", "line 9"].map((at) => ({
        at,
        column: "code",
        code: "NOT_UNIQUE",
        message: "Another row has this value.",
      })),
    );
    expect(await importShown(world, answer.id, { key }).then((shown) => shown?.["rows"])).toBe(
      4_998,
    );
    expect(await valuesIn(world, datasetId)).toHaveLength(5_000);
  });

  it("a value that another row gets is at fault in what is shown of the import, too", async () => {
    const { id: datasetId, key } = await aHouse();
    const taking = () =>
      change("createRows", "CreateRowsInput")({ datasetId, rows: [{ code: "c7" }] });
    const answer = await importedAround({ datasetId, key }, taking);

    expect(answer.errors?.[0]?.extensions).toMatchObject({ faulty: 1 });
    expect(await importShown(world, answer.id, { key })).toMatchObject({
      state: "FAILED",
      rows: 0,
      faulty: 1,
      faults: [{ at: "line 9", column: "code", code: "NOT_UNIQUE" }],
    });
  });
});

describe("What is shown of an import whose rows are there", () => {
  it("stays so, also where whoever sent the file is told of a failure", async () => {
    const { id: datasetId, key } = await aHouse();
    const { url, id } = await promisedImport(world, { datasetId }, { key });
    await sent(server, url, "code\nx\n");
    const shown = await importShown(world, id, { key });
    const uuid = decodeId("RowImport", id) ?? "";
    const { database, tenantId } = world;
    await inTransaction(
      database,
      { role: "fieldgate_member", tenantId, mode: "write" },
      (transaction) => saveProgress(transaction, { tenantId, id: uuid }, FAILED),
    );

    expect(shown).toMatchObject({ state: "DONE", rows: 1, failure: null });
    expect(await importShown(world, id, { key })).toEqual(shown);
  });

  it("is also what whoever sent the file is told, whatever fails after the last commit", async () => {
    const { id: datasetId, keyId, key } = await aHouse();
    const { id } = await promisedImport(world, { datasetId }, { key });
    const { database, tenantId } = world;
    const uuid = decodeId("RowImport", id) ?? "";
    const holder = {
      tenantId,
      principalKind: "KEY",
      principal: keyId,
      narrowedTo: null,
      claimed: null,
    } as const;
    const now = new Date();
    const open = holderTransactions(holder, { database, prismaFor: createPrisma(), now });
    const outcome = await runImport(
      {
        requestId: "test",
        now,
        // Nothing is read from a snapshot before the rows are there.
        open: (mode) =>
          mode === "snapshot" ? Promise.reject(new CredentialError("Gone.")) : open(mode),
        record: async () => undefined,
      },
      { tenantId, id: uuid, input: { datasetId, format: "CSV" } },
      {
        body: inOne(Buffer.from("code\nx\n")),
        keep: (work) =>
          inTransaction(database, { role: "fieldgate_member", tenantId, mode: "write" }, work),
      },
    );

    expect(outcome).toEqual({ id, rows: 1, faulty: 0, faults: [] });
    expect(await rowsIn(datasetId)).toBe(1);
  });
});

const FAILED: ImportProgress = {
  state: "FAILED",
  bytes: 0,
  rows: 0,
  faulty: 0,
  faults: [],
  failure: "No more.",
};

type House = Awaited<ReturnType<typeof aHouse>>;
