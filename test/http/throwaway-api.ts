import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { GraphQLError } from "graphql";
import { createSchema, createYoga } from "graphql-yoga";
import { createLog } from "../../src/http/log.ts";
import { serve } from "../../src/http/server.ts";
import type { TransportContext } from "../../src/http/exchange.ts";
import { createTransport, type TransportOptions } from "../../src/http/transport.ts";
import { yogaOptions } from "../../src/http/yoga-options.ts";

const typeDefs = /* GraphQL */ `
  type Query {
    hello(name: String): String
    context: String
    shaped(shape: Shape = ROUND): String
    number(of: Int!): Int
    page(first: Int = 20): Page!
    nodes(ids: [ID!]!): [Thing]
    broken: String
    brokenRequired: String!
    wrongValue: Int
    forbidden: String
    unauthenticated: String
    unavailable: String
    huge: String
    unserializable: Untyped
    slow(ms: Int!): String
    late(ms: [Int!]!): [String]
  }
  type Mutation {
    change: String
    createThings(things: [ThingInput!]!): [Thing!]!
  }
  type Subscription {
    ticks: Int
  }
  enum Shape {
    ROUND
    SQUARE
  }
  input ThingInput {
    name: String
    within: ThingInput
  }
  scalar Untyped
  type Page {
    nodes: [Thing!]!
  }
  type Thing {
    id: ID
    name: String
    page(first: Int): Page
  }
`;

function fail(code: string, http?: object): never {
  throw new GraphQLError(`This is ${code}.`, { extensions: { code, ...(http && { http }) } });
}

const resolvers = {
  Query: {
    hello: (_: unknown, { name }: { name?: string }) => `Hello, ${name ?? "you"}`,
    context: (_: unknown, __: unknown, context: TransportContext) => context.requestId,
    number: (_: unknown, { of }: { of: number }) => of,
    page: () => ({ nodes: [] }),
    nodes: () => [],
    broken: () => {
      throw new Error("password=hunter2 at 10.0.0.1");
    },
    brokenRequired: () => null,
    wrongValue: () => "not a number, but a secret",
    late: (_: unknown, { ms }: { ms: readonly number[] }) =>
      ms.map(async (each) => {
        await wait(each);
        fail("FORBIDDEN");
      }),
    forbidden: () => fail("FORBIDDEN", { status: 403 }),
    unauthenticated: () => fail("UNAUTHENTICATED", { status: 401 }),
    unavailable: () => {
      const error = new GraphQLError("Later.", { extensions: { code: "UNAVAILABLE" } });
      error.cause = new Error("connect ECONNREFUSED 10.0.0.1");
      throw error;
    },
    huge: () => "x".repeat(65 * 1024 * 1024),
    unserializable: () => 1n,
    slow: (_: unknown, { ms }: { ms: number }) =>
      new Promise((resolve) => {
        setTimeout(() => resolve("done"), ms);
      }),
  },
  Mutation: { change: () => "changed", createThings: () => [] },
  Subscription: {
    ticks: {
      subscribe: async function* ticks() {
        yield { ticks: 1 };
        throw new Error("password=hunter2");
      },
    },
  },
};

/** An API of no use, behind the real transport, on a real socket. */
export async function openApi(options: Partial<TransportOptions> = {}) {
  const lines: string[] = [];
  const log = createLog("debug", { write: (line) => void lines.push(line) });
  const yoga = createYoga<TransportContext>({
    ...yogaOptions(log),
    schema: createSchema<TransportContext>({ typeDefs, resolvers }),
  });
  const transport = createTransport(yoga, { log, ready: async () => true, ...options });
  const server = await serve(transport, { host: "127.0.0.1", port: 0 });
  return {
    ...server,
    url: `${server.address}/graphql`,
    log: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    post: (body: unknown, headers: Record<string, string> = {}) =>
      ask(`${server.address}/graphql`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    ask: (path: string, init?: RequestInit) => ask(`${server.address}${path}`, init),
    raw: (text: string) => raw(Number(new URL(server.address).port), text),
  };
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Answer;
}

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly unknown[];
    readonly extensions: Record<string, unknown>;
  }[];
  readonly status?: string;
}

async function ask(url: string, init?: RequestInit): Promise<Reply> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  const json = (isJson && text ? JSON.parse(text) : {}) as Answer;
  return { status: response.status, headers: response.headers, text, json };
}

/** Sends bytes as they are and reads until the server closes. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    socket.on("data", (data) => (answer += data.toString()));
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
    socket.write(text);
  });
}
