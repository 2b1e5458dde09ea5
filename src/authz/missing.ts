/** The gates that a request passes, in the order in which they are asked. */
export type Gate = "PERMISSION" | "LEVEL" | "SPACE" | "DATA" | "RESTRICTION";

/** What a caller lacks on a thing that it knows. */
export interface Missing {
  readonly gate: Gate;
  /** The permission, or the action and the name of what it is lacking on. */
  readonly name: string;
}
