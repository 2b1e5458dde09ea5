import { getOperationAST, type DocumentNode } from "graphql";
import type { Plugin, YogaServerOptions } from "graphql-yoga";
import { DocumentCache } from "./document-cache.ts";
import { DEFAULT_LIMITS, useLimits, type Limits } from "./limits.ts";
import type { Log } from "./log.ts";
import { maskError } from "./mask-error.ts";
import { usePublicErrors } from "./public-errors.ts";
import { useRequestParameters } from "./request-parameters.ts";
import type { TransportContext } from "./exchange.ts";
import { withoutSecrets } from "./without-secrets.ts";

/** Characters of documents whose parsed form is kept. */
const CACHED_CHARACTERS = 500_000;

/** What the GraphQL server is told about HTTP: everything but the schema and the context. */
export function yogaOptions(log: Log, limits: Limits = DEFAULT_LIMITS) {
  return {
    // The transport in front and the plugins do these, or nobody shall.
    cors: false,
    graphiql: false,
    landingPage: false,
    multipart: false,
    batching: false,
    logging: false,
    maxRequestBodySize: false,
    maskedErrors: { isDev: false, maskError },
    parserAndValidationCache: {
      documentCache: new DocumentCache<DocumentNode>(CACHED_CHARACTERS),
      errorCache: new DocumentCache<unknown>(CACHED_CHARACTERS),
    },
    plugins: [usePublicErrors(log), useRequestParameters(), useOperationName(), useLimits(limits)],
  } satisfies YogaServerOptions<TransportContext, object>;
}

/** Names the operation in the log line of its request. */
function useOperationName(): Plugin<TransportContext> {
  return {
    onParse() {
      return ({ result, context: { trace, params } }) => {
        if (!trace || !result || result instanceof Error) return;
        const name = getOperationAST(result as DocumentNode, params.operationName)?.name?.value;
        if (name !== undefined) trace.operationName = withoutSecrets(name).slice(0, 100);
      };
    },
  };
}
