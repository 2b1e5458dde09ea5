import sql from "sql-template-tag";
import { requireHeld, rightsOf } from "../../access/delegation.ts";
import { readAttributes } from "../../access/user-attributes.ts";
import { GRANT_ANY } from "../../authz/delegation.ts";
import { signatureOf } from "../../authz/principal.ts";
import type { Role } from "../../authz/role.ts";
import { encodeId, newUuid } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { ConflictError, LimitError, NotFoundError } from "../../graphql/errors.ts";
import { refuseFaults } from "../../graphql/input-text.ts";
import { may } from "../../graphql/scopes.ts";
import { TrustedIssuerType } from "./issuer.ts";
import {
  DistrustIssuerInput,
  mappingOf,
  type TrustFields,
  trustFaults,
  TrustIssuerInput,
  UpdateTrustedIssuerInput,
} from "./issuer-inputs.ts";
import { issuersById, requireIssuer } from "./issuer-loaders.ts";

/** The most issuers that one tenant trusts: the keys of each are kept. */
const MOST_ISSUERS = 100;

/** The trusted issuer that a mutation wrote, by its UUID. */
interface WrittenIssuer {
  readonly issuerId: string;
}

const payloadOf = (name: string, what: string) =>
  builder.objectRef<WrittenIssuer>(name).implement({
    description: `What became of ${what}.`,
    authScopes: () => true,
    fields: (t) => ({
      trustedIssuer: t.field({
        type: TrustedIssuerType,
        description: "How it is trusted now.",
        resolve: ({ issuerId }, _args, context) => issuersById(context).load(issuerId),
      }),
    }),
  });

const TrustIssuerPayload = payloadOf("TrustIssuerPayload", "an issuer that is to be trusted");
const UpdateTrustedIssuerPayload = payloadOf(
  "UpdateTrustedIssuerPayload",
  "an issuer that is to be trusted otherwise",
);

const DistrustIssuerPayload = builder.objectRef<WrittenIssuer>("DistrustIssuerPayload").implement({
  description: "What became of an issuer that is not trusted any more.",
  authScopes: () => true,
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: "The id that it had.",
      resolve: ({ issuerId }) => encodeId("TrustedIssuer", issuerId),
    }),
  }),
});

builder.mutationFields((t) => ({
  trustIssuer: t.field({
    type: TrustIssuerPayload,
    description:
      "Trusts an OpenID Connect issuer: its JWTs are accepted, and say who calls. Whoever runs it says who somebody is and which roles they have, so this needs `grant::any` besides. `CONFLICT`: an issuer is trusted once with one audience.",
    authScopes: may("trusted_issuer::trust"),
    changesRights: true,
    args: {
      input: t.arg({ type: TrustIssuerInput, required: true, description: "The issuer." }),
    },
    resolve: (_root, { input }, context) => trustIssuer(context, input),
  }),
  updateTrustedIssuer: t.field({
    type: UpdateTrustedIssuerPayload,
    description:
      "Changes how an issuer is trusted, from the next request on. Needs `grant::any` besides.",
    authScopes: may("trusted_issuer::update"),
    changesRights: true,
    args: {
      input: t.arg({
        type: UpdateTrustedIssuerInput,
        required: true,
        description: "The trusted issuer, and what is to change.",
      }),
    },
    resolve: (_root, { input }, context) => updateTrustedIssuer(context, input),
  }),
  distrustIssuer: t.field({
    type: DistrustIssuerPayload,
    description:
      "Trusts an issuer no longer: its JWTs are refused from the next request on. Its users stay, and are the same if it is trusted again.",
    authScopes: may("trusted_issuer::distrust"),
    changesRights: true,
    args: {
      input: t.arg({
        type: DistrustIssuerInput,
        required: true,
        description: "The trusted issuer.",
      }),
    },
    resolve: (_root, { input }, context) => distrustIssuer(context, input.id),
  }),
}));

/** Whoever can hand this out can hand out anything. */
const ANYTHING: Role = {
  id: "",
  name: "anything",
  builtIn: null,
  permissions: new Set([GRANT_ANY]),
  defaults: new Set(),
};

/** What an issuer will claim is for nobody here to say: to trust it is to hand out whatever it may. */
async function requireAnything(context: Context): Promise<void> {
  await requireHeld(context, { after: rightsOf([ANYTHING]) });
}

async function refuseTrustFaults(context: Context, tenantId: string, fields: TrustFields) {
  const definitions = await readAttributes(context.transaction, tenantId);
  const attributes = new Set(definitions.map(({ name }) => name));
  refuseFaults(trustFaults(fields, { attributes, allowPrivate: context.allowPrivate }));
}

async function trustIssuer(
  context: Context,
  input: typeof TrustIssuerInput.$inferInput,
): Promise<WrittenIssuer> {
  const { transaction, prisma, tenant, rights, now } = context;
  if (!tenant) throw new NotFoundError("tenant");
  await requireAnything(context);
  await refuseTrustFaults(context, tenant.id, input);
  const count = await prisma.trustedIssuer.count({ where: { tenantId: tenant.id } });
  if (count >= MOST_ISSUERS) {
    throw new LimitError(`A tenant trusts at most ${MOST_ISSUERS} issuers. Distrust one first.`);
  }
  const id = newUuid();
  const { issuer, audience, jwksUrl, algorithms, claims, maxTokenAge, mayAdministrate } = input;
  // What other tenants trust is not to be seen, and in the way all the same.
  const made = await transaction.query(sql`
    INSERT INTO trusted_issuer (tenant_id, id, issuer, audience, jwks_url, algorithms, claims,
                                max_token_age, may_administrate, revision, created_at, created_by)
    VALUES (${tenant.id}::uuid, ${id}::uuid, ${issuer}, ${audience}, ${jwksUrl},
            ${algorithms}::text[], ${JSON.stringify(mappingOf(claims))}::jsonb,
            ${maxTokenAge}, ${mayAdministrate}, ${newUuid()}::uuid, ${now}, ${signatureOf(rights.principal)})
    ON CONFLICT (issuer, audience) DO NOTHING
    RETURNING id`);
  if (made.length === 0) {
    throw new ConflictError(
      "The issuer is trusted with this audience already. If by you, change how by updateTrustedIssuer; if not, have it issue JWTs for another audience, and trust it with that.",
    );
  }
  context.nameTarget(encodeId("TrustedIssuer", id));
  return { issuerId: id };
}

async function updateTrustedIssuer(
  context: Context,
  { id, ...input }: typeof UpdateTrustedIssuerInput.$inferInput,
): Promise<WrittenIssuer> {
  const issuer = await requireIssuer(context, id);
  await requireAnything(context);
  await refuseTrustFaults(context, issuer.tenantId, input);
  const { jwksUrl, algorithms, claims, maxTokenAge, mayAdministrate } = input;
  await context.prisma.trustedIssuer.update({
    where: { tenantId_id: { tenantId: issuer.tenantId, id: issuer.id } },
    data: {
      revision: newUuid(),
      ...(typeof jwksUrl === "string" && { jwksUrl }),
      ...(algorithms && { algorithms: [...algorithms] }),
      ...(claims && { claims: { ...mappingOf(claims) } }),
      ...(typeof maxTokenAge === "number" && { maxTokenAge }),
      ...(typeof mayAdministrate === "boolean" && { mayAdministrate }),
    },
    select: { id: true },
  });
  return { issuerId: issuer.id };
}

async function distrustIssuer(context: Context, id: string): Promise<WrittenIssuer> {
  const issuer = await requireIssuer(context, id);
  await context.prisma.trustedIssuer.delete({
    where: { tenantId_id: { tenantId: issuer.tenantId, id: issuer.id } },
    select: { id: true },
  });
  return { issuerId: issuer.id };
}
