import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A server that listens. */
export interface HttpServer {
  /** Where it listens, as a URL without a path. */
  readonly address: string;
  /**
   * Stops accepting, closes idle connections at once, lets requests in flight finish for a grace period,
   * then cuts what is left. Calling it again waits for the same end.
   */
  close(): Promise<void>;
}

/** Where to listen. */
export interface Place {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** How long requests in flight may take to finish on `close`; 10 seconds unless told otherwise. */
  readonly graceMs?: number;
}

/** The server cannot listen where it was told to. The message says what to do. */
export class ListenError extends Error {
  override readonly name: string = "ListenError";
}

/** Another process listens there. */
export class PortBusyError extends ListenError {
  override readonly name = "PortBusyError";
}

/** The system does not let this process listen there. */
export class PortForbiddenError extends ListenError {
  override readonly name = "PortForbiddenError";
}

/** The host is not an address of this machine. */
export class HostUnknownError extends ListenError {
  override readonly name = "HostUnknownError";
}

/**
 * A client has this long to send a head. How long it has for the rest depends on what it sends; see `begin`. Of a
 * header that comes twice Node would keep the first and hide the other: two credentials would look like one.
 */
const OPTIONS = {
  joinDuplicateHeaders: true,
  headersTimeout: 10_000,
  requestTimeout: 0,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 5_000,
};

const SWEEP_MS = 50;

/**
 * Serves HTTP.
 *
 * @throws {ListenError} one of its kinds, if the place is taken, forbidden or not of this machine.
 */
export async function serve(handler: RequestListener, place: Place): Promise<HttpServer> {
  const server = createServer(OPTIONS, handler);
  const unused = unusedConnections(server);
  await listen(server, place);
  let closed: Promise<void> | null = null;
  return {
    address: addressOf(server),
    close: () => (closed ??= close(server, unused, place.graceMs ?? 10_000)),
  };
}

/**
 * Looks whether a server could listen at a place now.
 *
 * @throws {ListenError} as `serve` does.
 */
export async function requirePlace(place: Place): Promise<void> {
  const server = createServer();
  await listen(server, place);
  server.close();
  await once(server, "close");
}

async function listen(server: Server, { host, port }: Place): Promise<void> {
  server.listen({ host, port });
  try {
    await once(server, "listening");
  } catch (error) {
    throw listenError(error as NodeJS.ErrnoException, host, port);
  }
}

async function close(server: Server, unused: Iterable<Socket>, graceMs: number): Promise<void> {
  const closed = once(server, "close");
  server.close();
  for (const socket of unused) socket.destroy();
  // A connection kept alive turns idle when its request is finished; nothing else closes it soon.
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}

/** Connections without a request yet, as browsers open ahead; Node counts them as busy. */
function unusedConnections(server: Server): Iterable<Socket> {
  const unused = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    unused.add(socket);
    socket.once("close", () => unused.delete(socket));
  });
  server.on("request", (request) => unused.delete(request.socket));
  return unused;
}

function addressOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const cause = { cause: error };
  if (error.code === "EADDRINUSE") {
    return new PortBusyError(
      `Port ${port} on ${host} is in use. Stop what listens there, or set PORT to another port.`,
      cause,
    );
  }
  if (error.code === "EACCES") {
    return new PortForbiddenError(
      `Listening on port ${port} is not allowed. Set PORT to one above 1023.`,
      cause,
    );
  }
  if (UNKNOWN_HOST.has(error.code ?? "")) {
    return new HostUnknownError(
      `${host} is not an address of this machine. Set HOST to 127.0.0.1, or to 0.0.0.0 for every interface.`,
      cause,
    );
  }
  return error;
}

const UNKNOWN_HOST: ReadonlySet<string> = new Set(["ENOTFOUND", "EAI_AGAIN", "EADDRNOTAVAIL"]);
