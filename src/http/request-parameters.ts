import type { IncomingMessage } from "node:http";
import { GraphQLError } from "graphql";
import type { GraphQLParams, Plugin } from "graphql-yoga";
import { MAX_BODY_BYTES } from "./refusal.ts";

/**
 * Reads the parameters of a request: JSON, in UTF-8, of a bounded size, and nothing else.
 *
 * The server's own reader is not used. It takes bytes that are no UTF-8 and forms; where a body turns out
 * too large it leaves the connection unread, so that the next request on it waits for ever; and JSON that
 * is malformed in an address is a fault of ours to it.
 */
export function useRequestParameters(): Plugin<object, { req?: IncomingMessage }> {
  return {
    onRequestParse({ request, url, serverContext, setRequestParser }) {
      if (request.method === "GET") {
        for (const name of ["variables", "extensions"]) {
          parseJson(url.searchParams.get(name) || "null", `The parameter ${name} of the address`);
        }
      }
      if (request.method === "POST") {
        setRequestParser(async () => {
          const { req } = serverContext;
          const bytes = req ? await readBody(req) : await request.arrayBuffer();
          return parseJson(decode(bytes), "The request body") as GraphQLParams;
        });
      }
    },
  };
}

/** The whole body. One that turns out too large is refused at once, read to its end and forgotten. */
function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.byteLength;
      if (length <= MAX_BODY_BYTES) {
        chunks.push(chunk);
      } else {
        chunks = [];
        reject(refused("LIMIT_EXCEEDED", 413, "The request body is larger than 16 MiB."));
      }
    });
    request.once("end", () => resolve(Buffer.concat(chunks)));
    request.once("close", () => {
      if (!request.complete) reject(refused("BAD_USER_INPUT", 400, "The request was cut off."));
    });
    request.once("error", reject);
  });
}

function decode(bytes: ArrayBuffer | Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refused("BAD_USER_INPUT", 400, "The request body is not valid UTF-8.");
  }
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refused("BAD_USER_INPUT", 400, `${what} is not valid JSON.`);
  }
}

function refused(code: string, status: number, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}
