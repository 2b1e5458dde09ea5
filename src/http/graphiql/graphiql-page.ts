import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { renderGraphiQL } from "@graphql-yoga/render-graphiql";

/** A page for people, whole: it loads nothing from anywhere. */
export interface Page {
  readonly html: Buffer;
  readonly gzipped: Buffer;
  /** Lets nothing run but the page's own script, and lets it talk to this server alone. */
  readonly contentSecurityPolicy: string;
}

/** GraphiQL reads its headers as JSON with comments, so that the hint is sent to nobody. */
const HEADERS = `{
  // Paste a key and take the slashes away:
  // "X-API-Key": "fgk_..."
}`;

const FIRST_QUERY = `# Put your key under "Headers" below,
# then run this with Ctrl-Enter.
{
  datasets(first: 10) {
    nodes { id name rowCount }
  }
}
`;

let page: Promise<Page> | null = null;

/** The GraphiQL page; 9 MB, so it is made at the first call and kept. */
export function graphiqlPage(): Promise<Page> {
  return (page ??= makePage());
}

async function makePage(): Promise<Page> {
  const text = renderGraphiQL({
    title: "Fieldgate",
    headers: HEADERS,
    defaultQuery: FIRST_QUERY,
    defaultEditorToolsVisibility: "headers",
    // A key stays out of the browser's storage.
    shouldPersistHeaders: false,
    credentials: "same-origin",
  });
  const html = Buffer.from(text);
  return {
    html,
    gzipped: await promisify(gzip)(html),
    contentSecurityPolicy: policyFor(scriptOf(text)),
  };
}

/** The one script of the page, as the browser hashes it. */
function scriptOf(html: string): string {
  const end = html.lastIndexOf("</script>");
  const body = html.indexOf('<div id="root"></div>');
  const start = html.indexOf("<script>", body) + "<script>".length;
  return html.slice(start, end);
}

/** The editor adds its style sheets at run time and starts its workers from blobs. */
function policyFor(script: string): string {
  const hash = createHash("sha256").update(script).digest("base64");
  return [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
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
