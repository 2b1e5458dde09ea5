import { afterAll, describe, expect, it } from "vitest";
import { aWorld } from "../../support/world.ts";
import { imported, importShown, promisedImport, sent, valuesIn } from "./importing.ts";

const world = await aWorld();
const server = await world.listen();
afterAll(() => server.close());
const house = { world, server };

const COLUMNS = [
  { name: "us_gross", type: "INTEGER" },
  { name: "title", type: "TEXT", required: true },
  { name: "seen", type: "BOOLEAN", default: false },
];

describe("A file becomes rows of a dataset", () => {
  it("as CSV, by names and by what headers become", async () => {
    const { id } = await world.dataset({ columns: COLUMNS });
    const answer = await imported(
      house,
      { datasetId: id },
      'US Gross,title\r\n12,"one, two"\r\n,\'=a\r\n',
    );

    expect(answer).toMatchObject({ status: 200, rows: 2, faulty: 0, faults: [] });
    expect(await valuesIn(world, id)).toEqual([
      { us_gross: 12, title: "one, two", seen: false },
      { us_gross: null, title: "=a", seen: false },
    ]);
  });

  it("as JSON lines and as JSON, where what is not named takes its default", async () => {
    const { id } = await world.dataset({ columns: COLUMNS });
    const lines = '{"title":"a","us_gross":1.0,"seen":null}\n{"title":"b"}\n';
    const array = '[{"title":"c","seen":true}]';

    expect(await imported(house, { datasetId: id, format: "JSON_LINES" }, lines)).toMatchObject({
      status: 200,
      rows: 2,
    });
    expect(await imported(house, { datasetId: id, format: "JSON" }, array)).toMatchObject({
      status: 200,
      rows: 1,
    });
    expect(await valuesIn(world, id)).toEqual([
      { us_gross: 1, title: "a", seen: null },
      { us_gross: null, title: "b", seen: false },
      { us_gross: null, title: "c", seen: true },
    ]);
  });

  it("with headers that lead where the caller says, or nowhere", async () => {
    const { id } = await world.dataset({ columns: COLUMNS });
    const columns = [{ header: " Name", column: "title" }, { header: "notes" }];
    const answer = await imported(house, { datasetId: id, columns }, "Name,notes\na,b\n");

    expect(answer).toMatchObject({ status: 200, rows: 1 });
    expect(await valuesIn(world, id)).toEqual([{ us_gross: null, title: "a", seen: false }]);
  });

  it("also where there are more columns than a table of the database has", async () => {
    const names = Array.from({ length: 260 }, (_, index) => `n${index}`);
    const { id } = await world.dataset({
      columns: names.map((name) => ({ name, type: "DECIMAL", unique: name === "n257" })),
      rows: [{ n257: "7.0" }],
    });
    const file = "n0,n255,n257\n1,1.50,6\n2,,8\n3,3,7\n4,4,6.0\n";
    const input = { datasetId: id, onFault: "SKIP_ROW" } as const;

    expect(await imported(house, input, file)).toMatchObject({
      status: 200,
      rows: 2,
      faults: [
        { at: "line 4", column: "n257", code: "NOT_UNIQUE" },
        { at: "line 5", column: "n257", code: "NOT_UNIQUE" },
      ],
    });
    expect((await valuesIn(world, id)).slice(1)).toEqual(
      [
        { n0: "1", n255: "1.50", n257: "6" },
        { n0: "2", n257: "8" },
      ].map((set) => ({ ...Object.fromEntries(names.map((name) => [name, null])), ...set })),
    );
    const { rows } = await world.database.pool.query<{ overflow: object | null }>(
      `SELECT overflow FROM data.t_${id.replace("dataset_", "")} ORDER BY id`,
    );
    expect(rows.map(({ overflow }) => overflow)).toEqual([
      { "258": "7.0" },
      { "256": "1.50", "258": "6" },
      { "258": "8" },
    ]);
  });

  it("that is told of while it comes, and when it is there", async () => {
    const { id } = await world.dataset({ columns: COLUMNS });
    const promised = await promisedImport(world, { datasetId: id });
    expect(await importShown(world, promised.id)).toMatchObject({
      state: "WAITING",
      bytes: 0,
      rows: 0,
      dataset: { id },
    });
    const answer = await sent(server, promised.url, "title\na\nb\n");

    expect(answer).toMatchObject({ status: 200, rows: 2 });
    expect(await importShown(world, promised.id)).toEqual({
      state: "DONE",
      bytes: 10,
      rows: 2,
      faulty: 0,
      failure: null,
      dataset: { id },
      faults: [],
    });
  });

  it("that never comes has failed; it is forgotten by the first import of another day", async () => {
    const { id } = await world.dataset({ columns: COLUMNS });
    const promised = await promisedImport(world, { datasetId: id });
    world.wait(5 * 60);
    expect(await importShown(world, promised.id)).toMatchObject({
      state: "WAITING",
      failure: null,
    });
    world.wait(3 * 60);
    expect(await importShown(world, promised.id)).toMatchObject({
      state: "FAILED",
      failure: "Its file never came, or the server stopped meanwhile. Ask for another import.",
    });
    world.wait(24 * 60 * 60);
    await promisedImport(world, { datasetId: id });
    expect(await importShown(world, promised.id)).toBeNull();
  });
});
