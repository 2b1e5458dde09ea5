import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

/** A page for people, whole: it loads nothing from anywhere. */
export interface Page {
  readonly html: Buffer;
  readonly gzipped: Buffer;
  /** Lets nothing run but the page's own scripts, and lets it talk to this server alone. */
  readonly contentSecurityPolicy: string;
}

/** What a tab of GraphiQL opens with. Its title is the name of its operation. */
export interface GraphiqlTab {
  readonly query: string;
  /** As JSON. */
  readonly variables?: string;
}

/** GraphiQL reads its headers as JSON with comments, so that the hint is sent to nobody. */
const HEADERS = `{
  // The key has its place above.
  // To act with some of its roles alone:
  // "X-Fieldgate-Roles": "..."
}`;

const DEFAULT_TABS: readonly GraphiqlTab[] = [
  {
    query: `# Paste your API key into the field above,
# then run this with Ctrl-Enter.
query Datasets {
  datasets(first: 10) {
    nodes { id name rowCount }
  }
}
`,
  },
];

/**
 * The GraphiQL page, with a bar for the key above GraphiQL. 9 MB, so it is made at the first call and kept.
 *
 * @param tabs what a browser is shown that has no tabs of this page in its storage.
 */
export function graphiqlPage(tabs: readonly GraphiqlTab[] = DEFAULT_TABS): () => Promise<Page> {
  let page: Promise<Page> | null = null;
  const make = () =>
    makePage(tabs).catch((error: unknown) => {
      page = null;
      throw error;
    });
  return () => (page ??= make());
}

async function makePage(tabs: readonly GraphiqlTab[]): Promise<Page> {
  // Loaded by who shows the page: it takes as long as a fifth of the program.
  const { renderGraphiQL } = await import("@graphql-yoga/render-graphiql");
  const [logo, markup, style, script] = await Promise.all([
    part("logo.svg"),
    part("key-bar.html"),
    part("key-bar.css"),
    part("key-bar.js"),
  ]);
  const graphiql = renderGraphiQL({
    title: "Fieldgate",
    logo,
    favicon: `data:image/svg+xml,${encodeURIComponent(logo)}`,
    headers: HEADERS,
    defaultQuery: "",
    defaultTabs: tabs.map((tab) => ({ ...tab, headers: HEADERS })),
    defaultEditorToolsVisibility: "variables",
    // A key stays out of the browser's storage.
    shouldPersistHeaders: false,
    credentials: "same-origin",
  });
  const text = graphiql
    .replace("</head>", (end) => `<style>${style}</style>${end}`)
    .replace(ROOT, (root) => `${markup}<script>${script}</script>${root}`);
  const html = Buffer.from(text);
  return {
    html,
    gzipped: await promisify(gzip)(html),
    contentSecurityPolicy: policyFor([script, scriptOf(graphiql)]),
  };
}

/** Where GraphiQL puts itself. */
const ROOT = '<div id="root"></div>';

async function part(file: string): Promise<string> {
  return await readFile(new URL(file, import.meta.url), "utf8");
}

/** The one script of GraphiQL's page, as the browser hashes it. */
function scriptOf(html: string): string {
  const end = html.lastIndexOf("</script>");
  const start = html.indexOf("<script>", html.indexOf(ROOT)) + "<script>".length;
  return html.slice(start, end);
}

/** The editor adds its style sheets at run time and starts its workers from blobs. */
function policyFor(scripts: readonly string[]): string {
  const hashes = scripts.map(
    (script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );
  return [
    "default-src 'none'",
    `script-src ${hashes.join(" ")}`,
    "style-src 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src data:",
    "worker-src blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
