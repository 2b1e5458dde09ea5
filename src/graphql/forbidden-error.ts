import type { Gate, Lacking, Missing } from "../authz/missing.ts";
import { isLooking, type NearestRole, nearestRole } from "../authz/nearest-role.ts";
import type { Rights } from "../authz/rights.ts";
import { PublicError } from "./errors.ts";

/**
 * The caller knows the thing, and lacks a right on it.
 *
 * The one place that says so: what is missing, which of the caller's roles comes nearest, and what to do.
 * All three tell of the caller's own roles and of nothing else.
 */
export class ForbiddenError extends PublicError {
  readonly missing: Missing;

  /**
   * @param rights Those by which it was decided.
   * @param why What asks for the right, where that is not plain: the first half of a sentence.
   */
  constructor(rights: Rights, lacking: Lacking, why = "") {
    const { gate, name } = lacking;
    const nearest = nearestRole(rights, lacking);
    super(
      `Not allowed: ${why}${missingText(lacking)} ${adviceOn(rights, lacking, nearest)}`,
      "FORBIDDEN",
      { missing: { gate, name }, nearestRole: nearest?.name ?? null },
    );
    this.missing = { gate, name };
  }
}

/** What is missing, in words: `the permission row::get is missing.` */
export function missingText({ gate, name }: Missing): string {
  if (gate === "RESTRICTION") return `the credential is restricted here (${name}).`;
  return `${GATES[gate]} ${name} is missing.`;
}

/** What is missing, by the gate that asks for it. */
const GATES: Readonly<Record<Exclude<Gate, "RESTRICTION">, string>> = {
  PERMISSION: "the permission",
  LEVEL: "the write-table level",
  SPACE: "the space role",
  DATA: "the data right",
};

/** What to do about what no role gives. */
const BESIDES_ROLES: Readonly<Partial<Record<Gate, string>>> = {
  LEVEL: "An administrator can raise the level of one of your roles.",
  SPACE: "Whoever manages the space can raise your role in it.",
  RESTRICTION: "Its roles have more than it has. Use one that is not.",
};

const PUBLIC = "Without a key you have the role anonymous at most. Send a key whose roles have it.";
const CLOSED =
  "Registration is closed. An administrator opens it by updateTenant(openRegistration: true); or send a key that has it.";
const READ_ONLY =
  "The key is publishable and can only read, whatever its roles. Use another, out of the browser.";
const NO_ROLE =
  "No role is in effect. Name in X-Fieldgate-Roles only roles that the key holds, or have an administrator give it one.";

function adviceOn(rights: Rights, lacking: Lacking, nearest: NearestRole | null): string {
  const { principal, roles, readOnly } = rights;
  const besides = BESIDES_ROLES[lacking.gate];
  if (besides !== undefined) return besides;
  if (principal.kind === "ANONYMOUS" && lacking.name === "user::register") return CLOSED;
  if (principal.kind === "ANONYMOUS") return PUBLIC;
  if (readOnly && !isLooking(lacking)) return READ_ONLY;
  if (nearest === null) return NO_ROLE;
  const { name, hasRight } = nearest;
  return roles.length === 1
    ? `Your role ${name} ${hasRight ? "has only a part of it" : "does not have it"}. An administrator can add it to the role, or give you another.`
    : `None of your roles has ${hasRight ? "all of it" : "it"}; ${name} comes nearest. An administrator can add it to that role, or give you another.`;
}
