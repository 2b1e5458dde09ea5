import { GraphQLError, type GraphQLSchema, type ExecutionResult } from "graphql";
import { isAsyncIterable, mapAsyncIterator, type Plugin } from "graphql-yoga";
import { freshMemory, type NewMemory } from "../memory/spare-memory.ts";
import { allowedNames } from "./allowed-names.ts";
import type { Log } from "./log.ts";
import { InternalError, maskError } from "./mask-error.ts";
import type { TransportContext } from "./exchange.ts";

/** The largest answer, in bytes. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** A failure that comes once for each of ten thousand rows needs no ten thousand lines. */
const MAX_LOGGED = 5;

/**
 * HTTP statuses of errors that end the whole request. With any other code it is 400, or 200 for a client
 * that asks for plain JSON, as GraphQL over HTTP has it.
 */
export const STATUS: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
  INTERNAL: 500,
};

type Result = ExecutionResult & {
  toBytes?: (result: ExecutionResult, newMemory: NewMemory) => Buffer;
};

/** What is known where a result leaves. */
interface Leaving {
  readonly requestId: string;
  readonly log: Log;
  readonly schema: GraphQLSchema | null;
}

/**
 * The one gate through which errors leave: each is masked, says what is allowed in the place of an unknown
 * name, carries the id of its request, and where it is our fault is logged whole under that id.
 */
export function usePublicErrors(log: Log): Plugin<object, TransportContext> {
  let schema: GraphQLSchema | null = null;
  return {
    onSchemaChange(hook) {
      schema = hook.schema as GraphQLSchema;
    },
    onRequest({ fetchAPI, serverContext, ...hook }) {
      const handle = hook.requestHandler;
      hook.setRequestHandler(async (request, context) => {
        try {
          return await handle(request, context);
        } catch (error) {
          // Without this the server's answer would be the stack.
          const { requestId } = serverContext;
          const body = publish({ errors: [maskError(error)] }, { requestId, log, schema });
          const headers = { "Content-Type": "application/json; charset=utf-8" };
          return new fetchAPI.Response(JSON.stringify(body), { status: 500, headers });
        }
      });
    },
    onResultProcess(hook) {
      const { result } = hook;
      const { requestId } = hook.serverContext;
      const leaving = { requestId, log, schema };
      if (isAsyncIterable(result)) {
        hook.setResult(mapAsyncIterator(result, (item: Result) => publish(item, leaving)));
      } else if (!Array.isArray(result)) {
        hook.setResult({
          ...publish(result, leaving),
          stringify: stringifier(result, hook.serverContext),
        });
      }
    },
  };
}

function publish(result: Result, leaving: Leaving): Result {
  if (!result.errors) return result;
  const { requestId, log } = leaving;
  const masked = result.errors.toSorted(byPlace).map(maskError);
  for (const error of masked.filter(isToBeLogged).slice(0, MAX_LOGGED)) {
    log[levelOf(error)]({ err: error.cause, requestId, path: error.path }, "request failed");
  }
  const isWhole = result.data === undefined;
  return { ...result, errors: masked.map((error) => withRequest(error, leaving, isWhole)) };
}

/**
 * As they stand in the document, and in their list: in which order fields failed tells how long others took, of what is
 * not shown too.
 */
function byPlace(one: GraphQLError, other: GraphQLError): number {
  const [places, others] = [placeOf(one), placeOf(other)];
  const differing = places.findIndex((place, at) => place !== others[at]);
  return (places[differing] ?? 0) - (others[differing] ?? 0);
}

/** Line and column of the field, and the places in lists that lead to it. */
function placeOf({ locations, path = [] }: GraphQLError): readonly number[] {
  const { line = 0, column = 0 } = locations?.[0] ?? {};
  return [line, column, ...path.filter((step) => typeof step === "number")];
}

/** Why a credential was refused is told before, in as long whatever it was. */
function isToBeLogged({ cause, extensions }: GraphQLError): boolean {
  return cause !== undefined && extensions["code"] !== "UNAUTHENTICATED";
}

/** What keeps requests from being served is worth a look; a cause that is the caller's is not. */
function levelOf(error: GraphQLError): "error" | "warn" | "debug" {
  if (error instanceof InternalError) return "error";
  return error.extensions["code"] === "UNAVAILABLE" ? "warn" : "debug";
}

/** The error with the request's id; with an HTTP status only if it is the whole request's. */
function withRequest(error: GraphQLError, leaving: Leaving, isWhole: boolean): GraphQLError {
  const { http, ...extensions } = error.extensions;
  const code = String(extensions["code"]);
  const byCode = { status: STATUS[code] ?? 400, spec: !(code in STATUS) };
  const keepsHttp = isWhole || code === "UNAUTHENTICATED";
  return new GraphQLError(messageOf(error, leaving), {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    path: error.path ?? null,
    extensions: {
      ...extensions,
      requestId: leaving.requestId,
      ...(keepsHttp && { http: http ?? byCode }),
    },
  });
}

function messageOf(error: GraphQLError, { requestId, schema }: Leaving): string {
  const { message } = error;
  if (error instanceof InternalError) {
    return `${message} Give this id to your operator: ${requestId}.`;
  }
  const allowed = schema && allowedNames(schema, message);
  return allowed ? `${message} ${allowed}` : message;
}

/**
 * JSON, unless it would be too large; then an error instead, before the first byte is sent. Yoga hands what it gets
 * to its Response, which takes bytes as it takes text.
 */
function stringifier(
  { toBytes = jsonOf }: Result,
  { requestId, newMemory = freshMemory }: TransportContext,
) {
  return (result: ExecutionResult): string => {
    const bytes = bytesOf(() => toBytes(result, newMemory));
    if (bytes && bytes.byteLength <= MAX_ANSWER_BYTES) return bytes as unknown as string;
    const message = "The answer would be larger than 64 MiB. Ask for fewer rows or fewer columns.";
    return JSON.stringify({
      errors: [{ message, extensions: { code: "LIMIT_EXCEEDED", requestId } }],
    });
  };
}

const jsonOf = (result: ExecutionResult): Buffer => Buffer.from(JSON.stringify(result));

/** Null where it is longer than any text can be. */
function bytesOf(stringify: () => Buffer): Buffer | null {
  try {
    return stringify();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
