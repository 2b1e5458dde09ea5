import { parse } from "graphql";
import type { Database } from "../db/database.ts";
import { executeRequest } from "../graphql/execute.ts";
import { schema } from "../schema.ts";
import { operatorSessions } from "../sessions.ts";

/** Sends a document to the API as the operator. Its errors are thrown, the first of them. */
export type AskAsOperator = <Data>(query: string, variables?: object) => Promise<Data>;

/** The API of a tenant for commands: the same schema, decisions and transactions, without HTTP. */
export function asOperator(database: Database, tenantId: string): AskAsOperator {
  const open = operatorSessions(database, tenantId);
  return async <Data>(query: string, variables: object = {}) => {
    const { data, errors } = await executeRequest(
      { schema, document: parse(query), variableValues: { ...variables } },
      { requestId: "operator", now: new Date(), open },
    );
    const [error] = errors ?? [];
    if (error) throw error.originalError ?? error;
    return data as Data;
  };
}
