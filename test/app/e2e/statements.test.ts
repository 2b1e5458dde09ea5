import { afterAll, describe, expect, it } from "vitest";
import {
  ChangeRowsDocument,
  DropRowsDocument,
  EverythingDocument,
  EverythingOfDocument,
  FoundAllDocument,
  MakeRowsDocument,
  MergeRowsDocument,
} from "../../generated/documents.ts";
import { watched } from "../../support/statements.ts";
import { aWorld, type World } from "../../support/world.ts";
import { listeningApi } from "./listening-api.ts";

describe("The statements that answer a request are as many", async () => {
  const home = await aWorld();
  const database = watched(home.database);
  const api = await listeningApi(database);

  afterAll(() => api.close());

  it("over 50 datasets with rows as over 2", async () => {
    const [few, many] = [await aWorldOf(2), await aWorldOf(50)];
    const variables = { first: 50, rows: 5 };
    const ask = ({ admin }: World) =>
      counted(() => api.ask(EverythingDocument, variables, { key: admin }));
    const [two, fifty] = [await ask(few), await ask(many)];
    const found = fifty.answer.datasets?.nodes.map((dataset) => dataset?.rows?.nodes.length);

    expect(found).toEqual(Array.from({ length: 50 }, () => 5));
    expect(fifty.statements).toBe(two.statements);
    expect(two.statements).toBeLessThan(20);
  });

  it("over 500 rows as over 1", async () => {
    const { id } = await home.dataset({ columns: columns(3), rows: rows(500, 3) });
    const ask = (first: number) =>
      counted(() => api.ask(EverythingOfDocument, { id, rows: first }, { key: home.admin }));

    expect((await ask(500)).statements).toBe((await ask(1)).statements);
  });

  it("over 200 columns as over 1", async () => {
    const narrow = await home.dataset({ columns: columns(1), rows: rows(5, 1) });
    const wide = await home.dataset({ columns: columns(200), rows: rows(5, 200) });
    const ask = ({ id }: { id: string }) =>
      counted(() => api.ask(EverythingOfDocument, { id, rows: 5 }, { key: home.admin }));
    // What was asked for before is not read again.
    await ask(narrow);
    await ask(wide);

    expect((await ask(wide)).statements).toBe((await ask(narrow)).statements);
  });

  it("for 100 ids of rows of 20 datasets as for 2 of one", async () => {
    const made = await aWorldOf(20);
    const ids = made.rows.slice(0, 100);
    const ask = (some: readonly string[]) =>
      counted(() => api.ask(FoundAllDocument, { ids: some }, { key: made.admin }));

    expect((await ask(ids)).answer.nodes).toHaveLength(100);
    expect((await ask(ids)).statements).toBe((await ask(ids.slice(0, 2))).statements);
  });

  it("to make and change 500 rows by their keys as for 1 of each, and no more than to make and to change some", async () => {
    const caller = { key: home.admin };
    const write = async (count: number) => {
      const values = rows(count * 2, 3);
      const { id: datasetId } = await home.dataset({ columns: columns(3), keyColumns: ["c1"] });
      const make = { datasetId, rows: values.slice(0, count) };
      const made = await counted(() => api.ask(MakeRowsDocument, { input: make }, caller));
      const ids = made.answer.createRows?.rows?.map((row) => row?.id ?? "") ?? [];
      const change = { datasetId, rows: ids.map((id) => ({ id, values: { c2: "x" } })) };
      const changed = await counted(() => api.ask(ChangeRowsDocument, { input: change }, caller));
      const merge = { datasetId, rows: values.map((each) => ({ values: each })) };
      const merged = await counted(() => api.ask(MergeRowsDocument, { input: merge }, caller));
      expect(merged.answer).toEqual({ upsertRows: { count: count * 2 } });
      expect(merged.statements).toBeLessThan(made.statements + changed.statements);
      return merged.statements;
    };

    expect(await write(250)).toBe(await write(1));
  });

  it("to make, change and delete 500 rows as for 1", async () => {
    const { id: datasetId } = await home.dataset({ columns: columns(3) });
    const caller = { key: home.admin };
    const write = async (count: number) => {
      const values = rows(count, 3);
      const make = () => api.ask(MakeRowsDocument, { input: { datasetId, rows: values } }, caller);
      const made = await counted(make);
      const ids = made.answer.createRows?.rows?.map((row) => row?.id ?? "") ?? [];
      const changes = ids.map((id, place) => ({ id, expectedVersion: 1, values: values[place] }));
      const change = () =>
        api.ask(ChangeRowsDocument, { input: { datasetId, rows: changes } }, caller);
      const changed = await counted(change);
      const old = ids.map((id) => ({ id, expectedVersion: 2 }));
      const dropped = await counted(() =>
        api.ask(DropRowsDocument, { input: { datasetId, rows: old } }, caller),
      );
      expect(dropped.answer).toEqual({ deleteRows: { count } });
      return [made, changed, dropped].map(({ statements }) => statements);
    };

    expect(await write(500)).toEqual(await write(1));
  });

  it("for a key with 30 roles and a grant of each on every column as for a key with one", async () => {
    const { id: datasetId, columns: ids } = await home.dataset({
      columns: columns(5),
      rows: rows(5, 5),
    });
    const look = { permissions: ["viewer::get", "dataset::get", "row::get"] };
    const grants = Object.values(ids).map(
      (columnId) => ({ datasetId, columnId, read: "ALLOW" }) as const,
    );
    const one = await home.key({ roles: [{ ...look, canRead: true }] });
    const roles = await Promise.all(
      Array.from({ length: 30 }, (_, place) =>
        home.role({ ...look, grants: place < 3 ? grants : [] }),
      ),
    );
    const many = await home.key({ roles });
    const ask = (key: string) =>
      counted(() => api.ask(EverythingOfDocument, { id: datasetId, rows: 5 }, { key }));

    const [narrow, wide] = [await ask(one), await ask(many)];
    expect(wide.answer).toEqual(narrow.answer);
    expect(wide.statements).toBe(narrow.statements);
  });

  /** How many statements were sent while something was asked. */
  async function counted<Answer>(ask: () => Promise<Answer>) {
    database.take();
    const answer = await ask();
    return { answer, statements: database.take().length };
  }
});

/** A tenant with so many datasets of five rows and three columns, one of which takes its options elsewhere. */
async function aWorldOf(datasets: number) {
  const world = await aWorld();
  const ids: string[] = [];
  for (let place = 0; place < datasets; place += 1) {
    // oxlint-disable-next-line no-await-in-loop
    const { columns: made, ...dataset } = await world.dataset({
      columns: columns(2),
      rows: rows(5, 2),
    });
    ids.push(...dataset.rows);
    // oxlint-disable-next-line no-await-in-loop
    await world.ask(
      `mutation ($id: ID!, $from: ID!) {
         addColumn(input: { datasetId: $id, column: { name: "choice", type: SELECT, optionsFrom: $from } }) { column { id } }
       }`,
      { variables: { id: dataset.id, from: made["c1"] } },
    );
  }
  return { ...world, rows: ids };
}

function columns(count: number) {
  return Array.from({ length: count }, (_, place) => ({ name: `c${place + 1}`, type: "TEXT" }));
}

function rows(count: number, width: number): Record<string, string>[] {
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries(columns(width).map(({ name }) => [name, `${name} of ${row}`])),
  );
}
