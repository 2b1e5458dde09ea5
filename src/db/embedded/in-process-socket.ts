import { Duplex } from "node:stream";

/**
 * One end of a connection inside this process, shaped like a `net.Socket` as far as the `pg` driver
 * looks: what is written at one end is read at the other, not copied, and each end feels when the
 * other is full, done or gone.
 */
export class InProcessSocket extends Duplex {
  #peer: InProcessSocket | undefined;
  #onConnect: () => void = () => {};
  #resume: (() => void) | undefined;
  #hasEnded = false;

  private constructor() {
    super({ allowHalfOpen: false });
  }

  /** A client's end; `accept` gets the other one when the client connects. */
  static to(accept: (server: Duplex) => void): InProcessSocket {
    const client = new InProcessSocket();
    const server = new InProcessSocket();
    client.#peer = server;
    server.#peer = client;
    client.#onConnect = () => accept(server);
    return client;
  }

  /** Takes any address, as there is only one place to connect to. */
  connect(): this {
    this.#onConnect();
    process.nextTick(() => this.emit("connect"));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {
    this.#takeMore();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const peer = this.#peer;
    if (peer === undefined || peer.#hasEnded || peer.push(chunk)) done();
    else peer.#resume = done;
  }

  override _final(done: () => void): void {
    InProcessSocket.#endReading(this.#peer);
    done();
  }

  /** The other end still reads what was written before, then sees the end. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#hasEnded = true;
    this.#takeMore();
    InProcessSocket.#endReading(this.#peer);
    done(error);
  }

  #takeMore(): void {
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
  }

  static #endReading(socket: InProcessSocket | undefined): void {
    if (socket === undefined || socket.#hasEnded) return;
    socket.#hasEnded = true;
    socket.push(null);
  }
}
