import type { IdentityMessage } from "../identity/message/identity-message.ts";

/** What one attempt at a mutation says of itself, besides what it writes. */
export class Doing {
  /** The id of what it is about, where its input does not name it. */
  target: string | null = null;
  /** Why it did nothing. */
  reason: string | null = null;
  /** Whether it ends the credential of the request. */
  isLeaving = false;
  /** What users are to be told when it has committed. */
  readonly outbox: IdentityMessage[] = [];
}
