import sql from "sql-template-tag";
import { encodeId } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { ConflictError, NotFoundError } from "../../graphql/errors.ts";
import {
  LONGEST,
  nameFaults,
  refuseFaults,
  storedText,
  textFaults,
} from "../../graphql/input-text.ts";
import { requirePermission } from "../../graphql/require-permission.ts";
import { requireUnrestricted } from "../../access/delegation.ts";
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
    sessionTtl: t.int({
      description:
        "How long a session lasts that begins from now on, in seconds: 60 to 31536000. Those that there are stay as they are.",
    }),
    openRegistration: t.boolean({
      description:
        "Whether anybody may register who comes by the system key and its secret. For whoever holds `user::register`.",
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
      "Changes what the tenant is called, how long keys and sessions that begin from now on may last, and whether anybody may register. `CONFLICT`: the slug is another tenant's.",
    authScopes: may("tenant::update"),
    // Whether strangers may register is a right of theirs.
    changesRights: true,
    args: {
      input: t.arg({ type: UpdateTenantInput, required: true, description: "What to change." }),
    },
    resolve: async (_root, { input }, context) => {
      const { label, slug, maxKeyDays, sessionTtl, openRegistration } = input;
      if (typeof maxKeyDays === "number") requirePermission(context, "key::create");
      if (typeof openRegistration === "boolean") {
        requirePermission(context, "user::register");
        requireUnrestricted(context.rights);
      }
      refuseFaults([
        ...textFaults("label", label, { least: 1, most: LONGEST.label }),
        ...nameFaults("slug", slug),
        ...daysFaults(maxKeyDays ?? 0),
        ...ttlFaults(sessionTtl ?? SHORTEST_TTL),
      ]);
      const id = await requireFreeSlug(context, slug ?? null);
      await context.prisma.tenant.update({
        where: { id },
        data: {
          ...(label && { label: storedText(label) }),
          ...(slug && { slug }),
          ...(typeof maxKeyDays === "number" && { mostKeyDays: maxKeyDays || null }),
          ...(typeof sessionTtl === "number" && { sessionTtl }),
          ...(typeof openRegistration === "boolean" && { openRegistration }),
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

/** The shortest and the longest that a session can last, in seconds: a minute and a year. */
const SHORTEST_TTL = 60;
const LONGEST_TTL = 365 * 24 * 60 * 60;

function ttlFaults(seconds: number): string[] {
  return seconds >= SHORTEST_TTL && seconds <= LONGEST_TTL
    ? []
    : [`sessionTtl is a number from ${SHORTEST_TTL} to ${LONGEST_TTL}.`];
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
