import type { Figure } from "../figure.ts";
import { graphqlRequest, asking } from "../requests/api.ts";
import { asOwner } from "../requests/as-owner.ts";
import { limitedKey, makeDataset } from "../requests/dataset.ts";
import { exchange, type HttpRequest } from "../requests/exchange.ts";
import { askedColumns, expected, type Order } from "../requests/orders.ts";
import { type Plan, rowsOf, type Scene } from "../requests/scene.ts";
import { number } from "../table.ts";
import { normalForm } from "../requests/verify.ts";
import { compared } from "./pair.ts";

const MOST = 1_000;

/** Makes rows, with what Fieldgate keeps of every write, against one bare INSERT of the same rows as jsonb. */
export async function create(scene: Scene, plan: Plan): Promise<Figure> {
  const rows = expected(Math.min(MOST, plan.sizes.at(-1) ?? 1));
  const bare = await bareSide(scene, rows);
  const fieldgate = await fieldgateSide(scene, rows);
  await requireWritten(bare, rows);
  await requireWritten(fieldgate, rows);
  const pair = {
    work: `create ${number(rows.length)} rows`,
    baseline: { name: "bare INSERT of jsonb", run: async () => (await exchange(bare.write)).ms },
    subject: { name: "Fieldgate", run: async () => (await exchange(fieldgate.write)).ms },
    reach: { bound: "≤", reach: 3 } as const,
  };
  return await compared("Writing, one request at a time", [pair], plan);
}

/** How rows are written to one side, and read back. */
interface Side {
  readonly write: HttpRequest;
  readonly read: HttpRequest;
  readonly rowsOf: (answer: string) => readonly Order[];
}

async function bareSide({ bare }: Scene, rows: readonly Order[]): Promise<Side> {
  const columns = "id uuid PRIMARY KEY DEFAULT gen_random_uuid(), cells jsonb NOT NULL";
  await asOwner(bare.place, (client) => client.query(`CREATE TABLE made (${columns})`));
  const { address } = bare.ready;
  return {
    write: { url: `${address}/create`, body: JSON.stringify(rows), headers: {} },
    read: { url: `${address}/created`, body: null, headers: {} },
    rowsOf: (answer) =>
      (JSON.parse(answer) as { readonly cells: Order }[]).map(({ cells }) => cells),
  };
}

async function fieldgateSide({ fieldgate }: Scene, rows: readonly Order[]): Promise<Side> {
  const { address, key } = fieldgate.ready;
  const ask = asking(address, key);
  const dataset = await makeDataset(ask, "made");
  const maker = await limitedKey(ask, dataset, { name: "maker" });
  const [write, read] = [
    `mutation ($input: CreateRowsInput!) { createRows(input: $input) { __typename } }`,
    `query ($first: Int!) { dataset(name: "made") { rows(
       first: $first orderBy: [{ column: "number", direction: ASC }]) { nodes { values } } } }`,
  ] as const;
  const variables = { input: { datasetId: dataset.id, rows } };
  return {
    write: graphqlRequest(address, maker, { query: write, variables }),
    read: graphqlRequest(address, maker, { query: read, variables: { first: rows.length + 1 } }),
    rowsOf: (answer) => (JSON.parse(answer) as Answer).data.dataset.rows.nodes.map(valuesOf),
  };
}

interface Answer {
  readonly data: { readonly dataset: { readonly rows: { readonly nodes: readonly Node[] } } };
}
type Node = { readonly values: Order };
const valuesOf = ({ values }: Node): Order => values;

/** @throws {Error} if a write leaves anything but its rows. */
async function requireWritten(
  { write, read, rowsOf: rowsIn }: Side,
  rows: readonly Order[],
): Promise<void> {
  await exchange(write);
  const { body } = await exchange(read);
  const written = rowsIn(body.toString()).map((row) => normalForm(row, askedColumns));
  if (JSON.stringify(written) === JSON.stringify(rows)) return;
  throw new Error(
    `${write.url} wrote ${rowsOf(written.length)}, others than the ones it was sent.`,
  );
}
