import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { corsHeaders, isPreflight, PREFLIGHT_HEADERS } from "./cors.ts";
import { graphiqlPage, type GraphiqlTab, type Page } from "./graphiql/graphiql-page.ts";
import { health, readiness, type Health } from "./health.ts";
import type { Log } from "./log.ts";
import {
  begin,
  type Exchange,
  isLooking,
  refuse,
  sendJson,
  setHeaders,
  type TransportContext,
} from "./exchange.ts";
import { BAD_METHOD, NOWHERE, refusalOf } from "./refusal.ts";
import { answerTransfer, TRANSFERS, type Transfers } from "./transfer.ts";
import { withoutSecrets } from "./without-secrets.ts";

/** The GraphQL server, as Yoga offers itself to Node. */
export type GraphqlHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  context: TransportContext,
) => unknown;

/** What the transport needs to know. */
export interface TransportOptions {
  readonly log: Log;
  /** Whether requests can be served. */
  ready(): Promise<boolean>;
  /** Web origins whose pages may call the API; none unless given. */
  readonly corsOrigins?: readonly string[];
  /** What GraphiQL opens with; one query that everybody may try unless given. */
  readonly graphiqlTabs?: readonly GraphiqlTab[];
  /** What one-time URLs lead to; nothing unless given. */
  readonly transfers?: Transfers;
  /** How long a client may take to send a request, in milliseconds; two minutes unless given. */
  readonly receiveMs?: number;
}

/** Where requests go. */
interface Routes {
  readonly graphql: GraphqlHandler;
  readonly graphiql: () => Promise<Page>;
  readonly ready: () => Promise<boolean>;
  readonly transfers: Transfers | null;
  readonly log: Log;
}

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/**
 * Everything that HTTP brings, in front of the GraphQL server: request ids, headers, the log line, the
 * other paths, and the requests that are turned away before anything of them is parsed.
 */
export function createTransport(
  graphql: GraphqlHandler,
  options: TransportOptions,
): RequestListener {
  const origins = options.corsOrigins ?? [];
  const ready = () => options.ready();
  const { transfers = null, log } = options;
  const routes = { graphql, graphiql: graphiqlPage(options.graphiqlTabs), ready, transfers, log };
  return (request, response) => {
    const exchange = begin(request, response, options.receiveMs);
    setHeaders(response, SECURITY_HEADERS);
    setHeaders(response, corsHeaders(request.headers.origin, origins));
    logWhenDone(exchange, options.log);
    if (isPreflight(request, origins)) {
      response.writeHead(204, PREFLIGHT_HEADERS).end();
      return;
    }
    route(exchange, routes).catch((error: unknown) => {
      options.log.error({ err: error, requestId: exchange.requestId }, "request failed");
      response.destroy();
    });
  };
}

async function route(exchange: Exchange, routes: Routes): Promise<void> {
  if (routes.transfers && exchange.path.startsWith(TRANSFERS)) {
    return await answerTransfer(exchange, routes.transfers, routes.log);
  }
  switch (exchange.path) {
    case "/graphql":
      return answerGraphql(exchange, routes);
    case "/health":
      return answerProbe(exchange, async () => health());
    case "/ready":
      return answerProbe(exchange, () => readiness(routes.ready));
    case "/":
      return answerRoot(exchange);
    default:
      return refuse(exchange, NOWHERE);
  }
}

async function answerGraphql(exchange: Exchange, { graphql, graphiql }: Routes): Promise<void> {
  const { request, response, requestId, trace, ip, newMemory } = exchange;
  const refusal = refusalOf(request);
  if (refusal) return refuse(exchange, refusal);
  if (request.method === "GET" && wantsPage(request)) return sendPage(exchange, await graphiql());
  await graphql(request, response, { requestId, trace, ip, newMemory });
}

async function answerProbe(exchange: Exchange, probe: () => Promise<Health>): Promise<void> {
  if (!isLooking(exchange.request)) return refuse(exchange, BAD_METHOD);
  const { status, body } = await probe();
  sendJson(exchange, status, body);
}

/** A person who typed the host alone is shown the way. */
function answerRoot(exchange: Exchange): void {
  if (!isLooking(exchange.request) || !wantsPage(exchange.request))
    return refuse(exchange, NOWHERE);
  exchange.response.writeHead(303, { Location: "/graphql" }).end();
}

function sendPage({ request, response }: Exchange, page: Page): void {
  const isGzip = /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
  const body = isGzip ? page.gzipped : page.html;
  response.writeHead(200, {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Length": body.byteLength,
    "Content-Security-Policy": page.contentSecurityPolicy,
    ...(isGzip && { "Content-Encoding": "gzip" }),
  });
  response.end(body);
}

function logWhenDone({ request, response, path, requestId, trace }: Exchange, log: Log): void {
  const start = performance.now();
  response.once("close", () => {
    const line = {
      requestId,
      method: request.method,
      // What comes after it is a secret.
      path: path.startsWith(TRANSFERS) ? TRANSFERS : withoutSecrets(path),
      status: response.statusCode,
      ms: Math.round(performance.now() - start),
      ...trace,
      ...(!response.writableFinished && { aborted: true }),
    };
    if (path === "/health" || path === "/ready") log.debug(line, "request");
    else log.info(line, "request");
  });
}

function wantsPage({ headers }: IncomingMessage): boolean {
  return headers.accept?.includes("text/html") ?? false;
}
