import type { Figure } from "./figure.ts";
import { counts } from "./figures/counts.ts";
import { create } from "./figures/create.ts";
import { embedded } from "./figures/embedded.ts";
import { imported } from "./figures/import.ts";
import { latency } from "./figures/latency.ts";
import { search } from "./figures/search.ts";
import { statements } from "./figures/statements.ts";
import { throughput } from "./figures/throughput.ts";
import { inTurn } from "./in-turn.ts";
import { withPeers } from "./peers/peers.ts";
import type { Endpoint } from "./requests/endpoints.ts";
import { type LargeScene, withLargeScene } from "./requests/large-scene.ts";
import { endpointsOf, type Plan, type Scene, withScene } from "./requests/scene.ts";

/** How every line is measured, and how many rows the large table has. */
export interface Plans extends Plan {
  readonly large: number;
}

type Lines<About> = Readonly<Record<string, (about: About, plan: Plan) => Promise<Figure>>>;
type Tell = (figure: Figure) => void;

/** Lines that are measured on the same servers. */
interface Stage {
  readonly names: readonly string[];
  readonly measure: (only: readonly string[], plan: Plans, tell: Tell) => Promise<void>;
}

/** Starts what lines are about, for as long as they are measured, or not at all. */
type Setting<About> = (plan: Plans, work: (about: About) => Promise<void>) => Promise<void>;

function stage<About>(setting: Setting<About>, lines: Lines<About>): Stage {
  return {
    names: Object.keys(lines),
    measure: async (only, plan, tell) => {
      const chosen = Object.entries(lines).filter(([name]) => only.includes(name));
      if (chosen.length === 0) return;
      await setting(plan, async (about) => {
        await inTurn(chosen, async ([, line]) => tell(await line(about, plan)));
      });
    },
  };
}

const withEndpoints: Setting<readonly Endpoint[]> = async (plan, work) =>
  await withScene(plan, (scene) =>
    withPeers(plan, (peers) => work([...endpointsOf(scene), ...peers])),
  );

const withMany: Setting<LargeScene> = async ({ large, ...plan }, work) => {
  const { postgres } = plan;
  if (postgres !== null) await withLargeScene({ ...plan, postgres, rows: large }, work);
};

const withEmbedded: Setting<Scene> = async (plan, work) => {
  if (plan.postgres !== null) await withScene({ ...plan, postgres: null }, work);
};

const STAGES: readonly Stage[] = [
  stage(withEndpoints, { latency, throughput }),
  stage(withScene, { create, statements }),
  stage(withMany, { import: async (scene) => imported(scene), search, counts }),
  stage(withEmbedded, { embedded }),
];

/** The names of all lines. */
export const LINES: readonly string[] = STAGES.flatMap(({ names }) => names);

/** Measures the named lines, one after another, and tells each figure as it is found. */
export async function measure(only: readonly string[], plan: Plans, tell: Tell): Promise<void> {
  await inTurn(STAGES, (each) => each.measure(only, plan, tell));
}
