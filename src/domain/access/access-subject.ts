import { rightsOf, rightsOfPublic } from "../../access/delegation.ts";
import type { Rights } from "../../authz/rights.ts";
import { decodeId, NIL_UUID } from "../../db/id.ts";
import { roleOf } from "../../db/stored-role.ts";
import { builder } from "../../graphql/builder.ts";
import type { Context } from "../../graphql/context.ts";
import type { NamedKey } from "../../graphql/caller-transaction.ts";
import { InputError, NotFoundError } from "../../graphql/errors.ts";

/** The most roles of a subject. */
const MOST_ROLES = 100;

/** Whose access is explained, as a caller writes it. */
export interface AccessSubjectInput {
  readonly keyId?: string | null | undefined;
  readonly userId?: string | null | undefined;
  readonly roleIds?: readonly string[] | null | undefined;
}

/** The argument `subject` of `explainAccess`. */
export const AccessSubject = builder.inputRef<AccessSubjectInput>("AccessSubject").implement({
  description:
    "Whose access is explained: that of a key, of a user, or of whoever holds some roles.",
  fields: (t) => ({
    keyId: t.id({ description: "The id of a key, which is not its text." }),
    userId: t.id({ description: "The id of a user, as its sessions act." }),
    roleIds: t.idList({
      description: `Roles, up to ${MOST_ROLES}, of a key that holds these and no others. The built-in role \`anonymous\` alone stands for whoever presents no credential.`,
    }),
  }),
});

/** Whose access is explained. */
export interface Subject {
  readonly rights: Rights;
  readonly isCaller: boolean;
  /** Of a key that is named. */
  readonly keyState: NamedKey["state"] | null;
}

/** The caller itself, with the roles in effect. */
export function callerOf({ rights }: Context): Subject {
  return { rights, isCaller: true, keyState: null };
}

/**
 * Whom an argument names; the caller where there is none.
 *
 * @throws {NotFoundError} for a key, a user or a role that the tenant does not have.
 */
export async function subjectOf(
  context: Context,
  input: AccessSubjectInput | null | undefined,
): Promise<Subject> {
  if (!input) return callerOf(context);
  const { keyId, userId, roleIds } = input;
  const named = [keyId, userId, roleIds].filter((each) => each !== null && each !== undefined);
  if (named.length === 1 && typeof keyId === "string") return await keySubject(context, keyId);
  if (named.length === 1 && typeof userId === "string") return await userSubject(context, userId);
  if (named.length === 1 && roleIds) return await rolesSubject(context, roleIds);
  throw new InputError("Name one subject: a keyId, a userId or roleIds; none is yourself.");
}

async function keySubject(context: Context, id: string): Promise<Subject> {
  // What is no id is looked up all the same: else the order of several errors would tell of it.
  const key = await context.others.keyNamed(decodeId("Key", id) ?? NIL_UUID);
  if (!key) throw new NotFoundError("key");
  return { rights: key.rights, isCaller: false, keyState: key.state };
}

async function userSubject(context: Context, id: string): Promise<Subject> {
  const rights = await context.others.userNamed(decodeId("User", id) ?? NIL_UUID);
  if (!rights) throw new NotFoundError("user");
  return { rights, isCaller: false, keyState: null };
}

async function rolesSubject(
  { prisma, tenant }: Context,
  roleIds: readonly string[],
): Promise<Subject> {
  if (roleIds.length > MOST_ROLES) throw new InputError(`Name at most ${MOST_ROLES} roles.`);
  const ids = [...new Set(roleIds.map((id) => decodeId("Role", id) ?? NIL_UUID))];
  const found = tenant
    ? await prisma.role.findMany({
        where: { tenantId: tenant.id, id: { in: ids } },
        orderBy: { name: "asc" },
      })
    : [];
  if (found.length !== ids.length) throw new NotFoundError("role");
  const roles = found.map(roleOf);
  const [only] = roles;
  const isPublic = only?.builtIn === "ANONYMOUS" && roles.length === 1;
  const rights = isPublic ? rightsOfPublic(only) : rightsOf(roles);
  return { rights, isCaller: false, keyState: null };
}
