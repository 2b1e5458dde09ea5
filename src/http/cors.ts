import type { IncomingHttpHeaders } from "node:http";

type Headers = Readonly<Record<string, string>>;

const REQUEST_HEADERS =
  "Authorization, Content-Type, DPoP, X-API-Key, X-Fieldgate-Roles, X-Fieldgate-Tenant, X-Request-Id";

/** What a page of another origin may read of an answer besides its body. */
const ANSWER_HEADERS = "DPoP-Nonce, WWW-Authenticate, X-Request-Id";

/**
 * The headers that let a page of another origin read the answer: none unless its origin is configured,
 * compared as text.
 *
 * Such a page may have the browser send its cookies. No cookie is a credential here: they tell which browser asks with
 * an access token, or logs in, and the page has to send the token or the password besides. So it opens nothing to a
 * page that has neither.
 */
export function corsHeaders(origin: string | undefined, allowed: readonly string[]): Headers {
  if (allowed.length === 0) return {};
  // Without this, a cache could hand one origin's answer to another.
  const vary = { Vary: "Origin" };
  if (origin === undefined || !allowed.includes(origin)) return vary;
  return {
    ...vary,
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Expose-Headers": ANSWER_HEADERS,
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
