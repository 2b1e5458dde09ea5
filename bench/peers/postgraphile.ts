import process from "node:process";
import { onServer } from "../../test/support/postgres-server.ts";
import type { Place } from "../../test/app/cli/place.ts";
import { inTurn } from "../in-turn.ts";
import { asOwner } from "../requests/as-owner.ts";
import type { Endpoint } from "../requests/endpoints.ts";
import { nativeTable } from "../requests/native-table.ts";
import { asked, type Order, orderColumns, REGION } from "../requests/orders.ts";
import type { Filling } from "../requests/scene.ts";
import { type Ready, withServer } from "../requests/server-process.ts";
import { CONNECTIONS, PEERS_NODE, SETTINGS } from "./installed.ts";

/** The role that it answers under: it reads the rows of the region, and the columns that are asked for. */
const ROLE = `fieldgate_bench_reader_${process.pid}`;

/** Runs PostGraphile over the same rows for as long as the work takes. */
export async function withPostGraphile<Result>(
  { rows, say }: Filling,
  postgres: string,
  work: (endpoint: Endpoint) => Promise<Result>,
): Promise<Result> {
  say("filling PostGraphile's table");
  const fill = nativeTable({ columns: orderColumns, rows, indexes: ["region, number"] });
  const serving = {
    program: "peers/postgraphile-server.mjs",
    args: [ROLE, CONNECTIONS],
    node: PEERS_NODE,
    env: () => SETTINGS,
    postgres,
    prepare: async (place: Place) => {
      await fill(place);
      await restrict(place);
    },
  };
  try {
    return await withServer<Ready, Result>(serving, ({ ready, pid }) =>
      work(endpointOf(ready.address, pid)),
    );
  } finally {
    await onServer(postgres, `DROP ROLE IF EXISTS ${ROLE}`);
  }
}

async function restrict(place: Place): Promise<void> {
  const names = asked.map((name) => `"${name}"`).join(", ");
  const statements = [
    `CREATE ROLE ${ROLE} NOLOGIN`,
    `GRANT USAGE ON SCHEMA public TO ${ROLE}`,
    `GRANT SELECT (${names}) ON orders TO ${ROLE}`,
    `ALTER TABLE orders ENABLE ROW LEVEL SECURITY`,
    `CREATE POLICY region ON orders FOR SELECT TO ${ROLE} USING (region = '${REGION}')`,
  ];
  await asOwner(place, (client) => inTurn(statements, (statement) => client.query(statement)));
}

const inCamelCase = (name: string): string =>
  name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const query = `query Orders($first: Int!) {
  allOrders(first: $first, orderBy: NUMBER_ASC) {
    nodes { ${asked.map((name) => `${name}: ${inCamelCase(name)}`).join(" ")} } } }`;

interface Answer {
  readonly data: { readonly allOrders: { readonly nodes: readonly Order[] } };
}

const endpointOf = (address: string, pid: number): Endpoint => ({
  name: "postgraphile",
  title: "PostGraphile 5, row-level security and column grants",
  pid,
  request: (first) => ({
    url: `${address}/graphql`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables: { first } }),
  }),
  rowsOf: (answer) => (JSON.parse(answer) as Answer).data.allOrders.nodes,
});
