import type { Figure } from "../figure.ts";
import { graphqlRequest } from "../requests/api.ts";
import type { LargeScene } from "../requests/large-scene.ts";
import { type Plan, rowsOf } from "../requests/scene.ts";
import { alike, compared, type Pair } from "./pair.ts";

/** What is computed of many rows, against native columns. */
export async function counts(scene: LargeScene, plan: Plan): Promise<Figure> {
  const pairs = [await counted(scene), await grouped(scene)];
  return await compared(`Computed of ${rowsOf(scene.rows)}`, pairs, plan);
}

const REACH = { bound: "≤", reach: 3 } as const;

async function counted({ bare, fieldgate, limited }: LargeScene): Promise<Pair> {
  const query = `{ dataset(name: "orders") { rows(first: 1) { totalCount } } }`;
  const [baseline, subject] = await alike(
    {
      name: "bare server",
      request: { url: `${bare.ready.address}/count`, body: null, headers: {} },
      answerOf: (body) => (JSON.parse(body) as { readonly count: number }[])[0]?.count,
    },
    {
      name: "Fieldgate",
      request: graphqlRequest(fieldgate.ready.address, limited, { query, variables: {} }),
      answerOf: (body) => (JSON.parse(body) as Counted).data.dataset.rows.totalCount,
    },
  );
  return { work: "count, with a row filter", baseline, subject, reach: REACH };
}

interface Counted {
  readonly data: { readonly dataset: { readonly rows: { readonly totalCount: number } } };
}

async function grouped({ bare, fieldgate, limited }: LargeScene): Promise<Pair> {
  const query = `{ dataset(name: "orders") { aggregate(groupBy: ["status"], sum: ["total"]) {
    nodes { keys count sum } } } }`;
  const [baseline, subject] = await alike(
    {
      name: "bare server",
      request: { url: `${bare.ready.address}/groups`, body: null, headers: {} },
      answerOf: (body) => (JSON.parse(body) as Group[]).map(normalGroup),
    },
    {
      name: "Fieldgate",
      request: graphqlRequest(fieldgate.ready.address, limited, { query, variables: {} }),
      answerOf: (body) =>
        (JSON.parse(body) as Grouped).data.dataset.aggregate.nodes.map(({ keys, count, sum }) =>
          normalGroup({ status: keys.status, count, total: sum.total }),
        ),
    },
  );
  return { work: "group by, count and sum, with a row filter", baseline, subject, reach: REACH };
}

interface Group {
  readonly status: string;
  readonly count: number;
  readonly total: string;
}

interface Grouped {
  readonly data: {
    readonly dataset: {
      readonly aggregate: {
        readonly nodes: readonly {
          readonly keys: { readonly status: string };
          readonly count: number;
          readonly sum: { readonly total: string };
        }[];
      };
    };
  };
}

/** A sum without the zeros at its end, which say nothing. */
const normalGroup = ({ status, count, total }: Group): Group => ({
  status,
  count,
  total: total.replace(/\.?0+$/, ""),
});
