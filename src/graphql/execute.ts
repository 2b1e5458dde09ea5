import {
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  getOperationAST,
  type GraphQLError,
  locatedError,
} from "graphql";
import { failureOf } from "../db/errors.ts";
import type { Rights } from "../authz/rights.ts";
import type { NewMemory } from "../memory/spare-memory.ts";
import type { Happening } from "../events/event.ts";
import { Context } from "./context.ts";
import type { ContextParts } from "./context-parts.ts";
import { publicErrorOf } from "./errors.ts";

/** What one request brings to its execution. */
export interface RequestParts extends ContextParts {
  /** Takes what the caller did that no transaction of a mutation has written to the log. */
  readonly record: (caller: Rights, happenings: readonly Happening[]) => Promise<void>;
}

/** A result, and how it becomes JSON in UTF-8: lists that were read as such are put in only then. */
export interface Answer extends ExecutionResult {
  /** Whether nobody is to learn anything by how long the answer takes. */
  readonly isOnBeat: boolean;
  readonly toBytes: (result: ExecutionResult, newMemory: NewMemory) => Buffer;
}

/** How often a query is read again when a definition was changed under its snapshot. */
const ATTEMPTS = 6;

/**
 * Executes a document for one request. A query is read from one snapshot, which has ended before the
 * answer is sent: nothing that waits for a client holds a transaction. What is to be logged of it is written
 * before the answer is sent, too.
 */
export async function executeRequest(args: ExecutionArgs, parts: RequestParts): Promise<Answer> {
  const isQuery = getOperationAST(args.document, args.operationName)?.operation === "query";
  for (let attempt = 1; ; attempt += 1) {
    const context = new Context(parts);
    const result = await executeOnce(args, context);
    if (!isQuery || attempt === ATTEMPTS || !isOutdated(result)) {
      context.notes.addDenials(args, result.errors ?? []);
      for (const [doer, its] of context.notes.byDoer) await parts.record(doer, its);
      return {
        ...published(result),
        isOnBeat: context.isOnBeat,
        toBytes: (...whole) => context.stringify(...whole),
      };
    }
  }
}

async function executeOnce(args: ExecutionArgs, context: Context): Promise<ExecutionResult> {
  try {
    await context.beginSnapshot();
    return await execute({ ...args, contextValue: context });
  } catch (error) {
    const known = publicErrorOf(error);
    if (!known) throw error;
    return { errors: [known] };
  } finally {
    // Nobody has to wait for it: a snapshot leaves nothing behind.
    void context.end();
  }
}

/** Gives errors of the database the words that callers may hear; others pass as they are. */
function published({ errors, ...result }: ExecutionResult): ExecutionResult {
  return errors ? { ...result, errors: errors.map(publishedError) } : result;
}

function publishedError(error: GraphQLError): GraphQLError {
  const known = publicErrorOf(error.originalError);
  return known ? locatedError(known, error.nodes, error.path) : error;
}

/** Whether the snapshot still named a table or view that had been changed before it was read. */
function isOutdated({ errors = [] }: ExecutionResult): boolean {
  return errors.some(({ originalError }) => failureOf(originalError) === "RETRY");
}
