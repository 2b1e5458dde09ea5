import { parse } from "graphql";
import type { Database } from "../db/database.ts";
import { Journal } from "../events/journal.ts";
import { executeRequest } from "../graphql/execute.ts";
import { freshMemory } from "../memory/spare-memory.ts";
import { schema } from "../schema.ts";
import { operatorTransactions } from "../caller-transactions.ts";
import { tell } from "./print.ts";

/** Sends a document to the API as the operator. Its errors are thrown, the first of them. */
export type AskAsOperator = <Data>(query: string, variables?: object) => Promise<Data>;

const say = (_line: object, message: string) => tell(message);

/** What goes wrong with events is told to whoever runs the command. */
export const TOLD = { info: say, warn: say, error: say };

/** The API of a tenant for commands: the same schema, decisions and transactions, without HTTP. */
export function asOperator(database: Database, tenantId: string): AskAsOperator {
  const open = operatorTransactions(database, tenantId);
  const journal = new Journal({ database, log: TOLD, now: () => new Date() });
  return async <Data>(query: string, variables: object = {}) => {
    const now = new Date();
    const answer = await executeRequest(
      { schema, document: parse(query), variableValues: { ...variables } },
      {
        requestId: "operator",
        now,
        open,
        record: (caller, happenings) => journal.record(caller, happenings, { at: now, ip: null }),
      },
    );
    const [error] = answer.errors ?? [];
    if (error) throw error.originalError ?? error;
    const bytes = answer.toBytes(answer, freshMemory);
    return (JSON.parse(bytes.toString()) as { data: Data }).data;
  };
}
