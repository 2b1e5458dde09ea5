import { graphqlRequest } from "./api.ts";
import type { HttpRequest } from "./exchange.ts";
import { asked, askedColumns, type Cell, type Order, REGION } from "./orders.ts";

/** One way to ask a server for the first rows of the region. */
export interface Endpoint {
  readonly name: string;
  /** What it is, in words. */
  readonly title: string;
  /** The process that answers. */
  readonly pid: number;
  readonly request: (first: number) => HttpRequest;
  readonly rowsOf: (answer: string) => readonly Order[];
}

/** Where a process listens. */
export interface Listening {
  readonly address: string;
  readonly pid: number;
}

/** The server that everything is compared with. */
export const bareEndpoint = ({ address, pid }: Listening): Endpoint => ({
  name: "bare",
  title: "bare server",
  pid,
  request: (first) => ({ url: `${address}/orders?first=${first}`, body: null, headers: {} }),
  rowsOf: (answer) => JSON.parse(answer) as Order[],
});

/** The keys that ask Fieldgate. */
export interface Keys {
  /** Reads everything. */
  readonly all: string;
  /** Reads the rows of the region, and of their columns those that are asked for. */
  readonly limited: string;
  /** Reads the same by twenty roles. */
  readonly roles: string;
}

/** One way to ask Fieldgate for the same cells. */
interface Way {
  readonly name: string;
  readonly title: string;
  readonly key: keyof Keys;
  readonly query: string;
  readonly variables?: object;
  readonly rowOf: (node: Node) => Order;
}

/** A node of one or the other document. */
type Node = Readonly<Record<string, unknown>>;

const document = (row: string, further = ""): string =>
  `query Orders($first: Int!, $filter: RowFilter${further}) {
     dataset(name: "orders") { rows(first: $first, filter: $filter) { nodes { ${row} } } } }`;

const VALUES = {
  query: document("values(columns: $columns)", ", $columns: [String!]"),
  rowOf: ({ values }: Node) => values as Order,
};

/** The field of a typed cell, for columns of each type that orders have. */
const FIELDS: Readonly<Record<string, string>> = { INTEGER: "number", BOOLEAN: "boolean" };

const typed = askedColumns.map(({ name, type }) => ({ name, field: FIELDS[type] ?? "text" }));

const CELLS = {
  query: document(
    typed.map(({ name, field }) => `${name}: cell(column: "${name}") { ${field} }`).join(" "),
  ),
  rowOf: (node: Node) =>
    Object.fromEntries(
      typed.map(({ name, field }) => [name, (node[name] as Record<string, Cell>)[field] ?? null]),
    ),
};

/** The ways in which Fieldgate is asked. */
const WAYS: readonly Way[] = [
  { ...VALUES, name: "values", title: "15 of 20 columns, row filter", key: "limited" },
  {
    ...VALUES,
    name: "all",
    title: "READ on everything, the same asked for",
    key: "all",
    variables: { columns: asked, filter: { column: "region", eq: REGION } },
  },
  { ...VALUES, name: "roles", title: "20 roles, 5 with row filters", key: "roles" },
  { ...CELLS, name: "typed", title: "15 typed cells a row", key: "limited" },
];

/** Their names. */
export const WAYS_TO_ASK: readonly string[] = WAYS.map(({ name }) => name);

/** Fieldgate, in every way of asking. */
export function fieldgateEndpoints({ address, pid }: Listening, keys: Keys): readonly Endpoint[] {
  return WAYS.map(({ name, title, key, query, variables, rowOf }) => ({
    name,
    title: `Fieldgate, ${title}`,
    pid,
    request: (first) =>
      graphqlRequest(address, keys[key], { query, variables: { first, ...variables } }),
    rowsOf: (answer) => (JSON.parse(answer) as Answer).data.dataset.rows.nodes.map(rowOf),
  }));
}

interface Answer {
  readonly data: { readonly dataset: { readonly rows: { readonly nodes: readonly Node[] } } };
}
