import type { Figure } from "../figure.ts";
import { graphqlRequest } from "../requests/api.ts";
import type { LargeScene } from "../requests/large-scene.ts";
import { type Plan, rowsOf } from "../requests/scene.ts";
import { alike, compared, type Pair } from "./pair.ts";

/** What is computed of many rows, against native columns. */
export async function counts(scene: LargeScene, plan: Plan): Promise<Figure> {
  return await compared(`Computed of ${rowsOf(scene.rows)}`, [await counted(scene)], plan);
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
