import { createApp } from "../../../../src/app.ts";
import type { Database } from "../../../../src/db/database.ts";
import { createLog } from "../../../../src/http/log.ts";

/** The instant of every request, so that twins differ in no time. */
const NOW = new Date("2026-01-01T00:00:00.000Z");

/** An answer as it was sent. */
export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Who asks, and with which roles in effect; null: all that the key has. */
export interface As {
  readonly key: string;
  readonly roles: readonly string[] | null;
}

/** One document with its variables. */
export interface Document {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An API over a database. */
export type Client = ReturnType<typeof clientOf>;

/** An API over a database, whose clock stands still. */
export function clientOf(database: Database) {
  const app = createApp({ database, log: createLog("silent"), now: () => NOW });

  const send = async ({ key, roles }: As, document: Document): Promise<Sent> => {
    const narrowed = roles && { "x-fieldgate-roles": roles.join(",") };
    const init = {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": key, ...narrowed },
      body: JSON.stringify(document),
    };
    const transport = { requestId: "test", trace: {} };
    const response = await app.fetch("http://fieldgate.test/graphql", init, transport);
    const headers = Object.fromEntries(response.headers);
    return { status: response.status, headers, text: await response.text() };
  };

  /** A mutation that has to succeed. */
  const must = async <Payload>(key: string, field: string, input: object, selection: string) => {
    const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input!`;
    const query = `mutation ($input: ${type}) { ${field}(input: $input) { ${selection} } }`;
    const { text } = await send({ key, roles: null }, { query, variables: { input } });
    const { data, errors } = JSON.parse(text) as {
      data: Record<string, Payload>;
      errors?: unknown;
    };
    if (errors) throw new Error(`The document failed: ${text}`);
    return data[field] as Payload;
  };

  return { database, send, must };
}
