import { afterAll, describe, expect, it } from "vitest";
import {
  ChangeRowsDocument,
  DropRowsDocument,
  MakeRowsDocument,
  PageDocument,
  type PageQueryVariables,
} from "../../generated/documents.ts";
import { aWorld } from "../../support/world.ts";
import { listeningApi } from "./listening-api.ts";

interface PageOfRows {
  readonly ids: readonly string[];
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

type OrderBy = PageQueryVariables["orderBy"];

const TEAMS = ["engines", "sales", null];

describe("Rows that are read and written at once", async () => {
  const world = await aWorld();
  const api = await listeningApi(world.database);
  const key = world.admin;

  afterAll(() => api.close());

  it.each([
    ["by id", undefined],
    [
      "by a column with few values and gaps",
      [
        { column: "team", direction: "DESC" as const },
        { column: "amount", direction: "ASC" as const },
      ],
    ],
  ])(
    "1,000 of them, paged %s while others come and go, are each seen once",
    async (_how, orderBy) => {
      const { id, rows: old } = await thousandRows();
      const writing = new AbortController();
      const written = writeUntil(writing.signal, id);
      const seen: string[] = [];
      let page: PageOfRows;
      let after: string | null = null;
      do {
        // oxlint-disable-next-line no-await-in-loop
        page = await nextPage(id, after, orderBy);
        seen.push(...page.ids);
        after = page.endCursor;
      } while (page.hasNextPage && seen.length < 5_000);
      writing.abort();

      expect(await written).toBeGreaterThan(0);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(old));
    },
  );

  it("of two who change what they both have seen, the second is told and nothing of it is lost", async () => {
    const { id, rows } = await world.dataset({
      columns: [{ name: "amount", type: "INTEGER" }],
      rows: [{ amount: 1 }],
    });
    const change = (amount: number) => ({
      input: {
        datasetId: id,
        rows: [{ id: rows[0] ?? "", expectedVersion: 1, values: { amount } }],
      },
    });
    const first = await api.run(ChangeRowsDocument, change(2), { key });
    const second = await api.run(ChangeRowsDocument, change(3), { key });

    expect(first.data).toEqual({ updateRows: { rows: [{ version: 2, values: { amount: 2 } }] } });
    expect(second).toMatchObject({
      status: 200,
      data: { updateRows: null },
      errors: [
        {
          extensions: {
            code: "CONFLICT",
            errors: [{ row: 0, code: "CONFLICT", currentVersion: 2 }],
          },
        },
      ],
    });
    const { dataset } = await api.ask(PageDocument, { id, first: 10 }, { key });
    expect(dataset?.rows?.nodes).toMatchObject([{ version: 2, values: { amount: 2 } }]);
  });

  async function thousandRows() {
    return await world.dataset({
      columns: [
        { name: "amount", type: "INTEGER", indexed: true },
        { name: "team", type: "TEXT" },
      ],
      rows: Array.from({ length: 1_000 }, (_, index) => ({
        amount: (index * 7) % 100,
        team: TEAMS[index % 3] ?? null,
      })),
    });
  }

  /** Makes rows everywhere in the order and deletes the half of them, one call after the other. */
  async function writeUntil(signal: AbortSignal, datasetId: string): Promise<number> {
    let writes = 0;
    for (; !signal.aborted; writes += 1) {
      const rows = TEAMS.map((team) => ({ team, amount: (writes * 13) % 100 }));
      // oxlint-disable-next-line no-await-in-loop
      const { createRows } = await api.ask(
        MakeRowsDocument,
        { input: { datasetId, rows } },
        { key },
      );
      const made = createRows?.rows?.flatMap((row) => (row ? [{ id: row.id }] : [])) ?? [];
      // oxlint-disable-next-line no-await-in-loop
      await api.ask(DropRowsDocument, { input: { datasetId, rows: made.slice(1) } }, { key });
    }
    return writes;
  }

  async function nextPage(id: string, after: string | null, orderBy: OrderBy): Promise<PageOfRows> {
    const asked = { id, first: 90, after, ...(orderBy && { orderBy }) };
    const { dataset } = await api.ask(PageDocument, asked, { key });
    const rows = dataset?.rows;
    return {
      ids: rows?.nodes.map((row) => row?.id ?? "") ?? [],
      hasNextPage: rows?.pageInfo.hasNextPage ?? false,
      endCursor: rows?.pageInfo.endCursor ?? null,
    };
  }
});
