import type { Duplex } from "node:stream";
import {
  fatal,
  NOT_ENCRYPTED,
  ProtocolError,
  type Request,
  RequestReader,
  type Unit,
} from "./wire.ts";

/** Milliseconds that a client gets to read why it was cut, before its connection is destroyed. */
const FAREWELL_MS = 1_000;

/** What a client tells the relay. */
export interface RelayClientEvents {
  started(client: RelayClient): void;
  asked(client: RelayClient): void;
  left(client: RelayClient): void;
}

/** One wire connection: what it asked for and has not been given yet, and whether it is still there. */
export class RelayClient {
  readonly units: Unit[] = [];
  hasLeft = false;
  /** An answer has begun and not ended, so no other message may be put behind it. */
  isAmidAnswer = false;
  #stream: Duplex;
  #events: RelayClientEvents;
  #reader = new RequestReader();
  #idle: NodeJS.Timeout | undefined;

  constructor(stream: Duplex, events: RelayClientEvents) {
    this.#stream = stream;
    this.#events = events;
    stream.on("data", (piece: Buffer) => this.#read(piece));
    stream.on("error", () => this.#leave());
    stream.on("end", () => this.#leave());
    stream.on("close", () => this.#leave());
  }

  /** Bytes that the client is slow to take wait in memory: the database never waits for a client. */
  send(bytes: Uint8Array): void {
    if (!this.hasLeft) this.#stream.write(bytes);
  }

  /** Cuts the client unless it asks for something within so many milliseconds. */
  expectWithin(ms: number, onIdle: () => void): void {
    const timer = setTimeout(() => {
      // Once around the loop, for bytes that came while this thread was too busy to read them.
      setImmediate(() => this.#idle === timer && onIdle());
    }, ms);
    this.#idle = timer;
  }

  /** Disconnects, and says why (`code` is an SQLSTATE) unless that would fall into an answer. */
  cut(code: string, reason: string): void {
    if (this.hasLeft) return;
    this.#leave();
    if (this.isAmidAnswer) {
      this.#stream.destroy();
      return;
    }
    this.#stream.end(fatal(code, reason));
    setTimeout(() => this.#stream.destroy(), FAREWELL_MS).unref();
  }

  #read(piece: Buffer): void {
    if (this.hasLeft) return;
    try {
      for (const request of this.#reader.read(piece)) this.#serve(request);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.cut("08P01", error.message);
    }
  }

  #serve(request: Request): void {
    if (this.hasLeft) return;
    switch (request.kind) {
      case "encryption":
        return this.send(NOT_ENCRYPTED);
      case "startup":
        return this.#events.started(this);
      case "goodbye":
        this.#leave();
        this.#stream.end();
        return;
      case "unit":
        this.#stopIdle();
        this.units.push(request.unit);
        return this.#events.asked(this);
    }
  }

  #leave(): void {
    if (this.hasLeft) return;
    this.hasLeft = true;
    this.#stopIdle();
    this.#events.left(this);
  }

  #stopIdle(): void {
    clearTimeout(this.#idle);
    this.#idle = undefined;
  }
}
