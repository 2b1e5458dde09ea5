import type { IncomingHttpHeaders } from "node:http";

type Headers = Readonly<Record<string, string>>;

const REQUEST_HEADERS =
  "Authorization, Content-Type, DPoP, X-API-Key, X-Fieldgate-Roles, X-Fieldgate-Tenant, X-Request-Id";

/**
 * The headers that let a page of another origin read the answer: none unless its origin is configured,
 * compared as text. Never with credentials, since no cookie is a credential here.
 */
export function corsHeaders(origin: string | undefined, allowed: readonly string[]): Headers {
  if (allowed.length === 0) return {};
  // Without this, a cache could hand one origin's answer to another.
  const vary = { Vary: "Origin" };
  if (origin === undefined || !allowed.includes(origin)) return vary;
  return {
    ...vary,
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Expose-Headers": "X-Request-Id",
  };
}

/** The further headers that answer a preflight. */
export const PREFLIGHT_HEADERS: Headers = {
  "Access-Control-Allow-Methods": "GET, POST, PUT",
  "Access-Control-Allow-Headers": REQUEST_HEADERS,
  "Access-Control-Max-Age": "600",
};

/** Whether a request asks, for a page of a configured origin, what it may send. */
export function isPreflight(
  request: { method?: string | undefined; headers: IncomingHttpHeaders },
  allowed: readonly string[],
): boolean {
  const { origin } = request.headers;
  return request.method === "OPTIONS" && origin !== undefined && allowed.includes(origin);
}
