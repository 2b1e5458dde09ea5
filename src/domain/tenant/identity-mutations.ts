import sql from "sql-template-tag";
import { TenantRef } from "../../access/refs.ts";
import {
  type AttributeDefinition,
  type AttributeDraft,
  attributesInFilters,
  parseAttributes,
  readAttributes,
} from "../../access/user-attributes.ts";
import type { Prisma } from "../../db/generated/client.ts";
import { encodeId } from "../../db/id.ts";
import { requireUnrestricted } from "../../access/delegation.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { ConflictError, NotFoundError } from "../../graphql/errors.ts";
import { refuseFaults } from "../../graphql/input-text.ts";
import { may } from "../../graphql/scopes.ts";
import { systemSecretTexts } from "../../identity/secret/secret-texts.ts";
import { ownTenant } from "./tenant-loaders.ts";
import { UserAttributeInput } from "./user-attribute.ts";

const SetUserAttributesInput = builder.inputType("SetUserAttributesInput", {
  description: "What the tenant is to know of its users besides their names.",
  fields: (t) => ({
    attributes: t.field({
      type: [UserAttributeInput],
      required: true,
      description: "All of the attributes, in their order, up to 50.",
    }),
  }),
});

const SetUserAttributesPayload = builder.objectRef<object>("SetUserAttributesPayload").implement({
  description: "What became of the attributes of users.",
  authScopes: () => true,
  fields: (t) => ({
    tenant: t.field({
      type: TenantRef,
      description: "The tenant as it is now.",
      resolve: (_payload, _args, context) => ownTenant(context),
    }),
  }),
});

interface RolledSecret {
  readonly systemKey: string;
  readonly systemSecret: string;
}

const RollSystemSecretPayload = builder
  .objectRef<RolledSecret>("RollSystemSecretPayload")
  .implement({
    description: "What `login` and `registerUser` present of the tenant.",
    authScopes: () => true,
    fields: (t) => ({
      systemKey: t.exposeString("systemKey", {
        nullable: false,
        description: "Names the tenant. It is no secret, and stays.",
      }),
      systemSecret: t.exposeString("systemSecret", {
        nullable: false,
        description:
          "Proves that one speaks for the tenant's own site. It is shown this once and kept nowhere.",
      }),
    }),
  });

builder.mutationFields((t) => ({
  setUserAttributes: t.field({
    type: SetUserAttributesPayload,
    description:
      "Sets what the tenant knows of its users besides their names. An attribute that is left out is removed, and its values with it. `CONFLICT`: a row filter names one that would be removed or that users could then edit, or one changes its type, or one that users could edit would no longer be theirs: it may hold what they wrote. Remove it and define another.",
    authScopes: may("user_attribute::set"),
    changesRights: true,
    args: {
      input: t.arg({
        type: SetUserAttributesInput,
        required: true,
        description: "The attributes.",
      }),
    },
    resolve: (_root, { input }, context) => setUserAttributes(context, input.attributes),
  }),
  rollSystemSecret: t.field({
    type: RollSystemSecretPayload,
    description:
      "Makes the secret that `login` and `registerUser` present besides the tenant's `systemKey`, in place of the one before, which is refused from then on.",
    authScopes: may("system_secret::roll"),
    changesRights: true,
    resolve: (_root, _args, context) => rollSystemSecret(context),
  }),
}));

async function setUserAttributes(
  context: Context,
  drafts: readonly AttributeDraft[],
): Promise<object> {
  const { prisma, transaction, tenant } = context;
  if (!tenant) throw new NotFoundError("tenant");
  const { attributes, faults } = parseAttributes(drafts);
  refuseFaults(faults);
  const before = await readAttributes(transaction, tenant.id);
  const named = await attributesInFilters(transaction, tenant.id);
  for (const attribute of before) requireKept(attribute, attributes, named);
  const editable = attributes.find(({ name, editable: isOwn }) => isOwn && named.has(name));
  if (editable) {
    throw new ConflictError(
      `A row filter names ${editable.name}, so that users may not edit it. Change the filter first.`,
    );
  }
  const removed = before.filter(({ name }) => !attributes.some((each) => each.name === name));
  if (removed.length > 0) {
    const names = removed.map(({ name }) => name);
    await transaction.query(sql`
      UPDATE app_user SET attributes = attributes - ${names}::text[]
      WHERE tenant_id = ${tenant.id}::uuid AND attributes ?| ${names}::text[]`);
  }
  await prisma.tenant.update({
    where: { id: tenant.id },
    data: { userAttributes: attributes as unknown as Prisma.InputJsonArray },
    select: { id: true },
  });
  context.nameTarget(encodeId("Tenant", tenant.id));
  return {};
}

/** @throws {ConflictError} for a change after which values would not be what they are taken for. */
function requireKept(
  { name, type, editable }: AttributeDefinition,
  attributes: readonly AttributeDefinition[],
  named: ReadonlySet<string>,
): void {
  const kept = attributes.find((each) => each.name === name);
  if (!kept && named.has(name)) {
    throw new ConflictError(`A row filter names ${name}. Change the filter first.`);
  }
  if (kept && kept.type !== type) {
    throw new ConflictError(`${name} is ${type}. Remove it and define another.`);
  }
  if (kept && editable && !kept.editable) {
    throw new ConflictError(
      `Users could edit ${name}, and it may hold what they wrote. Remove it and define another.`,
    );
  }
}

async function rollSystemSecret({ prisma, tenant, rights }: Context): Promise<RolledSecret> {
  requireUnrestricted(rights);
  if (!tenant) throw new NotFoundError("tenant");
  const { id } = tenant;
  const { text, hash } = systemSecretTexts.create({ tenantId: id, id });
  await prisma.tenant.update({
    where: { id },
    data: { systemSecretHash: new Uint8Array(hash) },
    select: { id: true },
  });
  return { systemKey: encodeId("Tenant", id), systemSecret: text };
}
