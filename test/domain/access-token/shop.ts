import { type Answer, type Asking, aWorld } from "../../support/world.ts";

/** What does all there is to do with rows, and makes tokens. */
const METHODS =
  "dataset::get dataset::find node::get row::get row::create row::update row::upsert row::delete row::export row::import access_token::create".split(
    " ",
  );

/** Every right on rows. */
export const DATA = { canRead: true, canCreate: true, canUpdate: true, canDelete: true } as const;

/** A dataset of sales and one of staff, and a key that has every right on the rows of both. */
export async function aShop() {
  const world = await aWorld();
  const sales = await world.dataset({
    name: "sales",
    columns: [
      { name: "region", type: "TEXT", required: true },
      { name: "amount", type: "DECIMAL" },
      { name: "note", type: "TEXT" },
    ],
    rows: [
      { region: "EU", amount: "10", note: "one" },
      { region: "US", amount: "20", note: "two" },
      { region: "EU", amount: "30", note: "three" },
      { region: "US", note: "four" },
    ],
  });
  const staff = await world.dataset({
    name: "staff",
    columns: [{ name: "name", type: "TEXT" }],
    rows: [{ name: "Ann" }],
  });
  const key = await world.key({ roles: [{ permissions: METHODS, ...DATA }] });
  const inEU = { datasetId: sales.id, column: "region", op: "eq", value: "EU" };
  return { world, sales, staff, key, inEU, METHODS };
}

export type Shop = Awaited<ReturnType<typeof aShop>>;

/** The codes of what was wrong. */
export function codes({ errors }: Answer<unknown>): (string | undefined)[] {
  return errors.map(({ extensions }) => extensions.code);
}

const ROWS = `query ($id: ID!, $filter: RowFilter) {
  dataset(id: $id) { rowCount rows(filter: $filter) { totalCount nodes { values } }
    aggregate(filter: $filter, sum: ["amount"]) { nodes { count sum } } } }`;

interface Seen {
  readonly dataset: {
    readonly rowCount: number;
    readonly rows: { readonly totalCount: number; readonly nodes: { values: { note: string } }[] };
    readonly aggregate: { readonly nodes: { count: number; sum: { amount: string | null } }[] };
  } | null;
}

/** What somebody sees of the sales, however it is asked for. */
export async function seen({ world, sales }: Shop, asking: Asking, filter?: object) {
  const { dataset } = await world.ask<Seen>(ROWS, {
    ...asking,
    variables: { id: sales.id, filter },
  });
  if (!dataset) return null;
  const { rowCount, rows, aggregate } = dataset;
  const [all] = aggregate.nodes;
  return {
    notes: rows.nodes.map(({ values }) => values.note).toSorted(),
    counts: [rowCount, rows.totalCount, all?.count ?? 0],
    sum: all?.sum.amount ?? null,
  };
}

/** All sales, as the administrator sees them. */
export async function allSales({ world, sales }: Shop): Promise<object[]> {
  const { dataset } = await world.ask<{ dataset: { rows: { nodes: { values: object }[] } } }>(
    ROWS,
    { variables: { id: sales.id } },
  );
  return dataset.rows.nodes.map(({ values }) => values);
}

const write = (method: string, input: string) => `mutation ($input: ${input}!) {
  ${method}(input: $input) { rows { values createdBy updatedBy }
    results { operation faults { column code } } } }`;

export const CREATE = write("createRows", "CreateRowsInput");
export const UPDATE = write("updateRows", "UpdateRowsInput");
export const UPSERT = write("upsertRows", "UpsertRowsInput");
export const DELETE = write("deleteRows", "DeleteRowsInput");

/** What a write of rows answered. */
export type Written = Readonly<
  Record<
    string,
    {
      readonly rows:
        | ({ values: Record<string, unknown>; createdBy: string; updatedBy: string } | null)[]
        | null;
      readonly results: { operation: string | null; faults: object[] }[];
    }
  >
>;

/** Writes sales. */
export async function written(
  { world, sales }: Shop,
  document: string,
  asking: Asking,
  input: object,
) {
  return await world.run<Written>(document, {
    ...asking,
    variables: { input: { datasetId: sales.id, ...input } },
  });
}
