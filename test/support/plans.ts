import { createApp } from "../../src/app.ts";
import type { Database } from "../../src/db/database.ts";
import { createLog } from "../../src/http/log.ts";
import { onStatements } from "./statements.ts";

/** What one document came back with, and how the database went about its statements on rows. */
export interface Planned<Data> {
  readonly data: Data;
  /** A text for each statement that is asked about. */
  readonly plans: readonly string[];
}

/**
 * Asks an API of its own over the database, and has each statement that reads rows explained just before it is
 * sent: on the same connection, and so under the same role, with the same values and settings.
 *
 * @param about The statements that are: those that read the view of a dataset if not said.
 */
export function plansOf(database: Database, about = /data\.d_/) {
  let plans: Promise<string>[] = [];
  const heard = onStatements(database, (statement, client) => {
    if (typeof statement === "string" || !about.test(statement.text)) return;
    const { text, values = [] } = statement;
    const explained = client.query<{ "QUERY PLAN": string }>(
      `EXPLAIN ${text}`,
      values as unknown[],
    );
    plans.push(explained.then(({ rows }) => rows.map((row) => row["QUERY PLAN"]).join("\n")));
  });
  const app = createApp({ database: heard, log: createLog("silent") });
  return async <Data>(
    query: string,
    key: string,
    variables?: Readonly<Record<string, unknown>>,
  ): Promise<Planned<Data>> => {
    plans = [];
    const init = {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": key },
      body: JSON.stringify({ query, variables }),
    };
    const transport = { requestId: "test", trace: {} };
    const response = await app.fetch("http://fieldgate.test/graphql", init, transport);
    const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
    if (errors) throw new Error(`The document failed: ${JSON.stringify(errors)}`);
    return { data, plans: await Promise.all(plans) };
  };
}
