import { isDeepStrictEqual } from "node:util";
import {
  type AttributeDefinition,
  type AttributeValues,
  changedAttributes,
} from "../access/user-attributes.ts";
import { storedText } from "../graphql/input-text.ts";
import { storedEmail } from "../identity/login/email.ts";
import type { OutsideIdentity } from "../identity/jwt/outside-identity.ts";
import type { ClaimMapping } from "../identity/jwt/trusted-issuer.ts";

/** What is kept of a user by an outside identity. */
export interface Profile {
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly firstName: string;
  readonly lastName: string;
  readonly organization: string;
  readonly attributes: AttributeValues;
}

/** What is known of somebody of whom nothing was said. */
export const UNKNOWN: Profile = {
  email: null,
  emailVerified: false,
  firstName: "",
  lastName: "",
  organization: "",
  attributes: {},
};

/** By what the claims of an identity become what is kept. */
export interface Keeping {
  readonly mapping: ClaimMapping;
  readonly definitions: readonly AttributeDefinition[];
  readonly before: Profile;
}

/**
 * What is kept of a user by what its JWT says now. What a claim is mapped to is what the claim says, and nothing where
 * it says nothing: what an issuer no longer asserts is no longer so. All else stays as it was.
 */
export function profileOf(identity: OutsideIdentity, keeping: Keeping): Profile {
  const { mapping, before } = keeping;
  const said = (field: "firstName" | "lastName" | "organization") =>
    mapping[field] === null ? before[field] : storedText(identity[field] ?? "");
  const { email, emailVerified } = mapping.email === null ? before : identity;
  return {
    email: email === null ? null : storedEmail(email),
    emailVerified,
    firstName: said("firstName"),
    lastName: said("lastName"),
    organization: said("organization"),
    attributes: attributesOf(identity, keeping),
  };
}

/** A value that is none of its attribute says nothing. */
function attributesOf(
  { attributes: claims }: OutsideIdentity,
  { mapping, definitions, before }: Keeping,
): AttributeValues {
  const mapped = definitions.filter(({ name }) => Object.hasOwn(mapping.attributes, name));
  const names = new Set(mapped.map(({ name }) => name));
  const kept = Object.entries(before.attributes).filter(([name]) => !names.has(name));
  const said = mapped.flatMap((definition) => {
    const { name } = definition;
    const { values, faults } = changedAttributes([definition], null, { [name]: claims[name] });
    return faults.length > 0 ? [] : Object.entries(values);
  });
  return Object.fromEntries([...kept, ...said]);
}

/** Whether nothing is to be written. */
export function isSame(one: Profile, other: Profile): boolean {
  return isDeepStrictEqual(fieldsOf(one), fieldsOf(other));
}

/**
 * Whether what row filters go by is the same: to write that is to grant.
 *
 * @param named The attributes that row filters of the tenant name.
 */
export function grantsSame(one: Profile, other: Profile, named: ReadonlySet<string>): boolean {
  const granting = ({ email, emailVerified, attributes }: Profile) => [
    emailVerified ? email : null,
    Object.fromEntries(Object.entries(attributes).filter(([name]) => named.has(name))),
  ];
  return isDeepStrictEqual(granting(one), granting(other));
}

function fieldsOf({
  email,
  emailVerified,
  firstName,
  lastName,
  organization,
  attributes,
}: Profile) {
  return { email, emailVerified, firstName, lastName, organization, attributes };
}
