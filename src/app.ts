import type { ExecutionArgs } from "graphql";
import { createYoga, type Plugin, type YogaInitialContext } from "graphql-yoga";
import type { Database } from "./db/database.ts";
import { createPrisma, type PrismaClient, type PrismaFor } from "./db/prisma.ts";
import { lockRights } from "./db/rights-lock.ts";
import { begin } from "./db/transaction.ts";
import type { OpenSession } from "./graphql/context.ts";
import { UnauthenticatedError } from "./graphql/errors.ts";
import { executeRequest } from "./graphql/execute.ts";
import type { Log } from "./http/log.ts";
import type { TransportContext } from "./http/transport.ts";
import { yogaOptions } from "./http/yoga-options.ts";
import { CredentialError, narrowedRoles, presentedCredential } from "./identity/credential.ts";
import { identify, type Presented, reachOf } from "./identity/identify.ts";
import { type KeyUse, recordUse } from "./identity/key-use.ts";
import { rightsOfPresented } from "./identity/presented-key.ts";
import { schema } from "./schema.ts";

/** All that the API needs from outside. */
export interface Ports {
  readonly database: Database;
  readonly log: Log;
  /** The clock by which keys expire. */
  readonly now?: () => Date;
}

/** The API as one function from a request to its answer, for the server and for every test. */
export function createApp({ database, log, now = () => new Date() }: Ports) {
  const options = yogaOptions(log);
  return createYoga<TransportContext>({
    ...options,
    schema,
    plugins: [...options.plugins, useSessions({ database, log, now })],
  });
}

/** Executes every document with the caller that its request proves, in transactions of its own. */
function useSessions({ database, log, now: clock }: Required<Ports>): Plugin {
  const prismaFor = createPrisma();
  return {
    onExecute: ({ setExecuteFn }) => {
      setExecuteFn(async (args: ExecutionArgs) => {
        const { request, requestId } = args.contextValue as YogaInitialContext & TransportContext;
        const now = clock();
        const { open, dueUse } = sessionsOf(request.headers, { database, prismaFor, now });
        const result = await executeRequest(args, { requestId, now, open });
        await recordDueUse(dueUse(), { database, log, now });
        return result;
      });
    },
  };
}

interface SessionParts {
  readonly database: Database;
  readonly prismaFor: PrismaFor;
  readonly now: Date;
}

/** A request is answered whether or not the use of its key could be recorded. */
async function recordDueUse(
  use: KeyUse | null,
  { database, log, now }: { database: Database; log: Log; now: Date },
): Promise<void> {
  if (!use) return;
  await recordUse(database, use, now).catch((error: unknown) =>
    log.warn({ err: error }, "The use of a key was not recorded."),
  );
}

/** The transactions of one request. */
interface Sessions {
  readonly open: OpenSession;
  /** The key that the first of them proved, where its use is to be recorded. */
  readonly dueUse: () => KeyUse | null;
}

/** How a request opens its transactions: each proves the credential anew. */
function sessionsOf(headers: Headers, { database, prismaFor, now }: SessionParts): Sessions {
  let due: KeyUse | null = null;
  const open: OpenSession = async (mode) => {
    const presented = presentedOrRefused(headers);
    const reach = { ...reachOf(presented), mode: mode === "snapshot" ? mode : "write" } as const;
    const transaction = await begin(database, reach);
    try {
      const isLocking = mode === "keep" || mode === "change";
      if (isLocking && reach.role === "fieldgate_member") await lockRights(transaction, mode);
      const { dueUse, ...caller } = await identify(transaction, presented, now);
      due ??= dueUse;
      let prisma: PrismaClient | null = null;
      return {
        ...caller,
        transaction,
        get prisma() {
          return (prisma ??= prismaFor(transaction));
        },
        rightsOfKey: (text) => rightsOfPresented(transaction, text, now),
      };
    } catch (error) {
      await transaction.rollback();
      throw refused(error);
    }
  };
  return { open, dueUse: () => due };
}

function presentedOrRefused(headers: Headers): Presented {
  try {
    return { credential: presentedCredential(headers), narrowedTo: narrowedRoles(headers) };
  } catch (error) {
    throw refused(error);
  }
}

/** A bad credential is the caller's fault; a database out of reach is not. */
function refused(error: unknown): unknown {
  return error instanceof CredentialError ? new UnauthenticatedError(error) : error;
}
