import sql from "sql-template-tag";
import { describe, expect, test } from "vitest";
import {
  beginImport,
  dropImport,
  holdImport,
  type PendingImport,
} from "../../src/db/dataset-import.ts";
import { newUuid } from "../../src/db/id.ts";
import { inTransaction, type Transaction } from "../../src/db/transaction.ts";
import { aWorld } from "../support/world.ts";

describe("an unfinished import", async () => {
  const { database, tenantId } = await aWorld();

  const write = <Result>(work: (transaction: Transaction) => Promise<Result>) =>
    inTransaction(database, { role: "fieldgate_member", tenantId, mode: "write" }, work);

  async function begun(name: string): Promise<PendingImport> {
    const pending = { tenantId, id: newUuid(), name };
    await write((transaction) => beginImport(transaction, pending, { types: ["TEXT"] }));
    return pending;
  }

  async function aged(pending: PendingImport): Promise<PendingImport> {
    await write((transaction) =>
      transaction.query(sql`
        UPDATE dataset_import SET touched_at = now() - interval '3 minutes'
        WHERE tenant_id = ${tenantId}::uuid AND id = ${pending.id}::uuid`),
    );
    return pending;
  }

  const isThere = (pending: PendingImport) =>
    write((transaction) => holdImport(transaction, pending));

  test("that wrote nothing for two minutes is swept away by the next, and learns of it", async () => {
    const dead = await aged(await begun("dead"));
    const living = await begun("living");
    await begun("next");
    expect(await isThere(dead)).toBe(false);
    expect(await isThere(living)).toBe(true);
  });

  test("that goes on after a pause is not swept away", async () => {
    const paused = await aged(await begun("paused"));
    expect(await isThere(paused)).toBe(true);
    await begun("next_again");
    expect(await isThere(paused)).toBe(true);
  });

  test("can be taken back twice, as when nobody knows whether it was", async () => {
    const pending = await begun("twice");
    await write((transaction) => dropImport(transaction, pending));
    await write((transaction) => dropImport(transaction, pending));
    expect(await isThere(pending)).toBe(false);
  });
});
