import type { Sql } from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { forget, type Forgettable } from "../../src/db/forget.ts";
import { inTransaction, type Transaction } from "../../src/db/transaction.ts";
import { CROWD, crowd } from "../support/crowd.ts";
import { aWorld } from "../support/world.ts";
import { uuidOf } from "./as-role.ts";

const world = await aWorld();
const { database, tenantId } = world;
const reach = { role: "fieldgate_member", tenantId, mode: "write" } as const;
const LONG_AFTER = new Date("2021-01-01T00:00:00Z");

beforeAll(async () => {
  const { id } = await world.keyWithId({ roles: [{}] });
  await crowd(world, uuidOf(id));
});
afterAll(() => database.close());

async function left(table: string): Promise<{ count: number; oldest: Date }> {
  const by = table === "login_attempt" ? "last_at" : "expires_at";
  const { rows } = await database.pool.query<{ count: number; oldest: Date }>(
    `SELECT count(*)::integer AS count, min(${by}) AS oldest FROM ${table} WHERE tenant_id = $1`,
    [tenantId],
  );
  return rows[0] ?? { count: 0, oldest: LONG_AFTER };
}

/** The plans of what is sent, each asked for on the same connection. */
function explaining(transaction: Transaction, plans: string[]): Transaction {
  const query = async <Row extends object>({ text, values }: Sql) => {
    const explain = { text: `EXPLAIN ${text}`, values };
    const { rows } = await transaction.send<{ "QUERY PLAN": string }>(explain);
    plans.push(rows.map((row) => row["QUERY PLAN"]).join("\n"));
    return (await transaction.send<Row>({ text, values })).rows;
  };
  return { ...transaction, query };
}

describe("What is past", () => {
  const moments = [
    { table: "login_attempt", by: "last_at" },
    { table: "user_session", by: "expires_at" },
    { table: "user_session", by: "ended_at" },
    { table: "one_time_token", by: "expires_at" },
    { table: "dpop_proof", by: "expires_at" },
    { table: "access_token", by: "expires_at" },
    { table: "remembered_write", by: "at" },
  ] as const;
  test.each(moments)("of $table is found by an index on $by", async (moment) => {
    const plans: string[] = [];
    await inTransaction(database, reach, async (transaction) => {
      const forgettable: Forgettable = { ...moment, tenantId, until: LONG_AFTER };
      await forget(explaining(transaction, plans), forgettable);
    });
    expect(plans.join("\n")).toMatch(
      new RegExp(`Index Cond: \\(\\(tenant_id = .*AND \\(${moment.by} <= `),
    );
    expect(plans.join("\n")).toMatch(/Tid Scan/);
    expect(plans.join("\n")).not.toMatch(/Seq Scan|Sort/);
  });

  const attempts = { table: "login_attempt", by: "last_at", tenantId, until: LONG_AFTER } as const;

  test("is forgotten from the oldest on, some at a time", async () => {
    const before = await left("login_attempt");
    await inTransaction(database, reach, (transaction) => forget(transaction, attempts));
    const after = await left("login_attempt");
    expect(after.count).toBe(before.count - 20);
    expect(after.oldest.getTime()).toBe(before.oldest.getTime() + 20_000);
  });

  // The transactions of the embedded database wait for each other in any case.
  test.runIf(database.kind === "PostgreSQL")(
    "is forgotten by two at once, each another part, and neither waits",
    async () => {
      const before = await left("login_attempt");
      await inTransaction(database, reach, async (transaction) => {
        await forget(transaction, attempts);
        await inTransaction(database, reach, (other) => forget(other, attempts));
      });
      expect((await left("login_attempt")).count).toBe(before.count - 40);
    },
  );

  test("is all that is forgotten", async () => {
    const { count, oldest } = await left("one_time_token");
    const forgettable = { table: "one_time_token", by: "expires_at", tenantId } as const;
    await inTransaction(database, reach, (transaction) =>
      forget(transaction, { ...forgettable, until: new Date(oldest.getTime() + 2_000) }),
    );
    expect((await left("one_time_token")).count).toBe(count - 3);
    expect(count).toBeLessThanOrEqual(CROWD);
  });
});
