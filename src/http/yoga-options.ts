import { getOperationAST, GraphQLError, type DocumentNode } from "graphql";
import type { Plugin, YogaServerOptions } from "graphql-yoga";
import { DocumentCache } from "./document-cache.ts";
import { DEFAULT_LIMITS, useLimits, type Limits } from "./limits.ts";
import type { Log } from "./log.ts";
import { maskError } from "./mask-error.ts";
import { usePublicErrors } from "./public-errors.ts";
import { MAX_BODY_BYTES } from "./refusal.ts";
import type { TransportContext } from "./transport.ts";

/** Characters of documents whose parsed form is kept. */
const CACHED_CHARACTERS = 500_000;

/** What the GraphQL server is told about HTTP: everything but the schema and the context. */
export function yogaOptions(log: Log, limits: Limits = DEFAULT_LIMITS) {
  return {
    // The transport in front does these, or nobody shall.
    cors: false,
    graphiql: false,
    landingPage: false,
    multipart: false,
    batching: false,
    logging: false,
    maxRequestBodySize: MAX_BODY_BYTES,
    maskedErrors: { isDev: false, maskError },
    parserAndValidationCache: {
      documentCache: new DocumentCache<DocumentNode>(CACHED_CHARACTERS),
      errorCache: new DocumentCache<unknown>(CACHED_CHARACTERS),
    },
    plugins: [usePublicErrors(log), useAddressParameters(), useOperationName(), useLimits(limits)],
  } satisfies YogaServerOptions<TransportContext, object>;
}

/** Answers parameters in an address that are not JSON as the caller's mistake, which they are. */
function useAddressParameters(): Plugin {
  return {
    onRequestParse({ request, url }) {
      if (request.method !== "GET") return;
      for (const name of ["variables", "extensions"]) {
        if (!isJson(url.searchParams.get(name) || "null")) throw notJson(name);
      }
    },
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function notJson(name: string): GraphQLError {
  return new GraphQLError(`The parameter ${name} of the address is not valid JSON.`, {
    extensions: { code: "BAD_USER_INPUT", http: { status: 400 } },
  });
}

/** Names the operation in the log line of its request. */
function useOperationName(): Plugin<TransportContext> {
  return {
    onParse() {
      return ({ result, context: { trace, params } }) => {
        if (!trace || !result || result instanceof Error) return;
        const name = getOperationAST(result as DocumentNode, params.operationName)?.name?.value;
        if (name !== undefined) trace.operationName = name.slice(0, 100);
      };
    },
  };
}
