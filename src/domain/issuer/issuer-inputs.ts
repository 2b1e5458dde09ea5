import { builder } from "../../graphql/builder.ts";
import { nameFaults, textFaults } from "../../graphql/input-text.ts";
import { isKeySetUrl } from "../../identity/jwt/key-set-url.ts";
import {
  type ClaimMapping,
  DEFAULT_MAX_TOKEN_AGE,
  SIGNATURE_ALGORITHMS,
} from "../../identity/jwt/trusted-issuer.ts";

/** The most characters of an issuer, an audience and the path of a claim; and the most attributes that are mapped. */
const MOST = { name: 255, path: 200, attributes: 50 } as const;

/** In seconds. */
const TOKEN_AGE = { least: 60, most: 24 * 60 * 60 } as const;

/** Those of OpenID Connect (Core, section 5.1). */
const USUAL_CLAIMS = {
  email: "email",
  firstName: "given_name",
  lastName: "family_name",
  attributes: [],
};

const PATH = "as a path such as `realm_access.roles`, in up to 200 characters";

/** How an issuer signs. */
export const SignatureAlgorithm = builder.enumType("SignatureAlgorithm", {
  description:
    "How an issuer signs its JWTs (RFC 7518, RFC 8037): only ways in which nobody who can verify can sign.",
  values: Object.fromEntries(
    SIGNATURE_ALGORITHMS.map((name) => [name, { description: `The \`alg\` of that name.` }]),
  ),
});

/** An attribute, and the claim that it is taken from. */
export const AttributeClaimInput = builder.inputType("AttributeClaimInput", {
  description: "An attribute of users that a claim says.",
  fields: (t) => ({
    attribute: t.string({ required: true, description: "One of the tenant's `userAttributes`." }),
    claim: t.string({ required: true, description: `The claim, ${PATH}.` }),
  }),
});

/** Which claims say what of a user. */
export const ClaimMappingInput = builder.inputType("ClaimMappingInput", {
  description:
    "Which claims say what of a user, each by its path. What is mapped is what the newest of its JWTs said, and nothing where that said nothing; what is not mapped stays.",
  fields: (t) => ({
    email: t.string({
      defaultValue: USUAL_CLAIMS.email,
      description: `The address, ${PATH}; null: none. It counts as verified only where the claim is \`email\` and \`email_verified\` is true beside it.`,
    }),
    firstName: t.string({
      defaultValue: USUAL_CLAIMS.firstName,
      description: `The first name, ${PATH}; null: none.`,
    }),
    lastName: t.string({
      defaultValue: USUAL_CLAIMS.lastName,
      description: `The last name, ${PATH}; null: none.`,
    }),
    organization: t.string({ description: `The organization, ${PATH}; null: none.` }),
    roles: t.string({
      description: `Names of roles, ${PATH}: a list, or text with spaces between them. Those that the tenant has are in effect as long as the JWT is valid. Null: none.`,
    }),
    attributes: t.field({
      type: [AttributeClaimInput],
      required: { list: true, items: true },
      defaultValue: USUAL_CLAIMS.attributes,
      description: "Attributes of the tenant's own, up to 50; values that do not fit are left out.",
    }),
  }),
});

const FIELDS = {
  jwksUrl: "Where it publishes its keys: `jwks_uri` of its OpenID configuration. Over https.",
  algorithms: "Those that it signs with; RS256 if not given.",
  claims: "Which claims say what of a user; those of OpenID Connect if not given.",
  maxTokenAge: `How long after \`iat\` a JWT is accepted at most, in seconds: ${TOKEN_AGE.least} to ${TOKEN_AGE.most}.`,
  mayAdministrate:
    "Whether a claimed role may be `administrator`, so that whoever runs the issuer can do everything there is. Off if not given. The role `anonymous` can never be claimed.",
} as const;

/** The input of `trustIssuer`. */
export const TrustIssuerInput = builder.inputType("TrustIssuerInput", {
  description: "An OpenID Connect issuer to trust.",
  fields: (t) => ({
    issuer: t.string({
      required: true,
      description: "Its `iss`, character for character, in up to 255 of them.",
    }),
    audience: t.string({
      required: true,
      description: "What has to be among the `aud` of its JWTs: what it calls this API.",
    }),
    jwksUrl: t.string({ required: true, description: FIELDS.jwksUrl }),
    algorithms: t.field({
      type: [SignatureAlgorithm],
      required: { list: true, items: true },
      defaultValue: ["RS256"],
      description: FIELDS.algorithms,
    }),
    claims: t.field({
      type: ClaimMappingInput,
      required: true,
      defaultValue: USUAL_CLAIMS,
      description: FIELDS.claims,
    }),
    maxTokenAge: t.int({
      required: true,
      defaultValue: DEFAULT_MAX_TOKEN_AGE,
      description: `${FIELDS.maxTokenAge} An hour if not given.`,
    }),
    mayAdministrate: t.boolean({
      required: true,
      defaultValue: false,
      description: FIELDS.mayAdministrate,
    }),
  }),
});

/** The input of `updateTrustedIssuer`. */
export const UpdateTrustedIssuerInput = builder.inputType("UpdateTrustedIssuerInput", {
  description:
    "What is to change of how an issuer is trusted; what is left out or null stays. Its users are known by issuer and subject: for another issuer or audience, trust that.",
  fields: (t) => ({
    id: t.id({ required: true, description: "Which trusted issuer." }),
    jwksUrl: t.string({ description: FIELDS.jwksUrl }),
    algorithms: t.field({
      type: [SignatureAlgorithm],
      required: { list: false, items: true },
      description: "All that it signs with.",
    }),
    claims: t.field({
      type: ClaimMappingInput,
      description: "Which claims say what of a user, in the place of the mapping before.",
    }),
    maxTokenAge: t.int({ description: FIELDS.maxTokenAge }),
    mayAdministrate: t.boolean({ description: "Whether a claimed role may be `administrator`." }),
  }),
});

/** The input of `distrustIssuer`. */
export const DistrustIssuerInput = builder.inputType("DistrustIssuerInput", {
  description: "An issuer to trust no longer.",
  fields: (t) => ({ id: t.id({ required: true, description: "Which trusted issuer." }) }),
});

type GivenMapping = typeof ClaimMappingInput.$inferInput;

/** How an issuer is to be trusted, as far as that is given. */
export interface TrustFields {
  readonly issuer?: string;
  readonly audience?: string;
  readonly jwksUrl?: string | null | undefined;
  readonly algorithms?: readonly string[] | null | undefined;
  readonly claims?: GivenMapping | null | undefined;
  readonly maxTokenAge?: number | null | undefined;
}

/** By what the fields are judged. */
export interface Trustable {
  /** The names of the attributes that the tenant has. */
  readonly attributes: ReadonlySet<string>;
  /** Whether keys may be fetched from private addresses. */
  readonly allowPrivate: boolean;
}

/** Everything that is wrong with how an issuer is to be trusted. */
export function trustFaults(
  fields: TrustFields,
  { attributes, allowPrivate }: Trustable,
): string[] {
  const { issuer, audience, jwksUrl, algorithms, claims, maxTokenAge } = fields;
  const isSigned = !algorithms || algorithms.length > 0;
  const isAge =
    typeof maxTokenAge !== "number" ||
    (maxTokenAge >= TOKEN_AGE.least && maxTokenAge <= TOKEN_AGE.most);
  return [
    ...claimFaults("issuer", issuer, MOST.name),
    ...claimFaults("audience", audience, MOST.name),
    ...(typeof jwksUrl !== "string" || isKeySetUrl(jwksUrl, allowPrivate) ? [] : [WRONG_URL]),
    ...(isSigned ? [] : ["algorithms names one at least."]),
    ...(isAge
      ? []
      : [`maxTokenAge is a number of seconds from ${TOKEN_AGE.least} to ${TOKEN_AGE.most}.`]),
    ...(claims ? mappingFaults(claims, attributes) : []),
  ];
}

const WRONG_URL =
  "jwksUrl is a URL such as https://login.example.com/keys: over https, with no password and nothing after a #, and not of a private address unless the deployment allows those, by FIELDGATE_ALLOW_PRIVATE_ADDRESSES=1.";

function mappingFaults(claims: GivenMapping, known: ReadonlySet<string>): string[] {
  const { attributes: mapped, ...paths } = claims;
  const names = mapped.map(({ attribute }) => attribute);
  const unknown = names.filter((name) => nameFaults("", name).length > 0 || !known.has(name));
  return [
    ...Object.entries(paths).flatMap(([field, path]) =>
      claimFaults(`claims.${field}`, path, MOST.path),
    ),
    ...(mapped.length > MOST.attributes
      ? [`claims.attributes has at most ${MOST.attributes}.`]
      : []),
    ...(new Set(names).size < names.length ? ["claims.attributes names an attribute twice."] : []),
    ...unknown.map(
      (name) =>
        `There is no attribute ${JSON.stringify(name.slice(0, 63))}. There are: ${[...known].join(", ") || "none"}; setUserAttributes makes more.`,
    ),
    ...mapped.flatMap(({ claim }) => claimFaults("claims.attributes.claim", claim, MOST.path)),
  ];
}

/** What no JWT that is accepted can hold is no name of its either: control characters. */
function claimFaults(field: string, text: string | null | undefined, most: number): string[] {
  const isPlain = typeof text !== "string" || !/\p{Cc}/u.test(text);
  return [
    ...textFaults(field, text, { least: 1, most }),
    ...(isPlain ? [] : [`${field} has no control characters.`]),
  ];
}

/** A mapping as it is stored. */
export function mappingOf(claims: GivenMapping): ClaimMapping {
  const { email, firstName, lastName, organization, roles, attributes } = claims;
  return {
    email: email ?? null,
    firstName: firstName ?? null,
    lastName: lastName ?? null,
    organization: organization ?? null,
    roles: roles ?? null,
    attributes: Object.fromEntries(attributes.map(({ attribute, claim }) => [attribute, claim])),
  };
}
