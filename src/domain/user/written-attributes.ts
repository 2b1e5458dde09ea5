import { requireUnrestricted } from "../../access/delegation.ts";
import {
  type AttributeValues,
  attributesInFilters,
  changedAttributes,
  readAttributes,
} from "../../access/user-attributes.ts";
import type { User } from "../../db/generated/client.ts";
import { GRANT_ANY } from "../../authz/delegation.ts";
import { permits } from "../../authz/rights.ts";
import type { Context } from "../../graphql/context.ts";
import { InputError, NotFoundError } from "../../graphql/errors.ts";
import { ForbiddenError } from "../../graphql/forbidden-error.ts";
import { refuseFaults } from "../../graphql/input-text.ts";
import { isSelf } from "./user-loaders.ts";

/** Who writes the attributes of a user: the user itself, also by registering, or another. */
export type Writer = "SELF" | "OTHER";

/**
 * The attributes of a user after a change, for whoever may write each of them.
 *
 * What a row filter names decides what its owner may see: nobody writes it of oneself, and others with `grant::any`.
 *
 * @param before Null: of a user that is new.
 * @throws {ForbiddenError} for one that is not the writer's to write.
 * @throws {InputError} with everything that is wrong with the values.
 */
export async function writtenAttributes(
  context: Context,
  writer: Writer,
  { before, changes }: { readonly before: AttributeValues | null; readonly changes: unknown },
): Promise<AttributeValues> {
  const { transaction, tenant, rights } = context;
  if (!tenant) throw new NotFoundError("user");
  const said = recordOf(changes);
  const definitions = await readAttributes(transaction, tenant.id);
  const granting = await attributesInFilters(transaction, tenant.id);
  for (const { name, editable } of definitions) {
    if (!Object.hasOwn(said, name)) continue;
    const isGranting = granting.has(name);
    if (isGranting) requireUnrestricted(rights);
    if (writer === "SELF" && (!editable || isGranting)) {
      throw new ForbiddenError(
        rights,
        { gate: "RESTRICTION", name },
        `users do not write their attribute ${name} themselves: `,
      );
    }
    if (isGranting && !permits(rights, GRANT_ANY)) {
      throw new ForbiddenError(
        rights,
        { gate: "PERMISSION", name: GRANT_ANY },
        `row filters name the attribute ${name}, so that to write it is to grant, and `,
      );
    }
  }
  // Whoever registers itself is asked for nothing that it may not write: such a value is given to it later.
  const isOpen = before === null && writer === "SELF";
  const asked = isOpen ? definitions.filter(({ editable }) => editable) : definitions;
  const { values, faults } = changedAttributes(asked, before, said);
  refuseFaults(faults.map((fault) => `attributes: ${fault}`));
  return values;
}

/**
 * What is to be written of a user where attributes are said of it: nothing where none are.
 *
 * @throws what {@link writtenAttributes} throws.
 */
export async function attributeData(
  context: Context,
  user: User,
  changes: unknown,
): Promise<{ readonly attributes?: AttributeValues }> {
  if (changes === undefined || changes === null) return {};
  const before = user.attributes as AttributeValues;
  const writer = isSelf(user, context) ? "SELF" : "OTHER";
  return { attributes: await writtenAttributes(context, writer, { before, changes }) };
}

function recordOf(changes: unknown): Readonly<Record<string, unknown>> {
  if (changes === undefined || changes === null) return {};
  if (typeof changes === "object" && !Array.isArray(changes)) {
    return changes as Record<string, unknown>;
  }
  throw new InputError("attributes is an object of values by name.");
}
