import type { Figure } from "./figure.ts";
import { latency } from "./figures/latency.ts";
import { statements } from "./figures/statements.ts";
import { inTurn } from "./in-turn.ts";
import { type Plan, type Scene, subjectsOf, withScene } from "./requests/scene.ts";

/** The lines of figures about the orders that both servers are filled with. */
const ON_ORDERS: Readonly<Record<string, (scene: Scene, plan: Plan) => Promise<Figure>>> = {
  latency: (scene, plan) =>
    latency(
      subjectsOf(scene).map(({ endpoint }) => endpoint),
      plan,
    ),
  statements,
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
    inTurn(lines, async ([, line]) => {
      const figure = await line(scene, plan);
      tell(figure);
      return figure;
    }),
  );
}
