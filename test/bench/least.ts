import type { Plans } from "../../bench/lines.ts";
import { postgresServer } from "../support/postgres-server.ts";

const once = { rounds: 1, turns: 1, patience: 0 };

/** The least that can be measured, on PostgreSQL if there is one, and what was said of it. */
export async function leastPlan(): Promise<Plans & { readonly said: string[] }> {
  const server = await postgresServer();
  const said: string[] = [];
  return {
    postgres: server?.url ?? null,
    rows: 80,
    large: 1_000,
    sizes: [1, 10],
    effort: once,
    warmUp: once,
    say: (words) => said.push(words),
    said,
  };
}
