import type { EventKey } from "../events/event-key.ts";
import type { IdentityMessage } from "../identity/identity-message.ts";
import type { OpenSession } from "./session.ts";

/** What a request brings with it. */
export interface ContextParts {
  readonly requestId: string;
  readonly now: Date;
  readonly open: OpenSession;
  /** The address that it came from; null for the command line. */
  readonly ip?: string | null;
  /** The key under which events are sealed; null where nobody can ask whether they are whole. */
  readonly eventKey?: EventKey | null;
  /** Whether keys of issuers may be fetched from private addresses. */
  readonly allowPrivate?: boolean;
  /** Sends what users are to be told; nobody is told anything unless given. */
  readonly deliver?: (message: IdentityMessage) => void;
}
