import { afterAll, describe, expect, it } from "vitest";
import { type Asking, aWorld, type NewRole } from "../../support/world.ts";
import { eventsDuring, inShort } from "../event/log.ts";
import {
  IMPORT,
  imported,
  importShown,
  type ImportInput,
  promisedImport,
  sent,
  valuesIn,
} from "./importing.ts";

const world = await aWorld();
const server = await world.listen();
afterAll(() => server.close());
const house = { world, server };

const COLUMNS = [
  { name: "region", type: "TEXT" },
  { name: "amount", type: "INTEGER" },
  { name: "secret", type: "TEXT" },
];
const permissions = ["row::import"];

/** A dataset, and a role that may make rows in the north, of region and amount, and see no row. */
async function aNorth() {
  const { id, columns } = await world.dataset({ columns: COLUMNS });
  const inNorth = { create: { column: "region", eq: "north" } };
  const role: NewRole = {
    permissions: [...permissions, "node::get", "dataset::get"],
    grants: [
      { datasetId: id, create: "ALLOW", rowFilter: inNorth },
      { datasetId: id, columnId: columns["secret"] ?? "", create: "WITHHOLD" },
    ],
  };
  const { id: keyId, secret: key } = await world.keyWithId({ roles: [role] });
  return { id, columns, key, keyId };
}

/** The events of a file, without that of its promise. */
async function eventsOfFile(work: () => Promise<unknown>) {
  return (await eventsDuring(world, work)).slice(1).map(inShort);
}

async function refusal(input: ImportInput, asking: Asking) {
  const { errors } = await world.run(IMPORT, {
    ...asking,
    variables: { input: { format: "CSV", ...input } },
  });
  return errors[0];
}

describe("importRows is promised", () => {
  it("to nobody without its permission, and to whoever has it", async () => {
    const { id } = await aNorth();
    const without = await world.key({ roles: [{ canCreate: true, canRead: true }] });
    const having = await world.key({ roles: [{ permissions, canCreate: true }] });

    expect(await refusal({ datasetId: id }, { key: without })).toMatchObject({
      extensions: { code: "FORBIDDEN", missing: { gate: "PERMISSION", name: "row::import" } },
    });
    expect(await imported(house, { datasetId: id }, "amount\n1\n", { key: having })).toMatchObject({
      status: 200,
      rows: 1,
    });
  });

  it("to nobody who may not make a row, or does not know the dataset", async () => {
    const { id } = await aNorth();
    const reader = await world.key({ roles: [{ permissions, canRead: true }] });
    const stranger = await world.key({ roles: [{ permissions }] });

    expect(await refusal({ datasetId: id }, { key: reader })).toMatchObject({
      extensions: { code: "FORBIDDEN", missing: { gate: "DATA" } },
    });
    expect(await refusal({ datasetId: id }, { key: stranger })).toMatchObject({
      message: "No such dataset. Check the id and the key that you asked with.",
    });
    expect(await refusal({ datasetId: id }, { key: null })).toMatchObject({
      extensions: { code: "FORBIDDEN" },
    });
  });

  it("to nobody for columns that it may not set, does not know or names twice", async () => {
    const { id, key } = await aNorth();
    const of = (...columns: { header: string; column: string }[]) => ({ datasetId: id, columns });

    expect(await refusal(of({ header: "s", column: "secret" }), { key })).toMatchObject({
      message: expect.stringContaining("secret") as string,
      extensions: { code: "BAD_USER_INPUT" },
    });
    expect(
      await refusal(of({ header: "a", column: "amount" }, { header: "b", column: "amount" }), {
        key,
      }),
    ).toMatchObject({ message: '"amount" is named twice in `columns`.' });
    expect(
      await refusal(of({ header: "a", column: "amount" }, { header: "a", column: "region" }), {
        key,
      }),
    ).toMatchObject({ message: '"a" is named twice in `columns`.' });
  });
});

describe("A file makes no row that its caller may not make", () => {
  it("by a row filter: refused as a whole, or left out, and the others are there", async () => {
    const { id, key } = await aNorth();
    const file = "region,amount\nnorth,1\nsouth,2\nnorth,3\n";
    const whole = await imported(house, { datasetId: id }, file, { key });

    expect(whole).toMatchObject({ status: 403, errors: [{ extensions: { code: "FORBIDDEN" } }] });
    expect(whole.errors?.[0]?.message).toContain("line 3 is not one on which a role of yours");
    expect(await valuesIn(world, id)).toEqual([]);
    expect(
      await imported(house, { datasetId: id, onFault: "SKIP_ROW" }, file, { key }),
    ).toMatchObject({
      status: 200,
      rows: 2,
      faulty: 1,
      faults: [{ at: "line 3", column: null, code: "FORBIDDEN" }],
    });
    expect(await valuesIn(world, id)).toEqual([
      { region: "north", amount: 1, secret: null },
      { region: "north", amount: 3, secret: null },
    ]);
  });

  it("of a column that it may not set; one that it does not know is as one that is not there", async () => {
    const { id, columns, key } = await aNorth();
    const file = "region,secret\nnorth,x\n";
    const unknown = await imported(house, { datasetId: id }, file, { key });
    const reading = {
      permissions,
      grants: [{ datasetId: id, columnId: columns["secret"] ?? "", read: "ALLOW" as const }],
    };
    const knowing = await world.key({
      roles: [
        {
          permissions,
          grants: [
            { datasetId: id, create: "ALLOW" },
            { datasetId: id, columnId: columns["secret"] ?? "", create: "WITHHOLD" },
          ],
        },
        reading,
      ],
    });

    expect(unknown).toMatchObject({ status: 400 });
    expect(unknown.errors?.[0]?.message).toMatch(/"secret": No such column\./);
    for (const text of [file, "region,secret\n"]) {
      // eslint-disable-next-line no-await-in-loop
      expect(await imported(house, { datasetId: id }, text, { key: knowing })).toMatchObject({
        status: 403,
        errors: [{ extensions: { code: "FORBIDDEN", missing: { gate: "DATA" } } }],
      });
    }
    expect(await valuesIn(world, id)).toEqual([]);
  });

  it("of a link", async () => {
    const { id } = await aNorth();
    await world.link({ datasetId: id, targetId: id, name: "parent" });
    const { status, errors } = await imported(house, { datasetId: id }, "amount,parent\n1,x\n");

    expect({ status, message: errors?.[0]?.message }).toMatchObject({
      status: 400,
      message: expect.stringMatching(/"parent": No such column\./) as string,
    });
  });

  it("beyond what the request was narrowed to", async () => {
    const { id } = await aNorth();
    const name = `maker_${id.slice(-12)}`;
    const key = await world.key({
      roles: [{ permissions }, { name, permissions, canCreate: true }, { canRead: true }],
    });
    const { url } = await promisedImport(
      world,
      { datasetId: id },
      { key, headers: { "x-fieldgate-roles": name } },
    );

    expect(await sent(server, url, "amount\n1\n")).toMatchObject({ status: 200, rows: 1 });
  });
});

describe("Of an import", () => {
  it("nobody sees anything but the key that asked for it", async () => {
    const { id, key } = await aNorth();
    const other = await world.key({
      roles: [{ permissions: [...permissions, "node::get"], canCreate: true }],
    });
    const promised = await promisedImport(world, { datasetId: id }, { key });
    await sent(server, promised.url, "region,amount\nnorth,1\n");
    const looking = await world.key({ roles: [{ permissions: ["node::get"] }] });

    expect(await importShown(world, promised.id, { key })).toMatchObject({
      state: "DONE",
      rows: 1,
    });
    expect(await importShown(world, promised.id, { key: other })).toBeNull();
    expect(await importShown(world, promised.id)).toBeNull();
    expect(await importShown(world, promised.id, { key: looking })).toBeNull();
  });

  it("one event tells, of whoever asked for it", async () => {
    const { id, key, keyId } = await aNorth();
    const events = await eventsDuring(world, () =>
      imported(house, { datasetId: id }, "region,amount\nnorth,1\n", { key }),
    );

    expect(events.map(inShort)).toEqual([
      { name: "row::import", outcome: "ALLOWED", target: id, reason: null },
      { name: "row::import", outcome: "ALLOWED", target: id, reason: null },
    ]);
    expect(events.map(({ principalId }) => principalId)).toEqual([keyId, keyId]);
  });

  it("that is refused, or in part, an event tells why", async () => {
    const { id, key } = await aNorth();
    const file = "region,amount\nsouth,1\n";
    const skipping = { datasetId: id, onFault: "SKIP_ROW" } as const;
    const denied = {
      name: "row::import",
      outcome: "DENIED",
      target: id,
      reason: expect.stringMatching(/^DATA CREATE dataset_/) as string,
    };

    expect(await eventsOfFile(() => imported(house, { datasetId: id }, file, { key }))).toEqual([
      denied,
    ]);
    expect(await eventsOfFile(() => imported(house, skipping, file, { key }))).toEqual([
      { ...denied, outcome: "ALLOWED", reason: null },
      denied,
    ]);
    expect(
      await eventsOfFile(() => imported(house, { datasetId: id }, "amount\nx\n", { key })),
    ).toEqual([{ ...denied, outcome: "FAILED", reason: "BAD_USER_INPUT" }]);
  });

  it("the rows say who made them and when, and are in the change log as one commit", async () => {
    const { id, key, keyId } = await aNorth();
    await imported(house, { datasetId: id }, "region,amount\nnorth,1\nnorth,2\n", { key });
    const { rows } = await world.database.pool.query<{ by: string; number: string }>(
      "SELECT by, number FROM row_commit WHERE tenant_id = $1 AND dataset_id = $2 ORDER BY number",
      [world.tenantId, uuidOf(id)],
    );
    const { rows: logged } = await world.database.pool.query<{ after: object }>(
      `SELECT after FROM data.l_${uuidOf(id).replaceAll("-", "")} ORDER BY row_id`,
    );

    expect(rows.map(({ number }) => number)).toEqual(["1", "2"]);
    expect(rows[1]?.by).toBe(keyId);
    expect(logged.map(({ after }) => after)).toEqual([
      { "1": "north", "2": "1" },
      { "1": "north", "2": "2" },
    ]);
  });
});

function uuidOf(id: string): string {
  return id.replace(/^[a-z]+_(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
