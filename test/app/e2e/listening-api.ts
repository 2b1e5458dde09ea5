import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";
import { createApp } from "../../../src/app.ts";
import type { Database } from "../../../src/db/database.ts";
import { createLog } from "../../../src/http/log.ts";
import { serve } from "../../../src/http/server.ts";
import { createTransport } from "../../../src/http/transport.ts";
import type { AnsweredError } from "../../support/world.ts";

/** What a client got back. */
export interface Reply<Data> {
  readonly status: number;
  readonly data: Data | null;
  readonly errors: readonly AnsweredError[];
}

/** Who asks: the text of a key, or nobody; and what else the request says. */
export interface Caller {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: "GET" | "POST";
}

/** An API on a socket of its own, and a client that knows the types of its documents. */
export type ListeningApi = Awaited<ReturnType<typeof listeningApi>>;

/** Serves the API on a free port. */
export async function listeningApi(database: Database) {
  const log = createLog("silent");
  const app = createApp({ database, log });
  const transport = createTransport(app, { log, ready: async () => true });
  const server = await serve(transport, { host: "127.0.0.1", port: 0 });
  const url = `${server.address}/graphql`;

  /** Sends one document and takes whatever comes back. */
  const run = async <Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    { key, headers, method = "POST" }: Caller = {},
  ): Promise<Reply<Data>> => {
    const query = print(document);
    const presented = { ...(key === undefined ? {} : { "x-api-key": key }), ...headers };
    const response =
      method === "GET"
        ? await fetch(withQuery(url, query, variables), { headers: presented })
        : await fetch(url, {
            method,
            headers: { "content-type": "application/json", ...presented },
            body: JSON.stringify({ query, variables }),
          });
    const { data = null, errors = [] } = (await response.json()) as Partial<Reply<Data>>;
    return { status: response.status, data, errors };
  };

  /** Sends one document that has to succeed. */
  const ask = async <Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
    caller?: Caller,
  ): Promise<Data> => {
    const { data, errors } = await run(document, variables, caller);
    if (!data || errors.length > 0) throw new Error(`It failed: ${JSON.stringify(errors)}`);
    return data;
  };

  return { url, run, ask, close: () => server.close() };
}

function withQuery(url: string, query: string, variables: unknown): URL {
  const asked = new URL(url);
  asked.searchParams.set("query", query);
  asked.searchParams.set("variables", JSON.stringify(variables));
  return asked;
}
