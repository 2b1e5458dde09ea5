import { afterAll, describe, expect, it } from "vitest";
import { aWorld } from "../../support/world.ts";
import { imported, importShown, promisedImport, sent, valuesIn } from "./importing.ts";

const world = await aWorld();
const server = await world.listen();
afterAll(() => server.close());
const house = { world, server };

const COLUMNS = [
  { name: "code", type: "TEXT", unique: true },
  { name: "amount", type: "INTEGER", required: true, max: "100" },
  { name: "kind", type: "SELECT", options: ["a", "b"] },
];
const aDataset = () => world.dataset({ columns: COLUMNS, rows: [{ code: "taken", amount: 1 }] });

const FILE = [
  "code,amount,kind",
  "x,1,a",
  "y,,a",
  "z,101,c",
  "x,2,b",
  "taken,3,",
  "w,4,b",
  "",
].join("\n");
const FAULTS = [
  { at: "line 3", column: "amount", code: "REQUIRED" },
  { at: "line 4", column: "amount", code: "OUT_OF_RANGE" },
  { at: "line 4", column: "kind", code: "NOT_AN_OPTION" },
  { at: "line 5", column: "code", code: "NOT_UNIQUE" },
  { at: "line 6", column: "code", code: "NOT_UNIQUE" },
].map((fault) => expect.objectContaining(fault) as object);

describe("A file of which records are at fault", () => {
  it("is refused as a whole, with every fault by line, column and code", async () => {
    const { id } = await aDataset();
    const promised = await promisedImport(world, { datasetId: id });
    const { status, errors = [] } = await sent(server, promised.url, FILE);

    expect(status).toBe(400);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toBe(
      "Nothing was imported: 4 records are at fault. The first faults are listed in extensions.errors.",
    );
    expect(errors[0]?.extensions).toMatchObject({ code: "BAD_USER_INPUT", faulty: 4 });
    expect(errors[0]?.extensions["errors"]).toHaveLength(FAULTS.length);
    expect(errors[0]?.extensions["errors"]).toEqual(expect.arrayContaining(FAULTS));
    expect(await valuesIn(world, id)).toHaveLength(1);
    expect(await importShown(world, promised.id)).toMatchObject({
      state: "FAILED",
      rows: 0,
      faulty: 4,
      failure: errors[0]?.message,
      faults: expect.arrayContaining(FAULTS) as object[],
    });
  });

  it("becomes the others, where faulty rows are to be skipped", async () => {
    const { id } = await aDataset();
    const answer = await imported(house, { datasetId: id, onFault: "SKIP_ROW" }, FILE);

    expect(answer).toMatchObject({ status: 200, rows: 2, faulty: 4 });
    expect(answer.faults).toHaveLength(FAULTS.length);
    expect(answer.faults).toEqual(expect.arrayContaining(FAULTS));
    expect(await valuesIn(world, id)).toEqual([
      { code: "taken", amount: 1, kind: null },
      { code: "x", amount: 1, kind: "a" },
      { code: "w", amount: 4, kind: "b" },
    ]);
  });

  it("tells a hundred of its faults and counts the others", async () => {
    const { id } = await aDataset();
    const file = `amount\n${"x\n".repeat(2_500)}7\n`;
    const answer = await imported(house, { datasetId: id, onFault: "SKIP_ROW" }, file);

    expect(answer).toMatchObject({ status: 200, rows: 1, faulty: 2_500 });
    expect(answer.faults?.map(({ at }) => at)).toEqual(
      Array.from({ length: 100 }, (_, index) => `line ${index + 2}`),
    );
  });

  it("finds a value that an earlier line has, however far before", async () => {
    const { id } = await aDataset();
    const lines = Array.from({ length: 3_000 }, (_, index) => `c${index},1`);
    const file = ["code,amount", ...lines, "c0,2", "c2999,3", "new,4", ""].join("\n");
    const answer = await imported(house, { datasetId: id, onFault: "SKIP_ROW" }, file);

    expect(answer).toMatchObject({ status: 200, rows: 3_001, faulty: 2 });
    expect(answer.faults).toEqual([
      {
        at: "line 3002",
        column: "code",
        code: "NOT_UNIQUE",
        message: "Another row has this value.",
      },
      {
        at: "line 3003",
        column: "code",
        code: "NOT_UNIQUE",
        message: "Another row has this value.",
      },
    ]);
  });

  it("that cannot be read in one place goes on behind it", async () => {
    const { id } = await aDataset();
    const file = '{"amount":1}\n{"amount":\n{"amount":2}\n[3]\n';
    const input = { datasetId: id, format: "JSON_LINES", onFault: "SKIP_ROW" } as const;

    expect(await imported(house, input, file)).toMatchObject({
      status: 200,
      rows: 2,
      faults: [
        {
          at: "line 2",
          column: null,
          code: "UNREADABLE",
          message: "expected a whole object on this line",
        },
        { at: "line 4", column: null, code: "UNREADABLE" },
      ],
    });
  });

  it("names a key of a record that leads to no column, or to that of another", async () => {
    const { id } = await aDataset();
    const file = '[{"amount":1,"Amount":2},{"amount":3,"colour":"red"},{"amount":4}]';
    const input = { datasetId: id, format: "JSON", onFault: "SKIP_ROW" } as const;
    const answer = await imported(house, input, file);

    expect(answer).toMatchObject({ status: 200, rows: 1, faulty: 2 });
    expect(answer.faults).toMatchObject([
      { at: "line 1, record 1", column: "Amount", code: "REPEATED" },
      { at: "line 1, record 2", column: "colour", code: "UNKNOWN_COLUMN" },
    ]);
  });
});

describe("A file is refused in words that say what to do", () => {
  it.each([
    [
      "a header that leads nowhere",
      "code,colour\nx,red\n",
      /"colour".*No such column\..*code, amount, kind.*Say in `columns`/,
    ],
    [
      "two headers that lead to one column",
      "code,amount,Amount\nx,1,2\n",
      /"Amount" leads to a column that another leads to/,
    ],
    ["nothing in it", "", /The file is empty/],
    ["an open quote", 'code,amount\n"x,1\n', /line 2: a quote is opened/],
    ["text of two bytes a character", Buffer.from("\ufeffcode,amount\n", "utf16le"), /UTF-16/],
  ])("%s", async (_what, file, message) => {
    const { id } = await aDataset();
    const { status, errors } = await imported(house, { datasetId: id }, file);

    expect(status).toBe(400);
    expect(errors).toMatchObject([{ extensions: { code: "BAD_USER_INPUT" } }]);
    expect(errors?.[0]?.message).toMatch(message);
    expect(await valuesIn(world, id)).toHaveLength(1);
  });

  it("a header that was named and is not there", async () => {
    const { id } = await aDataset();
    const columns = [{ header: "Amount in EUR", column: "amount" }];
    const { status, errors } = await imported(house, { datasetId: id, columns }, "amount\n1\n");

    expect({ status, message: errors?.[0]?.message }).toEqual({
      status: 400,
      message: 'The file has no header "Amount in EUR".',
    });
  });

  it("no record at all is no fault", async () => {
    const { id } = await aDataset();

    expect(await imported(house, { datasetId: id }, "code,amount\n")).toMatchObject({
      status: 200,
      rows: 0,
      faulty: 0,
    });
  });
});
