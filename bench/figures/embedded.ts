import type { Figure } from "../figure.ts";
import { endpointsOf, type Plan, type Scene } from "../requests/scene.ts";
import { latency } from "./latency.ts";

/** The largest answers on the embedded database, as it is: nothing has to be reached. */
export async function embedded(scene: Scene, plan: Plan): Promise<Figure> {
  const { text } = await latency(endpointsOf(scene), { ...plan, sizes: plan.sizes.slice(-1) });
  return { title: "The same on the embedded database (PGlite)", text, findings: [] };
}
