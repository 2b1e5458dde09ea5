import { attributesIn } from "../../access/user-attributes.ts";
import type { User } from "../../db/generated/client.ts";
import type { Context } from "../../graphql/context.ts";
import type { ClaimMapping } from "../../identity/jwt/trusted-issuer.ts";
import type { PersonFields } from "./user-inputs.ts";

/** What is to change of a user. */
interface Changes extends PersonFields {
  readonly email?: string | null | undefined;
  /** Attributes by name. */
  readonly attributes?: unknown;
}

const FIELDS = ["email", "firstName", "lastName", "organization"] as const;

/**
 * What of a change is the identity provider's to say: the user's next JWT would undo it. Nothing is where the provider
 * is not trusted any more.
 *
 * @throws {InputError} for attributes that are none.
 */
export async function providerFaults(
  { prisma }: Context,
  { tenantId, issuer }: User,
  changes: Changes,
): Promise<string[]> {
  if (issuer === null) return [];
  const trusts = await prisma.trustedIssuer.findMany({
    where: { tenantId, issuer },
    select: { claims: true },
  });
  const mappings = trusts.map(({ claims }) => claims as unknown as ClaimMapping);
  const fields = FIELDS.filter((field) => typeof changes[field] === "string").filter((field) =>
    mappings.some((mapping) => mapping[field] !== null),
  );
  const attributes = Object.keys(attributesIn(changes.attributes))
    .filter((name) => mappings.some((mapping) => Object.hasOwn(mapping.attributes, name)))
    .map((name) => `attributes.${name}`);
  return [...fields, ...attributes].map(
    (field) => `${field} is what the user's identity provider says. Change it there.`,
  );
}
