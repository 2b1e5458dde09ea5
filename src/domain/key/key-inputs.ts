import { builder } from "../../graphql/builder.ts";
import { LONGEST, textFaults } from "../../graphql/input-text.ts";

/** The longest overlap of a rolled key, in seconds: 30 days. */
const LONGEST_OVERLAP = 30 * 24 * 60 * 60;

/** The most roles that one key holds. */
const MOST_ROLES = 100;

/** What a key is made of. */
export interface NewKey {
  readonly name: string;
  readonly roleIds: readonly string[];
  readonly expiresAt?: Date | null | undefined;
  readonly publishable?: boolean | null | undefined;
}

/** The input of `createKey`. */
export const CreateKeyInput = builder.inputType("CreateKeyInput", {
  description: "A new key.",
  fields: (t) => ({
    name: t.string({
      required: true,
      description: "What it is called, in 1 to 200 characters; need not be unique.",
    }),
    roleIds: t.idList({ required: true, description: "The roles that it holds: 1 to 100." }),
    expiresAt: t.field({
      type: "DateTime",
      description: "From when on it is refused; null: never.",
    }),
    publishable: t.boolean({
      description:
        "Whether it may be shown in a browser; then it holds READ rights only, whatever its roles. Off if not given.",
    }),
  }),
});

/** The input of `rollKey`. */
export const RollKeyInput = builder.inputType("RollKeyInput", {
  description: "A key to give a new secret.",
  fields: (t) => ({
    id: t.id({ required: true, description: "Which key." }),
    overlapSeconds: t.int({
      description:
        "How long the old secret still works: up to 2592000 (30 days), and not at all if not given.",
    }),
  }),
});

/** The input of `revokeKey`. */
export const RevokeKeyInput = builder.inputType("RevokeKeyInput", {
  description: "A key to revoke.",
  fields: (t) => ({
    id: t.id({ required: true, description: "Which key." }),
  }),
});

/** Everything that is wrong with a new key in itself. */
export function keyFaults({ name, roleIds, expiresAt }: NewKey, now: Date): string[] {
  const isInTime = !expiresAt || expiresAt > now;
  return [
    ...textFaults("name", name, { least: 1, most: LONGEST.label }),
    ...(roleIds.length >= 1 && roleIds.length <= MOST_ROLES
      ? []
      : [`roleIds names 1 to ${MOST_ROLES} roles.`]),
    ...(isInTime ? [] : ["expiresAt is a moment to come."]),
  ];
}

/** What is wrong with the overlap of a roll. */
export function overlapFaults(seconds: number): string[] {
  return seconds >= 0 && seconds <= LONGEST_OVERLAP
    ? []
    : [`overlapSeconds is a number from 0 to ${LONGEST_OVERLAP}.`];
}
