import { readAttributes, shownAttributes } from "../../access/user-attributes.ts";
import { RoleRef, UserRef, ViewerRef } from "../../access/refs.ts";
import { encodeId } from "../../db/id.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { Node } from "../../graphql/node.ts";
import type { User } from "../../db/generated/client.ts";
import { isSelf, ownUser, rolesOfUsers } from "./user-loaders.ts";

/** What a user may see of itself, and whoever holds the permission of any. */
const ownOr = (permission: string) => (user: User, _args: unknown, context: Context) =>
  isSelf(user, context) ? true : { permission };

builder.prismaObject("User", {
  description:
    "Somebody of the tenant, in its own registry or found by an outside identity. A user sees itself whole; of others one sees what one's permissions name.",
  authScopes: (user, context) => (isSelf(user, context) ? true : { anyOf: "user" }),
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: "The id: `$user.id` in row filters.",
      resolve: ({ id }) => encodeId("User", id),
    }),
    firstName: t.exposeString("firstName", {
      nullable: false,
      description: "What the user is called among friends; empty where it is not known.",
    }),
    lastName: t.exposeString("lastName", {
      nullable: false,
      description: "What the family is called; empty where it is not known.",
    }),
    organization: t.exposeString("organization", {
      nullable: false,
      description: "The organization, as the user names it.",
    }),
    email: t.exposeString("email", {
      description:
        "The address; null where none is known. Of others for whoever holds `user::get_email`.",
      authScopes: ownOr("user::get_email"),
    }),
    emailVerified: t.exposeBoolean("emailVerified", {
      description:
        "Whether the address was proved to be the user's: only then has `$user.email` a value in row filters. Of others for whoever holds `user::get_email`.",
      authScopes: ownOr("user::get_email"),
    }),
    attributes: t.field({
      type: "JSON",
      description:
        "The attributes of the tenant's own that have a value, by name. Of others for whoever holds `user::get_attributes`.",
      authScopes: ownOr("user::get_attributes"),
      resolve: async ({ tenantId, attributes }, _args, { transaction }) =>
        shownAttributes(
          await readAttributes(transaction, tenantId),
          attributes as Record<string, string>,
        ),
    }),
    roles: t.field({
      type: [RoleRef],
      description:
        "The roles that it was given, by name; every user has `authenticated` besides. Of others for whoever holds `user::get_roles`; a role is seen by whoever holds some permission of roles.",
      authScopes: (user, _args, context) => ({
        anyOf: "role",
        ...(isSelf(user, context) ? {} : { permission: "user::get_roles" }),
      }),
      resolve: ({ id }, _args, context) => rolesOfUsers(context).load(id),
    }),
    roleNames: t.stringList({
      description:
        "The names of the roles that it was given. Of others for whoever holds `user::get_roles`.",
      authScopes: ownOr("user::get_roles"),
      resolve: async ({ id }, _args, context) =>
        (await rolesOfUsers(context).load(id)).map(({ name }) => name),
    }),
  }),
});

builder.prismaObjectFields("User", (t) => ({
  serviceAccount: t.exposeBoolean("isService", {
    nullable: false,
    description: "Whether it is a program, whose sessions last until they are ended.",
  }),
  issuer: t.exposeString("issuer", {
    description:
      "The outside identity provider that it was found by; null: the tenant's own registry.",
  }),
  subject: t.exposeString("subject", {
    description:
      "What the outside identity provider calls it: the `sub` of its JWTs; null: the tenant's own registry. Of others for whoever holds `user::get_email`, since for some providers that is an address.",
    authScopes: ownOr("user::get_email"),
  }),
  createdAt: t.expose("createdAt", {
    type: "DateTime",
    nullable: false,
    description: "When it was registered.",
  }),
  createdBy: t.exposeString("createdBy", {
    nullable: false,
    description: "The id of the principal that registered it; `anonymous`: itself.",
  }),
  updatedAt: t.expose("updatedAt", {
    type: "DateTime",
    nullable: false,
    description: "When something of it was changed last.",
  }),
  updatedBy: t.exposeString("updatedBy", {
    nullable: false,
    description: "The id of the principal that changed it last.",
  }),
}));

builder.objectField(ViewerRef, "user", (t) =>
  t.field({
    type: UserRef,
    description: "The user that the request acts as; null of a key, a token or nobody.",
    resolve: (_rights, _args, context) => ownUser(context),
  }),
);
