import sql from "sql-template-tag";
import { encodeId } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { ConflictError, NotFoundError } from "../../graphql/errors.ts";
import { LONGEST, nameFaults, refuseFaults, textFaults } from "../../graphql/input-text.ts";
import { requirePermission } from "../../graphql/require-permission.ts";
import { TenantRef } from "../../access/refs.ts";
import { may } from "../../graphql/scopes.ts";
import { ownTenant } from "./tenant-loaders.ts";

const UpdateTenantInput = builder.inputType("UpdateTenantInput", {
  description: "What is to change of the tenant; what is left out or null stays.",
  fields: (t) => ({
    label: t.string({ description: "What people call it, in 1 to 200 characters." }),
    slug: t.string({
      description:
        "What requests name it by: `[a-z][a-z0-9_]{0,62}`, and no other tenant's. The old one leads nowhere from then on.",
    }),
    maxKeyDays: t.int({
      description:
        "How many days a key that is made from now on lasts at most: 1 to 3650, or 0 for as long as whoever makes it says. Keys that there are stay as they are, and those of the command line last as it says. For whoever holds `key::create`.",
    }),
  }),
});

const UpdateTenantPayload = builder.objectRef<object>("UpdateTenantPayload").implement({
  description: "What became of the tenant.",
  authScopes: () => true,
  fields: (t) => ({
    tenant: t.field({
      type: TenantRef,
      description: "The tenant as it is now.",
      resolve: (_payload, _args, context) => ownTenant(context),
    }),
  }),
});

builder.mutationField("updateTenant", (t) =>
  t.field({
    type: UpdateTenantPayload,
    description:
      "Changes what the tenant is called, and how long keys that are made from now on may last. `CONFLICT`: the slug is another tenant's.",
    authScopes: may("tenant::update"),
    args: {
      input: t.arg({ type: UpdateTenantInput, required: true, description: "What to change." }),
    },
    resolve: async (_root, { input }, context) => {
      const { label, slug, maxKeyDays } = input;
      if (typeof maxKeyDays === "number") requirePermission(context, "key::create");
      refuseFaults([
        ...textFaults("label", label, { least: 1, most: LONGEST.label }),
        ...nameFaults("slug", slug),
        ...daysFaults(maxKeyDays ?? 0),
      ]);
      const id = await requireFreeSlug(context, slug ?? null);
      await context.prisma.tenant.update({
        where: { id },
        data: {
          ...(label && { label }),
          ...(slug && { slug }),
          ...(typeof maxKeyDays === "number" && { mostKeyDays: maxKeyDays || null }),
        },
        select: { id: true },
      });
      context.nameTarget(encodeId("Tenant", id));
      return {};
    },
  }),
);

/** The longest that a tenant can have its keys last at most, in days: ten years. */
const MOST_DAYS = 3650;

function daysFaults(days: number): string[] {
  return days >= 0 && days <= MOST_DAYS ? [] : [`maxKeyDays is a number from 0 to ${MOST_DAYS}.`];
}

/** @returns The id of the tenant of the request. */
async function requireFreeSlug(
  { transaction, tenant }: Context,
  slug: string | null,
): Promise<string> {
  if (!tenant) throw new NotFoundError("tenant");
  if (slug === null) return tenant.id;
  const [found] = await transaction.query<{ id: string | null }>(
    sql`SELECT fieldgate.find_tenant(${slug}) AS id`,
  );
  const isTaken = found?.id && found.id !== tenant.id;
  if (isTaken) throw new ConflictError(`The slug ${slug} is taken. Choose another.`);
  return tenant.id;
}
