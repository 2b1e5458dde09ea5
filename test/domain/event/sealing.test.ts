import { describe, expect, it } from "vitest";
import { eventKeyOf } from "../../../src/events/event-key.ts";
import { sealEvents, unsealedTenants } from "../../../src/events/seal-events.ts";
import { Sealer } from "../../../src/events/sealer.ts";
import { asRole, uuidOf } from "../../db/as-role.ts";
import { testDatabase } from "../../support/database.ts";
import { aWorld, EVENT_KEY, type World } from "../../support/world.ts";
import { eventsOf } from "./log.ts";

const { kind } = await testDatabase();

interface Chain {
  readonly ok: boolean;
  readonly checked: number;
  readonly fault: string | null;
  readonly firstBroken: number | null;
  readonly unsealed: number;
  readonly head: { readonly number: number; readonly mac: string };
}

async function verify({ ask }: World, head: object | null = null): Promise<Chain> {
  const { verifyEvents } = await ask<{ verifyEvents: Chain }>(
    `query ($head: EventHeadInput) {
       verifyEvents(head: $head) { ok checked fault firstBroken unsealed head { number mac } } }`,
    { variables: { head } },
  );
  return verifyEvents;
}

/** What the owner of the database can do. Numbers of events stand for themselves: `$2`, `$3`. */
async function tamper({ database, tenantId }: World, text: string, ...numbers: number[]) {
  const { rowCount } = await database.pool.query(text, [tenantId, ...numbers]);
  expect(rowCount).toBeGreaterThan(0);
}

const write = ({ ask }: World, name: string) =>
  ask(`mutation ($name: String!) { writeEvent(input: { name: $name }) { __typename } }`, {
    variables: { name },
  });

/** A tenant with events 1 to 9, all sealed: the tenant's first, and four custom ones with who wrote them. */
async function aSealedWorld(): Promise<World> {
  const world = await aWorld();
  for (let place = 0; place < 4; place += 1) await write(world, `custom::${place}`);
  await world.seal();
  return world;
}

const EDIT = `mutation ($id: ID!, $row: ID!, $values: JSON!) {
  updateRows(input: { datasetId: $id, rows: [{ id: $row, values: $values }] }) { count }
}`;

describe("Sealing", () => {
  it("numbers events from 1 in the order of their commits, without a gap, and says how many are not sealed", async () => {
    const world = await aWorld();
    for (let place = 0; place < 3; place += 1) await write(world, `custom::${place}`);
    const before = await verify(world);
    await world.seal();
    const after = await verify(world);
    const events = (await eventsOf(world)).toReversed();

    expect(before).toMatchObject({ ok: true, checked: 0, unsealed: 7, head: { number: 0 } });
    expect(after).toMatchObject({ ok: true, checked: 7, unsealed: 0, head: { number: 7 } });
    expect(events.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(events.filter(({ name }) => name.startsWith("custom")).map(({ name }) => name)).toEqual([
      "custom::0",
      "custom::1",
      "custom::2",
    ]);
  });

  it("after 16 writers at once gives each event of one row's edits the place of its edit", async () => {
    const world = await aWorld();
    const { id: datasetId, rows } = await world.dataset({
      columns: [{ name: "n", type: "INTEGER" }],
      rows: [{ n: 0 }],
    });
    const versions = new Map<string, number>();
    const edit = async (writer: number) => {
      const { id, secret } = await world.keyWithId({
        roles: [{ canRead: true, canUpdate: true, permissions: ["row::update", "row::get"] }],
      });
      return async () => {
        const { updateRows } = await world.ask<{ updateRows: { count: number } }>(EDIT, {
          key: secret,
          variables: { id: datasetId, row: rows[0], values: { n: writer } },
        });
        expect(updateRows).toEqual({ count: 1 });
        versions.set(id, writer);
      };
    };
    const edits = await Promise.all(Array.from({ length: 16 }, (_, writer) => edit(writer)));
    const sealing = (async () => {
      for (let round = 0; round < 10; round += 1) await world.seal();
    })();
    await Promise.all([...edits.map((one) => one()), sealing]);
    await world.seal();
    const events = (await eventsOf(world)).filter(({ name }) => name === "row::update");
    const last = events.toSorted((one, other) => (other.number ?? 0) - (one.number ?? 0))[0];
    const { dataset } = await world.ask<{
      dataset: { row: { version: number; values: { n: number } } };
    }>(`query ($id: ID!, $row: ID!) { dataset(id: $id) { row(id: $row) { version values } } }`, {
      variables: { id: datasetId, row: rows[0] },
    });
    const numbers = (await eventsOf(world)).map(({ number }) => number ?? 0);

    expect(events).toHaveLength(16);
    expect(dataset.row.version).toBe(17);
    // The row holds what the last of them wrote, and that one's event is the last.
    expect(versions.get(last?.principalId ?? "")).toBe(dataset.row.values.n);
    expect(numbers.toSorted((one, other) => one - other)).toEqual(
      numbers.map((_number, place) => place + 1),
    );
    expect(await verify(world)).toMatchObject({ ok: true, unsealed: 0 });
  });

  // The embedded database does one thing at a time.
  it.skipIf(kind === "PGlite")(
    "leaves an event that is not committed yet for later, and does not wait for it",
    async () => {
      const world = await aWorld();
      const client = await world.database.pool.connect();
      try {
        await client.query("BEGIN");
        await client.query(
          `INSERT INTO event (tenant_id, id, name, outcome, principal_kind, principal_name, at)
           VALUES ($1, gen_random_uuid(), 'custom::late', 'ALLOWED', 'KEY', '', now())`,
          [world.tenantId],
        );
        await write(world, "custom::soon");
        await world.seal();
        expect(await verify(world)).toMatchObject({ ok: true, checked: 3, unsealed: 0 });
      } finally {
        await client.query("COMMIT");
        client.release();
      }
      await world.seal();
      const late = (await eventsOf(world)).find(({ name }) => name === "custom::late");

      expect(late?.number).toBe(4);
      expect(await verify(world)).toMatchObject({ ok: true, unsealed: 0 });
    },
  );

  it("is done by one at a time: sixteen at once make one chain", async () => {
    const world = await aWorld();
    for (let place = 0; place < 5; place += 1) await write(world, `custom::${place}`);
    const sealed = await Promise.all(
      Array.from({ length: 16 }, () =>
        sealEvents(world.database, world.tenantId, { key: EVENT_KEY, heads: new Map() }),
      ),
    );

    expect(sealed.reduce((sum, { count }) => sum + count, 0)).toBe(11);
    expect(await verify(world)).toMatchObject({ ok: true, checked: 11, unsealed: 0 });
  });

  it("goes through every tenant that has something to seal, and tells each new head to the log", async () => {
    const [one, other] = [await aWorld(), await aSealedWorld()];
    const lines: object[] = [];
    const log = {
      info: (line: object) => lines.push(line),
      warn: () => undefined,
      error: () => undefined,
    };
    expect(await unsealedTenants(one.database)).toContain(one.tenantId);
    await new Sealer({ database: one.database, key: EVENT_KEY, log }).sealAll();
    const { head } = await verify(one);

    expect(lines).toContainEqual({ tenantId: one.tenantId, ...head });
    expect(lines).not.toContainEqual(expect.objectContaining({ tenantId: other.tenantId }));
  });

  it("is refused under another key than before, which is said once", async () => {
    const world = await aSealedWorld();
    await write(world, "custom::after");
    const said: object[] = [];
    const log = {
      info: () => undefined,
      warn: () => undefined,
      error: (line: object) => said.push(line),
    };
    const key = eventKeyOf(Buffer.alloc(32, "another key"));
    const stranger = new Sealer({ database: world.database, key, log });
    await stranger.seal(world.tenantId);
    await stranger.seal(world.tenantId);

    expect(said).toEqual([{ tenantId: world.tenantId, fault: "OTHER_KEY" }]);
    expect(await verify(world)).toMatchObject({ ok: true, checked: 9, unsealed: 2 });
  });
});

const DELETE = "DELETE FROM event WHERE tenant_id = $1 AND number = $2";

/** What the owner of the database does, and what shows: the fault, and the first event that is broken. */
const TAMPERING: Readonly<Record<string, [string, number[], string, number]>> = {
  "an event altered": [
    "UPDATE event SET principal_name = 'somebody else' WHERE tenant_id = $1 AND number = $2",
    [5],
    "ALTERED",
    5,
  ],
  "a reason taken away": [
    "UPDATE event SET outcome = 'ALLOWED', reason = NULL, ip = '' WHERE tenant_id = $1 AND number = $2",
    [1],
    "ALTERED",
    1,
  ],
  "an event moved to another time": [
    "UPDATE event SET at = at + interval '1 ms' WHERE tenant_id = $1 AND number = $2",
    [9],
    "ALTERED",
    9,
  ],
  "an event removed from among others": [DELETE, [4], "MISSING", 4],
  "the first event removed": [DELETE, [1], "MISSING", 1],
  "the last event removed": [DELETE, [9], "CUT", 9],
  "the last five removed": [
    "DELETE FROM event WHERE tenant_id = $1 AND number >= $2",
    [5],
    "CUT",
    5,
  ],
  "all events removed": ["DELETE FROM event WHERE tenant_id = $1 AND number >= $2", [1], "CUT", 1],
  "the end cut off, and the head moved to what is left": [
    `WITH cut AS (DELETE FROM event WHERE tenant_id = $1 AND number > $2 RETURNING 1)
     UPDATE event_head h SET number = e.number, mac = e.mac FROM event e
     WHERE h.tenant_id = $1 AND e.tenant_id = $1 AND e.number = $2`,
    [6],
    "HEAD",
    6,
  ],
  "the head removed": [
    "DELETE FROM event_head WHERE tenant_id = $1 AND number = $2",
    [9],
    "CUT",
    1,
  ],
  "the head sealed with nonsense": [
    "UPDATE event_head SET seal = '\\x00' WHERE tenant_id = $1 AND number = $2",
    [9],
    "HEAD",
    9,
  ],
  "what two events say swapped": [
    `UPDATE event e SET name = o.name, outcome = o.outcome, target = o.target
     FROM event o WHERE e.tenant_id = $1 AND o.tenant_id = $1
       AND (e.number, o.number) IN (($2, $3), ($3, $2))`,
    [3, 4],
    "ALTERED",
    3,
  ],
  "an event made to wait for its seal again": [
    "UPDATE event SET number = NULL, mac = NULL WHERE tenant_id = $1 AND number = $2",
    [7],
    "MISSING",
    7,
  ],
};

describe("Whoever owns the database cannot hide", () => {
  it.each(Object.entries(TAMPERING))("%s", async (_what, [text, numbers, fault, firstBroken]) => {
    const world = await aSealedWorld();
    expect(await verify(world)).toMatchObject({ ok: true, checked: 9, fault: null });
    await tamper(world, text, ...numbers);

    expect(await verify(world)).toMatchObject({ ok: false, fault, firstBroken });
    // Nothing is built upon it.
    await write(world, "custom::after");
    await world.seal();
    expect(await verify(world)).toMatchObject({ ok: false, fault, firstBroken });
  });

  it("two events swapped, seals and all", async () => {
    const world = await aSealedWorld();
    for (const [to, from] of [
      [100, 3],
      [3, 4],
      [4, 100],
    ] as const) {
      await tamper(
        world,
        "UPDATE event SET number = $2 WHERE tenant_id = $1 AND number = $3",
        to,
        from,
      );
    }

    expect(await verify(world)).toMatchObject({ ok: false, fault: "ALTERED", firstBroken: 3 });
  });

  it("an event of another tenant in the place of one", async () => {
    const [world, other] = [await aSealedWorld(), await aSealedWorld()];
    await world.database.pool.query(
      `UPDATE event e SET mac = o.mac, name = o.name, at = o.at FROM event o
       WHERE e.tenant_id = $1 AND o.tenant_id = $2 AND e.number = 2 AND o.number = 2`,
      [world.tenantId, other.tenantId],
    );

    expect(await verify(world)).toMatchObject({ ok: false, firstBroken: 2 });
  });

  it("the whole put back to an earlier state: from the process that sealed more, and from the log", async () => {
    const world = await aSealedWorld();
    const { head: early } = await verify(world);
    await write(world, "custom::unwelcome");
    await world.seal();
    const { head: logged } = await verify(world);
    await world.database.pool.query(
      `UPDATE event_head h SET number = $2, mac = decode($3, 'hex'), seal = $4 WHERE tenant_id = $1`,
      [world.tenantId, early.number, early.mac, sealOf(world, early)],
    );
    await tamper(world, "DELETE FROM event WHERE tenant_id = $1 AND number > $2", early.number);

    expect(await verify(world)).toMatchObject({ ok: true, head: early });
    expect(await verify(world, logged)).toMatchObject({
      ok: false,
      fault: "CUT",
      firstBroken: early.number + 1,
    });
    expect(await verify(world, early)).toMatchObject({ ok: true });
    await write(world, "custom::after");
    await world.seal();
    expect(await verify(world)).toMatchObject({ unsealed: 2 });
  });
});

/** As somebody would who had kept it from before. */
function sealOf({ tenantId }: World, { number, mac }: Chain["head"]): Buffer {
  return EVENT_KEY.sign("head", tenantId, String(number), mac);
}

describe("A member", () => {
  it("adds events and reads them, and can neither change, remove, number nor date them", async () => {
    const world = await aSealedWorld();
    const sender = { role: "fieldgate_member", tenantId: world.tenantId } as const;
    const run = (...statements: string[]) => asRole(world.database, sender, ...statements);
    const columns = "tenant_id, id, name, outcome, principal_kind, principal_name, at";
    const values = `'${world.tenantId}', gen_random_uuid(), 'x', 'ALLOWED', 'KEY', '', now()`;
    const added = await run(
      `INSERT INTO event (${columns}) VALUES (${values})`,
      "SELECT count(*)::int AS count FROM event",
    );

    expect(added).toEqual({ rows: [{ count: 10 }], code: null });
    for (const statement of [
      "UPDATE event SET name = 'x'",
      "DELETE FROM event",
      "TRUNCATE event",
      `INSERT INTO event (${columns}, number, mac) VALUES (${values}, 10, '\\x00')`,
      `INSERT INTO event (${columns}, seq) VALUES (${values}, 1)`,
      "UPDATE event_head SET number = 1",
      "DELETE FROM event_head",
      "SELECT fieldgate.unsealed_tenants()",
    ]) {
      expect([statement, (await run(statement)).code]).toEqual([statement, "42501"]);
    }
  });

  it("neither seals events of another tenant nor adds any to it", async () => {
    const [world, other] = [await aWorld(), await aWorld()];
    const [event] = await eventsOf(other);
    const sender = { role: "fieldgate_member", tenantId: world.tenantId } as const;
    const sealed = await asRole(
      world.database,
      sender,
      `SELECT fieldgate.seal_events(1, '{${uuidOf(event?.id ?? "")}}', '{00}', '00', '')`,
    );
    const added = await asRole(
      world.database,
      sender,
      `INSERT INTO event (tenant_id, id, name, outcome, principal_kind, principal_name, at)
       VALUES ('${other.tenantId}', gen_random_uuid(), 'x', 'ALLOWED', 'KEY', '', now())`,
    );

    expect([sealed.code, added.code]).toEqual(["42501", "42501"]);
  });

  it.each(["fieldgate_public", "fieldgate_visualization", "fieldgate_operator"] as const)(
    "alone reads the log: %s does not",
    async (role) => {
      const world = await aSealedWorld();
      for (const table of ["event", "event_head"]) {
        const read = await asRole(
          world.database,
          { role, tenantId: world.tenantId },
          `SELECT * FROM ${table}`,
        );
        expect(read).toEqual({ rows: [], code: "42501" });
      }
    },
  );
});
