import { DEMO_QUERIES } from "./demo-queries.ts";
import type { DemoFile } from "./demo-file.ts";

/** What there is to say of a demo. */
interface Demo {
  readonly keys: DemoFile["keys"];
  readonly endpoint: string;
  /** Where the keys are kept. */
  readonly path: string;
}

/** What whoever started the server is told of the demo: each key, what it may, and a query to try with it. */
export function welcome({ keys, endpoint, path }: Demo): string {
  const ready = DEMO_QUERIES.filter(({ variables }) => variables === undefined);
  const parts = ready.map(
    ({ key, says, query }) => `${key} ${says}:
  ${keys[key]}
  ${curl(endpoint, keys[key], query)}
`,
  );
  return `
The demo tenant is ready. Its keys, also in ${path}, and a query to try with each:

${parts.join("\n")}
Or open ${endpoint} in a browser, where these queries are tabs, and paste a key.

`;
}

/** The same at later starts: where everything is. */
export function welcomeBack({ endpoint, path }: Omit<Demo, "keys">): string {
  return `The demo is at ${endpoint}, also in a browser. Its keys are in ${path}.\n`;
}

/** A command for a shell. The query is on one line and holds no single quote. */
function curl(endpoint: string, key: string, query: string): string {
  const body = JSON.stringify({ query: query.replaceAll(/\s+/g, " ") });
  return `curl -s ${endpoint} -H 'content-type: application/json' -H 'x-api-key: ${key}' -d '${body}'`;
}
