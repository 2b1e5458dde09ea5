import { graphqlRequest } from "./api.ts";
import type { HttpRequest } from "./exchange.ts";
import { asked, type Order } from "./orders.ts";

/** One way to ask a server for the first rows of the table. */
export interface Endpoint {
  readonly name: string;
  readonly request: (first: number) => HttpRequest;
  readonly rowsOf: (answer: string) => readonly Order[];
}

/** The server that everything is compared with. */
export const bareEndpoint = (address: string): Endpoint => ({
  name: "bare server",
  request: (first) => ({ url: `${address}/orders?first=${first}`, body: null, headers: {} }),
  rowsOf: (answer) => JSON.parse(answer) as Order[],
});

/** The keys that ask Fieldgate: one may do everything, one reads the columns that are asked for. */
export interface Keys {
  readonly all: string;
  readonly limited: string;
}

/** The ways in which Fieldgate is asked for the same cells. */
export function fieldgateEndpoints(address: string, { all, limited }: Keys): readonly Endpoint[] {
  const ways = [
    { name: "all rights, 15 columns named", key: all, columns: asked },
    { name: "15 columns readable, named", key: limited, columns: asked },
    { name: "15 columns readable, not named", key: limited, columns: null },
  ];
  return ways.map(({ name, key, columns }) => ({
    name,
    request: (first) =>
      graphqlRequest(address, key, { query: ORDERS, variables: { first, columns } }),
    rowsOf: (answer) =>
      (JSON.parse(answer) as OrdersAnswer).data.dataset.rows.nodes.map(({ values }) => values),
  }));
}

const ORDERS = `query Orders($first: Int!, $columns: [String!]) {
  dataset(name: "orders") { rows(first: $first) { nodes { values(columns: $columns) } } } }`;

interface OrdersAnswer {
  readonly data: {
    readonly dataset: { readonly rows: { readonly nodes: readonly { readonly values: Order }[] } };
  };
}
