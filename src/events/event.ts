import type { Principal } from "../authz/principal.ts";

/** How what an event tells of ended. */
export type Outcome = "ALLOWED" | "DENIED" | "FAILED";

/** What happened, whoever did it. */
export interface Happening {
  /** The permission of the method; `system::…` where no method was called, `custom::…` of the tenant's own. */
  readonly name: string;
  readonly outcome: Outcome;
  /** The id of the thing that it is about, as the API shows it. */
  readonly target: string | null;
  /** Of what was refused: a code, or the gate and what was missing there. Never a secret or a cell. */
  readonly reason: string | null;
  /** JSON, of a custom event alone. */
  readonly data?: string | null;
}

/** Whose doing it is, and when and from where. */
export interface Doer {
  readonly principal: Principal;
  readonly at: Date;
  /** The address of the other end of the connection; null for the command line. */
  readonly ip: string | null;
}

/** An event that is to be written. */
export interface NewEvent extends Happening, Doer {
  /** How often it happened. */
  readonly count: number;
}
