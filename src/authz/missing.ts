import type { DataRight, Guarded } from "./access-plan.ts";

/** The gates that a request passes, in the order in which they are asked. */
export type Gate = "PERMISSION" | "LEVEL" | "SPACE" | "DATA" | "RESTRICTION";

/** What a caller lacks on a thing that it knows, as it is told. */
export interface Missing {
  readonly gate: Gate;
  /** The permission, or the action and the name of what it is lacking on. */
  readonly name: string;
}

/** The same, with what tells how near each role of the caller comes to giving it. */
export type Lacking =
  | (Missing & { readonly gate: Exclude<Gate, "DATA"> })
  | (Missing & {
      readonly gate: "DATA";
      readonly right: DataRight;
      /** What the right is on, as far as the caller knows it; null: on whatever no grant speaks of. */
      readonly on: Guarded | null;
    });
