import { signatureOf } from "../../authz/principal.ts";
import { encodeId, newUuid } from "../../db/id.ts";
import { roleOf } from "../../db/stored-role.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import { requireHeld, rightsOf } from "../../access/delegation.ts";
import { ConflictError, InputError, NotFoundError } from "../../graphql/errors.ts";
import { refuseFaults, storedText } from "../../graphql/input-text.ts";
import { KeyRef } from "../../access/refs.ts";
import { may } from "../../graphql/scopes.ts";
import { newKeyText } from "../../identity/secret/key-text.ts";
import {
  CreateKeyInput,
  keyFaults,
  type NewKey,
  overlapFaults,
  RevokeKeyInput,
  RollKeyInput,
} from "./key-inputs.ts";
import { keysById, requireKey, rolesOfKeys } from "./key-loaders.ts";
import { keyStatus } from "./key-status.ts";
import { requireAnotherAdministrator } from "../../access/last-administrator.ts";
import { requireRoles } from "../../access/named-roles.ts";

/** A key whose secret was made: the only time that its text is at hand. */
interface MadeKey {
  readonly keyId: string;
  readonly secret: string;
}

const payloadOf = (name: string, what: string) =>
  builder.objectRef<MadeKey>(name).implement({
    description: `${what}, and its text.`,
    authScopes: () => true,
    fields: (t) => ({
      key: t.field({
        type: KeyRef,
        description: "The key as it is now.",
        resolve: ({ keyId }, _args, context) => keysById(context).load(keyId),
      }),
      secret: t.exposeString("secret", {
        nullable: false,
        description: "The text to present. It is shown this once and kept nowhere.",
      }),
    }),
  });

const CreateKeyPayload = payloadOf("CreateKeyPayload", "A new key");
const RollKeyPayload = payloadOf("RollKeyPayload", "A key with a new secret");

const RevokeKeyPayload = builder.objectRef<{ keyId: string }>("RevokeKeyPayload").implement({
  description: "What became of a revoked key.",
  authScopes: () => true,
  fields: (t) => ({
    key: t.field({
      type: KeyRef,
      description: "The key as it is now.",
      resolve: ({ keyId }, _args, context) => keysById(context).load(keyId),
    }),
  }),
});

builder.mutationFields((t) => ({
  createKey: t.field({
    type: CreateKeyPayload,
    description:
      "Makes an API key, with roles of no more than the caller holds. It lasts no longer than the tenant's `maxKeyDays`.",
    authScopes: may("key::create"),
    changesRights: true,
    args: {
      input: t.arg({ type: CreateKeyInput, required: true, description: "The key to make." }),
    },
    resolve: (_root, { input }, context) => createKey(context, input),
  }),
  rollKey: t.field({
    type: RollKeyPayload,
    description:
      "Gives an API key a new secret; its id, roles and expiry stay. The caller must hold what the key does. The key that one asks with needs an overlap, since the answer would be refused otherwise.",
    authScopes: may("key::roll"),
    changesRights: true,
    args: {
      input: t.arg({
        type: RollKeyInput,
        required: true,
        description: "The key to roll, and how.",
      }),
    },
    resolve: (_root, { input }, context) => rollKey(context, input.id, input.overlapSeconds ?? 0),
  }),
  revokeKey: t.field({
    type: RevokeKeyPayload,
    description:
      "Revokes an API key, at once and for good; revoking it again changes nothing. `CONFLICT`: it is the last key without an expiry, and there is no user either, that holds administrator. Whoever revokes the key that they ask with gets `UNAUTHENTICATED` for an answer, and it is done.",
    authScopes: may("key::revoke"),
    changesRights: true,
    args: {
      input: t.arg({ type: RevokeKeyInput, required: true, description: "The key to revoke." }),
    },
    resolve: (_root, { input }, context) => revokeKey(context, input.id),
  }),
}));

async function createKey(context: Context, input: NewKey): Promise<MadeKey> {
  const { prisma, tenant, rights, now } = context;
  if (!tenant) throw new NotFoundError("tenant");
  refuseFaults(keyFaults(input, now));
  const { name, expiresAt = null, publishable } = input;
  await requireLifetime(context, tenant.id, expiresAt);
  const roles = await requireRoles(context, input.roleIds);
  await requireHeld(context, { after: rightsOf(roles.map(roleOf), publishable === true) });
  const keyId = newUuid();
  const { text, hash } = newKeyText(tenant.id, keyId);
  await prisma.apiKey.create({
    data: {
      tenantId: tenant.id,
      id: keyId,
      name: storedText(name),
      publishable: publishable === true,
      secretHash: new Uint8Array(hash),
      expiresAt,
      createdAt: now,
      createdBy: signatureOf(rights.principal),
    },
    select: { id: true },
  });
  await prisma.keyRole.createMany({
    data: roles.map(({ id }) => ({ tenantId: tenant.id, keyId, roleId: id })),
  });
  context.nameTarget(encodeId("Key", keyId));
  return { keyId, secret: text };
}

/**
 * Requires that a key ends as soon as the tenant wants of new keys. The command line is the way back to a tenant
 * that nobody can administer any more: its keys last as it says.
 *
 * @throws {InputError} saying when that is.
 */
async function requireLifetime(
  { prisma, now, rights }: Context,
  tenantId: string,
  expiresAt: Date | null,
): Promise<void> {
  if (rights.principal.kind === "OPERATOR") return;
  const { mostKeyDays: days } = await prisma.tenant.findUniqueOrThrow({
    where: { id: tenantId },
    select: { mostKeyDays: true },
  });
  if (days === null) return;
  const last = new Date(now.getTime() + days * MS_A_DAY);
  if (expiresAt !== null && expiresAt <= last) return;
  throw new InputError(
    `Keys of this tenant last at most ${days} days: give an expiresAt, no later than ${last.toISOString()}.`,
  );
}

const MS_A_DAY = 24 * 60 * 60 * 1_000;

async function rollKey(context: Context, id: string, overlapSeconds: number): Promise<MadeKey> {
  const { prisma, rights, now } = context;
  refuseFaults(overlapFaults(overlapSeconds));
  const key = await requireKey(context, id);
  if (keyStatus(key, now) !== "ACTIVE") {
    throw new ConflictError("The key is expired or revoked. Make a new one.");
  }
  if (overlapSeconds === 0 && encodeId("Key", key.id) === rights.principal.id) {
    throw new InputError(
      "This is the key that you ask with: give an overlap, or the answer with its new secret would be refused.",
    );
  }
  const roles = await rolesOfKeys(context).load(key.id);
  await requireHeld(context, { after: rightsOf(roles.map(roleOf), key.publishable) });
  const { text, hash } = newKeyText(key.tenantId, key.id);
  await prisma.apiKey.update({
    where: { tenantId_id: { tenantId: key.tenantId, id: key.id } },
    data: {
      secretHash: new Uint8Array(hash),
      previousSecretHash: overlapSeconds > 0 ? key.secretHash : null,
      previousUntil: overlapSeconds > 0 ? new Date(now.getTime() + overlapSeconds * 1_000) : null,
    },
    select: { id: true },
  });
  return { keyId: key.id, secret: text };
}

async function revokeKey(context: Context, id: string): Promise<{ keyId: string }> {
  const key = await requireKey(context, id);
  if (key.revokedAt) return { keyId: key.id };
  await requireAnotherAdministrator(context, key.id);
  await context.prisma.apiKey.update({
    where: { tenantId_id: { tenantId: key.tenantId, id: key.id } },
    data: { revokedAt: context.now },
    select: { id: true },
  });
  return { keyId: key.id };
}
