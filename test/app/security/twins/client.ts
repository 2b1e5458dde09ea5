import { createApp } from "../../../../src/app.ts";
import type { Database } from "../../../../src/db/database.ts";
import { OutsideVerifier } from "../../../../src/identity/jwt/outside-verifier.ts";
import { Journal } from "../../../../src/events/journal.ts";
import { createLog } from "../../../../src/http/log.ts";
import { TRANSFERS } from "../../../../src/http/transfer.ts";
import { PublicError } from "../../../../src/graphql/errors.ts";
import { inOne, whole } from "../../../support/files.ts";
import { createTransfers } from "../../../../src/transfers/create-transfers.ts";

/** The cookie of the one browser that everybody uses, to which tokens are bound. */
const COOKIE = `__Host-fieldgate=${"c".repeat(43)}`;

/** The instant of every request, so that twins differ in no time. */
export const NOW = new Date("2026-01-01T00:00:00.000Z");

const now = () => NOW;

/** An answer as it was sent. */
export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Who asks, and with which roles in effect; null: all that there are. */
export interface As {
  /** The text of a key, session, token or JWT; null: nobody's. */
  readonly key: string | null;
  readonly roles: readonly string[] | null;
  /** Whom it asks, where the key does not say it. */
  readonly slug?: string;
}

/** One document with its variables. */
export interface Document {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** By the names of its fields, the files that are sent to the one-time URLs in their answers. */
  readonly files?: Readonly<Record<string, string>>;
}

/** An API over a database. */
export type Client = ReturnType<typeof clientOf>;

/** An API over a database, whose clock stands still. */
export function clientOf(database: Database) {
  const verifier = new OutsideVerifier({ now, allowPrivate: true });
  const parts = { database, log: createLog("silent"), now, verifier };
  const app = createApp(parts);
  const transfers = createTransfers({ ...parts, journal: new Journal(parts) });

  const send = async ({ key, roles, slug }: As, { query, variables }: Document): Promise<Sent> => {
    const narrowed = roles && { "x-fieldgate-roles": roles.join(",") };
    const init = {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(slug !== undefined && { "x-fieldgate-tenant": slug }),
        ...narrowed,
        cookie: COOKIE,
      },
      body: JSON.stringify({ query, variables }),
    };
    const transport = { requestId: "test", trace: {} };
    const response = await app.fetch("http://fieldgate.test/graphql", init, transport);
    const headers = Object.fromEntries(response.headers);
    return { status: response.status, headers, text: await response.text() };
  };

  /** A document that has to succeed. */
  const ask = async <Data>(
    key: string | null,
    document: Document,
    slug?: string,
  ): Promise<Data> => {
    const { text } = await send({ key, roles: null, ...(slug && { slug }) }, document);
    const { data, errors } = JSON.parse(text) as { data: Data; errors?: unknown };
    if (errors) throw new Error(`The document failed: ${text}`);
    return data;
  };

  /** A mutation that has to succeed. */
  const must = async <Payload>(
    key: string | null,
    field: string,
    input: object,
    selection: string,
  ): Promise<Payload> => {
    const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input!`;
    const query = `mutation ($input: ${type}) { ${field}(input: $input) { ${selection} } }`;
    const data = await ask<Record<string, Payload>>(key, { query, variables: { input } });
    return data[field] as Payload;
  };

  /** What stands in the place of a one-time URL in an answer: the file that it leads to, or why there is none. */
  const fetched = async (url: string): Promise<string> => {
    const presenting = { requestId: "test", ip: null, signal: new AbortController().signal };
    const download = await transfers.download(url.replace(TRANSFERS, ""), presenting);
    try {
      const { fileName, contentType, bytes } = download;
      return JSON.stringify([fileName, contentType, bytes, await whole(download)]);
    } finally {
      await download.close();
    }
  };

  /** What becomes of a file that is sent to a one-time URL. */
  const taken = async (url: string, file: string): Promise<string> => {
    const presenting = { requestId: "test", ip: null, signal: new AbortController().signal };
    const bytes = Buffer.from(file);
    const upload = { bytes: bytes.length, chunks: inOne(bytes) };
    try {
      const outcome = await transfers.upload(url.replace(TRANSFERS, ""), upload, presenting);
      return JSON.stringify(outcome);
    } catch (error) {
      if (!(error instanceof PublicError)) throw error;
      return JSON.stringify([error.message, error.extensions]);
    }
  };

  return { database, send, ask, must, fetched, taken };
}
