import type { Figure } from "./figure.ts";
import { latency } from "./figures/latency.ts";
import { statements } from "./figures/statements.ts";
import { throughput } from "./figures/throughput.ts";
import { inTurn } from "./in-turn.ts";
import { withPeers } from "./peers/peers.ts";
import type { Endpoint } from "./requests/endpoints.ts";
import { endpointsOf, type Plan, type Scene, withScene } from "./requests/scene.ts";

/** What is measured about the orders that every server is filled with. */
type Line = (
  about: { readonly scene: Scene; readonly endpoints: readonly Endpoint[] },
  plan: Plan,
) => Promise<Figure>;

const ON_ORDERS: Readonly<Record<string, Line>> = {
  latency: ({ endpoints }, plan) => latency(endpoints, plan),
  throughput: ({ endpoints }, plan) => throughput(endpoints, plan),
  statements: ({ scene }, plan) => statements(scene, plan),
};

/** The names of all lines. */
export const LINES: readonly string[] = Object.keys(ON_ORDERS);

/** Measures the named lines, one after another, and tells each as it is found. */
export async function measure(
  only: readonly string[],
  plan: Plan,
  tell: (figure: Figure) => void,
): Promise<readonly Figure[]> {
  const lines = Object.entries(ON_ORDERS).filter(([name]) => only.includes(name));
  return await withScene(plan, (scene) =>
    withPeers(plan, (peers) =>
      inTurn(lines, async ([, line]) => {
        const endpoints = [...endpointsOf(scene), ...peers];
        const figure = await line({ scene, endpoints }, plan);
        tell(figure);
        return figure;
      }),
    ),
  );
}
