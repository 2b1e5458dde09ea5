import { encodeId } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import { Node } from "../../graphql/node.ts";
import type { ClaimMapping } from "../../identity/jwt/trusted-issuer.ts";
import { SignatureAlgorithm } from "./issuer-inputs.ts";

const AttributeClaim = builder
  .objectRef<{ readonly attribute: string; readonly claim: string }>("AttributeClaim")
  .implement({
    description: "An attribute of users that a claim says.",
    authScopes: { anyOf: "trusted_issuer" },
    fields: (t) => ({
      attribute: t.exposeString("attribute", {
        nullable: false,
        description: "The name of the attribute.",
      }),
      claim: t.exposeString("claim", { nullable: false, description: "The path of the claim." }),
    }),
  });

const ClaimMappingType = builder.objectRef<ClaimMapping>("ClaimMapping").implement({
  description: "Which claims say what of a user, each by its path; null: none.",
  authScopes: { anyOf: "trusted_issuer" },
  fields: (t) => ({
    email: t.exposeString("email", { description: "That of the address." }),
    firstName: t.exposeString("firstName", { description: "That of the first name." }),
    lastName: t.exposeString("lastName", { description: "That of the last name." }),
    organization: t.exposeString("organization", { description: "That of the organization." }),
    roles: t.exposeString("roles", {
      description: "That of the names of roles, which are in effect as long as the JWT is valid.",
    }),
    attributes: t.field({
      type: [AttributeClaim],
      description: "Those of attributes of the tenant's own, by name.",
      resolve: ({ attributes }) =>
        Object.entries(attributes)
          .map(([attribute, claim]) => ({ attribute, claim }))
          .toSorted((one, other) => (one.attribute < other.attribute ? -1 : 1)),
    }),
  }),
});

/** An identity provider whose JWTs the tenant accepts. */
export const TrustedIssuerType = builder.prismaObject("TrustedIssuer", {
  name: "TrustedIssuer",
  description:
    "An identity provider whose JWTs the tenant accepts: a request with one acts as the user that is known by its issuer and subject. Seen by whoever holds some permission of trusted issuers.",
  authScopes: { anyOf: "trusted_issuer" },
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: "The id; it stays when it is changed how the issuer is trusted.",
      resolve: ({ id }) => encodeId("TrustedIssuer", id),
    }),
    issuer: t.exposeString("issuer", { nullable: false, description: "The `iss` of its JWTs." }),
    audience: t.exposeString("audience", {
      nullable: false,
      description: "What has to be among their `aud`.",
    }),
    jwksUrl: t.exposeString("jwksUrl", {
      nullable: false,
      description: "Where it publishes its keys.",
    }),
    algorithms: t.field({
      type: [SignatureAlgorithm],
      nullable: { list: false, items: false },
      description: "Those that it is trusted to sign with.",
      resolve: ({ algorithms }) => algorithms,
    }),
    claims: t.field({
      type: ClaimMappingType,
      description: "Which claims say what of a user.",
      resolve: ({ claims }) => claims as unknown as ClaimMapping,
    }),
    maxTokenAge: t.exposeInt("maxTokenAge", {
      nullable: false,
      description: "How long after `iat` a JWT is accepted at most, in seconds.",
    }),
    mayAdministrate: t.exposeBoolean("mayAdministrate", {
      nullable: false,
      description: "Whether a claimed role may be `administrator`.",
    }),
    createdAt: t.expose("createdAt", {
      type: "DateTime",
      nullable: false,
      description: "Since when it is trusted.",
    }),
    createdBy: t.exposeString("createdBy", {
      nullable: false,
      description: "The id of the principal that trusted it; `operator`: the command line.",
    }),
  }),
});
