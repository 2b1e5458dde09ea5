import type { EventKey } from "../events/event-key.ts";
import type { IdentityMessage } from "../identity/message/identity-message.ts";
import type { OpenCallerTransaction } from "./caller-transaction.ts";

/** What is known of the device that a request comes from. */
export interface Device {
  /** The mark of an earlier login, as it is presented; null: none is. */
  readonly mark: string | null;
  /** Has the device keep a mark. */
  readonly keep: (mark: string) => void;
}

/** A device of which nothing is known, and that keeps nothing. */
export const UNKNOWN_DEVICE: Device = { mark: null, keep: () => undefined };

/** What a request brings with it. */
export interface ContextParts {
  readonly requestId: string;
  readonly now: Date;
  readonly open: OpenCallerTransaction;
  /** The address that it came from; null for the command line. */
  readonly ip?: string | null;
  /** The key under which events are sealed; null where nobody can ask whether they are whole. */
  readonly eventKey?: EventKey | null;
  /** Whether keys of issuers may be fetched from private addresses. */
  readonly allowPrivate?: boolean;
  /** The device that the request comes from; one of which nothing is known, unless given. */
  readonly device?: Device;
  /** Sends what users are to be told; nobody is told anything unless given. */
  readonly deliver?: (message: IdentityMessage) => void;
}
