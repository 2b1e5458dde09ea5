import type { Figure } from "../figure.ts";
import { asking, graphqlRequest } from "../requests/api.ts";
import { type LargeScene, largeColumns } from "../requests/large-scene.ts";
import type { Order } from "../requests/orders.ts";
import { type Plan, rowsOf } from "../requests/scene.ts";
import type { FieldgateReady } from "../requests/server-process.ts";
import { normalForm } from "../requests/verify.ts";
import { number } from "../table.ts";
import { alike, compared, type Pair, type Question } from "./pair.ts";

/** How many rows a page has. */
const PAGE = 50;

const DEEP = 10_000;

/** Pages of many rows: filtered and ordered by an indexed column, and far from the beginning. */
export async function search(scene: LargeScene, plan: Plan): Promise<Figure> {
  return await compared(
    `Pages of ${PAGE} in ${rowsOf(scene.rows)}`,
    [await filtered(scene), await deep(scene)],
    plan,
  );
}

/** A quarter of the rows, of which the limited key sees an eighth. */
async function filtered({ bare, fieldgate, limited }: LargeScene): Promise<Pair> {
  const [from, to] = ["25000.00", "50000.00"];
  const filter = {
    and: [
      { column: "total", ge: from },
      { column: "total", lt: to },
    ],
  };
  const [baseline, subject] = await alike(
    bareQuestion(`${bare.ready.address}/range?from=${from}&to=${to}&first=${PAGE}`),
    pageQuestion("Fieldgate", fieldgate.ready.address, { key: limited, filter }),
  );
  const work = `filter on an indexed column, order, first ${PAGE}`;
  return { work, baseline, subject, reach: { bound: "≤", reach: 2 } };
}

/** A page far from the beginning against the first one, by the key that reads everything. */
async function deep({ bare, fieldgate, rows }: LargeScene): Promise<Pair> {
  const { address, key } = fieldgate.ready;
  const page = Math.max(2, Math.min(DEEP, Math.floor(rows / PAGE)));
  const ask = async (offset: number): Promise<Question> =>
    pageQuestion(`page ${number(offset / PAGE + 1)}`, address, {
      key,
      after: offset === 0 ? null : await cursorAt(fieldgate.ready, offset),
    });
  const native = (offset: number) =>
    bareQuestion(`${bare.ready.address}/page?offset=${offset}&first=${PAGE}`);
  const offset = (page - 1) * PAGE;
  const [, baseline] = await alike(native(0), await ask(0));
  const [, subject] = await alike(native(offset), await ask(offset));
  const work = `page ${number(page)} by cursor`;
  return { work, baseline, subject, reach: { bound: "≤", reach: 1.1 } };
}

const bareQuestion = (url: string): Question => ({
  name: "bare server",
  request: { url, body: null, headers: {} },
  answerOf: (body) => inOrder(JSON.parse(body) as Order[]),
});

interface Page {
  readonly key: string;
  readonly filter?: object;
  readonly after?: string | null;
}

const QUERY = `query ($columns: [String!], $filter: RowFilter, $after: String, $first: Int!) {
  dataset(name: "orders") { rows(
    first: $first after: $after filter: $filter orderBy: [{ column: "total", direction: ASC }]
  ) { nodes { values(columns: $columns) } } } }`;

function pageQuestion(name: string, address: string, { key, ...page }: Page): Question {
  const columns = largeColumns.map((column) => column.name);
  const variables = { columns, first: PAGE, ...page };
  return {
    name,
    request: graphqlRequest(address, key, { query: QUERY, variables }),
    answerOf: (body) => {
      const { data } = JSON.parse(body) as Answer;
      return inOrder(data.dataset.rows.nodes.map(({ values }) => values));
    },
  };
}

interface Answer {
  readonly data: {
    readonly dataset: { readonly rows: { readonly nodes: readonly { readonly values: Order }[] } };
  };
}

const inOrder = (rows: readonly Order[]): readonly Order[] =>
  rows.map((row) => normalForm(row, largeColumns));

/** The most rows that one page may have. */
const WIDEST = 10_000;

/** The cursor of the row in this place of the order, found by going from page to page. */
async function cursorAt({ address, key }: FieldgateReady, place: number): Promise<string> {
  const ask = asking(address, key);
  let after: string | null = null;
  for (let passed = 0; passed < place; passed += WIDEST) {
    const first = Math.min(WIDEST, place - passed);
    const found: Found = await ask<Found>(CURSOR, { first, after });
    after = found.dataset.rows.pageInfo.endCursor;
  }
  return after ?? "";
}

const CURSOR = `query ($after: String, $first: Int!) { dataset(name: "orders") { rows(
  first: $first after: $after orderBy: [{ column: "total", direction: ASC }]
) { pageInfo { endCursor } } } }`;

interface Found {
  readonly dataset: {
    readonly rows: { readonly pageInfo: { readonly endCursor: string } };
  };
}
