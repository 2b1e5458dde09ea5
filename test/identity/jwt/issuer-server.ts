import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** An identity provider on this machine, as far as it publishes keys. */
export class IssuerServer {
  /** How often its keys were asked for. */
  asked = 0;
  /** How many connections it was sent, whatever for. */
  connections = 0;
  answer: RequestListener;
  readonly #server: Server;

  private constructor(answer: RequestListener) {
    this.answer = answer;
    this.#server = createServer((request, response) => {
      this.asked += 1;
      this.answer(request, response);
    }).on("connection", () => {
      this.connections += 1;
    });
    // A test that forgets it ends all the same.
    this.#server.unref();
  }

  static async start(answer: RequestListener): Promise<IssuerServer> {
    const server = new IssuerServer(answer);
    await server.listen(0);
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get jwksUrl(): string {
    return `http://127.0.0.1:${this.port}/keys`;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}

/** Answers with a JSON Web Key Set. */
export const publishing =
  (...keys: readonly object[]): RequestListener =>
  (_request, response) => {
    response.end(JSON.stringify({ keys }));
  };

/** Answers with this body and status. */
export const answering =
  (
    body: string | Buffer,
    status = 200,
    headers: Readonly<Record<string, string>> = {},
  ): RequestListener =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
