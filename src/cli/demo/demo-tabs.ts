import type { GraphiqlTab } from "../../http/graphiql/graphiql-page.ts";
import { tenants } from "../tenant.ts";
import { type DemoParts, isDemo, isDemoWanted } from "./demo.ts";
import { DEMO_QUERIES, type DemoQuery } from "./demo-queries.ts";

/**
 * The demo's queries as tabs of GraphiQL, where there is the demo; nothing elsewhere. A tenant
 * that somebody else calls demo is theirs, and the page says nothing of it.
 */
export async function demoTabs({
  config,
  database,
}: Pick<DemoParts, "config" | "database">): Promise<{ graphiqlTabs?: readonly GraphiqlTab[] }> {
  if (!isDemoWanted({ config, database })) return {};
  const known = await tenants(database);
  return known.some(isDemo) ? { graphiqlTabs: DEMO_QUERIES.map(tabOf) } : {};
}

/** A query below a comment of the key that it is for, in lines that the editor shows whole. */
export function tabOf({ key, says, query, variables }: DemoQuery): GraphiqlTab {
  const told = `Paste the key ${key} of demo-keys.json above. It ${says}.`;
  return {
    query: `${told.replaceAll(/(.{1,48})(?: |$)/g, "# $1\n")}${query}\n`,
    ...(variables && { variables: JSON.stringify(variables, null, 2) }),
  };
}
