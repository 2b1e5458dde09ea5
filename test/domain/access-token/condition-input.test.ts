import { beforeAll, describe, expect, test } from "vitest";
import { aWorld } from "../../support/world.ts";
import { aShop, codes, DATA, type Shop } from "./shop.ts";

const MINT = `mutation ($input: CreateAccessTokenInput!) {
  createAccessToken(input: $input) { secret }
}`;

let shop: Shop;
beforeAll(async () => {
  shop = await aShop();
});

const mint = (conditions: readonly object[], key = shop.key, input: object = {}) =>
  shop.world.run(MINT, { key, variables: { input: { binding: "COOKIE", conditions, ...input } } });

const named = (datasetId: string) => ({ datasetId, column: "name", op: "eq", value: "Ann" });
const sets = (setValue: number) => ({ set: true, setValue });
const times = (count: number, condition: object) => Array.from({ length: count }, () => condition);
const outcome = async (...conditions: object[]) => codes(await mint(conditions))[0] ?? "OK";

describe("A condition", () => {
  test("is on a column that the key reads; one that it does not read is none", async () => {
    const { world, sales, METHODS, inEU } = shop;
    const note = sales.columns["note"] ?? "";
    const blind = await world.key({
      roles: [
        {
          permissions: METHODS,
          ...DATA,
          grants: [{ datasetId: sales.id, columnId: note, read: "WITHHOLD" }],
        },
      ],
    });
    const of = (column: string) => ({ ...inEU, column });
    const hidden = await mint([of("note")], blind);
    const absent = await mint([of("nota")], blind);
    expect(codes(hidden)).toEqual(["BAD_USER_INPUT"]);
    expect(hidden.text.replace("note", "nota")).toBe(absent.text);
    expect(codes(await mint([of("note")]))).toEqual([]);
    expect(codes(await mint([inEU], blind))).toEqual([]);
  });

  test("is on one that it reads wherever it sees a row, since it tells of the cell in each of them", async () => {
    const { world, sales, METHODS, inEU } = shop;
    const note = sales.columns["note"] ?? "";
    const inEurope = { read: { column: "region", eq: "EU" } };
    const whole = await world.role({
      permissions: METHODS,
      canRead: true,
      grants: [{ datasetId: sales.id, rowFilter: inEurope }],
    });
    const part = await world.role({
      canRead: true,
      grants: [{ datasetId: sales.id, columnId: note, read: "WITHHOLD" }],
    });
    const both = await world.key({ roles: [whole, part] });
    const one = await world.key({ roles: [whole] });
    const condition = { ...inEU, column: "note", value: "two" };
    expect((await mint([condition], both)).errors).toMatchObject([
      { extensions: { code: "FORBIDDEN", missing: { gate: "DATA", name: "READ sales.note" } } },
    ]);
    expect(codes(await mint([condition], one))).toEqual([]);
    expect(codes(await mint([inEU], both))).toEqual([]);
  });

  test("is on one that some role gives in every row, whatever others give in some", async () => {
    const { world, sales, METHODS, inEU } = shop;
    const [region, note] = [sales.columns["region"] ?? "", sales.columns["note"] ?? ""];
    const gives = (columnId: string, rowFilter?: object) => ({
      grants: [
        { datasetId: sales.id, columnId, read: "ALLOW" as const },
        ...(rowFilter ? [{ datasetId: sales.id, rowFilter }] : []),
      ],
    });
    const inAsia = { read: { column: "region", eq: "ASIA" } };
    const regions = await world.role({ permissions: METHODS, ...gives(region) });
    const notes = await world.role(gives(note));
    const some = await world.role(gives(region, inAsia));
    const notesOfSome = await world.role(gives(note, inAsia));
    const key = (...roles: string[]) => world.key({ roles });
    expect(codes(await mint([inEU], await key(regions, notes)))).toEqual([]);
    expect(codes(await mint([inEU], await key(regions, notesOfSome)))).toEqual([]);
    const minting = await world.role({ permissions: METHODS });
    expect(codes(await mint([inEU], await key(minting, some, notesOfSome)))).toEqual([]);
    expect(codes(await mint([inEU], await key(minting, some, notes)))).toEqual(["FORBIDDEN"]);
  });

  test("is on one that some role reads in every row, whatever others give besides in fewer", async () => {
    const { world, sales, METHODS, inEU } = shop;
    const note = sales.columns["note"] ?? "";
    const everywhere = await world.role({ permissions: METHODS, canRead: true });
    const part = await world.role({
      canRead: true,
      grants: [
        { datasetId: sales.id, rowFilter: { read: { column: "region", eq: "EU" } } },
        { datasetId: sales.id, columnId: note, read: "WITHHOLD" },
      ],
    });
    const key = await world.key({ roles: [everywhere, part] });
    expect(codes(await mint([{ ...inEU, column: "note", value: "two" }], key))).toEqual([]);
  });

  test("is on a dataset that the key knows, as a listed one is", async () => {
    const { world, sales, staff, METHODS } = shop;
    const key = await world.key({
      roles: [{ permissions: METHODS, grants: [{ datasetId: sales.id, read: "ALLOW" }] }],
    });
    const none = staff.id.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
    const [hidden, absent] = [await mint([named(staff.id)], key), await mint([named(none)], key)];
    expect(codes(hidden)).toEqual(["NOT_FOUND"]);
    expect(hidden.text).toBe(absent.text);
    const listed = (id: string) => mint([], key, { datasetIds: [id] });
    expect((await listed(staff.id)).text).toBe((await listed(none)).text);
    expect(codes(await listed(staff.id))).toEqual(["NOT_FOUND"]);
    expect(codes(await listed(sales.id))).toEqual([]);
    expect(codes(await mint([named(staff.id)]))).toEqual([]);
  });

  test("compares with a value of the column, and not JSON", async () => {
    const world = await aWorld();
    const { id: datasetId } = await world.dataset({
      columns: [
        { name: "count", type: "INTEGER", max: 10 },
        { name: "day", type: "DATE" },
        { name: "open", type: "BOOLEAN" },
        { name: "size", type: "SELECT", options: ["S", "L"] },
        { name: "more", type: "JSON" },
      ],
    });
    const key = await world.key({ roles: [{ permissions: shop.METHODS, ...DATA }] });
    const minted = async (column: string, op: string, value: unknown, more: object = {}) =>
      codes(
        await world.run(MINT, {
          key,
          variables: {
            input: { binding: "COOKIE", conditions: [{ datasetId, column, op, value, ...more }] },
          },
        }),
      )[0] ?? "OK";
    expect(await minted("count", "eq", 3)).toBe("OK");
    expect(await minted("count", "eq", "3.5")).toBe("BAD_USER_INPUT");
    expect(await minted("day", "ge", "2024-02-29")).toBe("OK");
    expect(await minted("day", "ge", "2023-02-29")).toBe("BAD_USER_INPUT");
    expect(await minted("open", "eq", true)).toBe("OK");
    expect(await minted("open", "eq", "true")).toBe("BAD_USER_INPUT");
    expect(await minted("size", "eq", "S")).toBe("OK");
    expect(await minted("more", "eq", {})).toBe("BAD_USER_INPUT");
    // What is to become a cell has to be one by the rules of its column; what is only compared has not.
    expect(await minted("count", "eq", 11)).toBe("BAD_USER_INPUT");
    expect(await minted("count", "eq", 11, { set: false })).toBe("OK");
    expect(await minted("count", "lt", 11)).toBe("OK");
    expect(await minted("count", "gt", 9, { set: true, setValue: 11 })).toBe("BAD_USER_INPUT");
    expect(await minted("count", "gt", 9, { set: true, setValue: 10 })).toBe("OK");
    expect(await minted("size", "ne", "S", { set: true, setValue: "XL" })).toBe("BAD_USER_INPUT");
  });

  test("sets what meets all that is asked of the column, and one thing only", async () => {
    const { sales } = shop;
    const on = (op: string, value: number, more: object = {}) => ({
      datasetId: sales.id,
      column: "amount",
      op,
      value,
      ...more,
    });
    expect(await outcome(on("gt", 1, { set: true }))).toBe("BAD_USER_INPUT");
    expect(await outcome(on("gt", 1, { setValue: 2 }))).toBe("BAD_USER_INPUT");
    expect(await outcome(on("gt", 1, sets(1)))).toBe("BAD_USER_INPUT");
    expect(await outcome(on("gt", 1, sets(2)))).toBe("OK");
    expect(await outcome(on("eq", 1, { setValue: 2 }))).toBe("BAD_USER_INPUT");
    expect(await outcome(on("eq", 1, { setValue: 1 }))).toBe("OK");
    expect(await outcome(on("eq", 1, { set: false, setValue: 1 }))).toBe("BAD_USER_INPUT");
    expect(await outcome(on("eq", 1), on("gt", 1))).toBe("BAD_USER_INPUT");
    expect(await outcome(on("eq", 2), on("gt", 1))).toBe("OK");
    expect(await outcome(on("gt", 1, sets(2)), on("lt", 5, sets(3)))).toBe("BAD_USER_INPUT");
    expect(await outcome(on("gt", 1, sets(2)), on("lt", 5, sets(2)))).toBe("OK");
  });

  test("is one of fifty at most, which are not long", async () => {
    const { inEU } = shop;
    expect(codes(await mint(times(50, inEU)))).toEqual([]);
    expect(codes(await mint(times(51, inEU)))).toEqual(["BAD_USER_INPUT"]);
    const long = { ...inEU, value: "x".repeat(30_000) };
    expect(codes(await mint(times(1, long)))).toEqual([]);
    expect(codes(await mint(times(2, long)))).toEqual(["BAD_USER_INPUT"]);
  });
});
