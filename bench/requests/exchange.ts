import { Agent, request as send } from "node:http";

/** A request as it is sent. */
export interface HttpRequest {
  readonly url: string;
  /** Null: a GET without one. */
  readonly body: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** What came back, and the milliseconds from sending the request to the last byte of its answer. */
export interface Exchange {
  readonly body: Buffer;
  readonly ms: number;
}

/** Connections are kept, but for less long than servers keep them: one is never cut in use. */
const agent = new Agent({ keepAlive: true, timeout: 3_000 });

/**
 * Sends a request and takes its whole answer, unparsed. `fetch` would add to both sides of a comparison
 * what it costs itself.
 *
 * @throws {Error} for any answer but 200.
 */
export async function exchange({ url, body, headers }: HttpRequest): Promise<Exchange> {
  const method = body === null ? "GET" : "POST";
  const length = body === null ? {} : { "content-length": Buffer.byteLength(body) };
  return await new Promise((resolve, reject) => {
    const begun = performance.now();
    const sent = send(url, { agent, method, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const ms = performance.now() - begun;
        const answer = Buffer.concat(chunks);
        if (response.statusCode === 200) resolve({ body: answer, ms });
        else reject(new Error(`${url} answered ${response.statusCode}: ${answer.toString()}`));
      });
    });
    sent.on("error", reject);
    sent.end(body ?? undefined);
  });
}
