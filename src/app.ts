import type { ExecutionArgs } from "graphql";
import { createYoga, type Plugin, type YogaInitialContext } from "graphql-yoga";
import type { Database } from "./db/database.ts";
import { createPrisma } from "./db/prisma.ts";
import { executeRequest } from "./graphql/execute.ts";
import type { Log } from "./http/log.ts";
import type { TransportContext } from "./http/transport.ts";
import { yogaOptions } from "./http/yoga-options.ts";
import { type KeyUse, recordUse } from "./identity/key-use.ts";
import { schema } from "./schema.ts";
import { requestSessions } from "./sessions.ts";

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
        const { open, dueUse } = requestSessions(request.headers, { database, prismaFor, now });
        const result = await executeRequest(args, { requestId, now, open });
        await recordDueUse(dueUse(), { database, log, now });
        return result;
      });
    },
  };
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
