import type { IdentityMessage } from "./identity-message.ts";

/** Where the program says what went wrong. */
interface Notices {
  warn(line: object, message: string): void;
}

/** Takes one message to whom it is for. It fails where it could not. */
export type Send = (message: IdentityMessage) => Promise<void>;

/** How often a message is tried, and how long after the first time; each time it waits twice as long. */
const TRIES = 4;
const FIRST_WAIT_MS = 1_000;

/**
 * Sends what users are to be told, in the background: nobody learns by the time of an answer whether there was
 * something to send. A message that cannot be sent is given up, and whoever waits for it asks for another.
 */
export class Courier {
  readonly #send: Send;
  readonly #log: Notices;
  readonly #under = new Set<Promise<void>>();

  constructor(send: Send, log: Notices) {
    this.#send = send;
    this.#log = log;
  }

  deliver(message: IdentityMessage): void {
    const sending = this.#try(message).finally(() => this.#under.delete(sending));
    this.#under.add(sending);
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await Promise.all(this.#under);
  }

  async #try(message: IdentityMessage): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await this.#send(message);
      } catch (error) {
        if (tried === TRIES) {
          const { kind, userId } = message;
          return this.#log.warn({ err: error, kind, userId }, "A message to a user was not sent.");
        }
        await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** (tried - 1)));
      }
    }
  }
}
