import { requireUnrestricted } from "../../access/delegation.ts";
import {
  attributesIn,
  attributesInFilters,
  type AttributeValues,
  changedAttributes,
  readAttributes,
} from "../../access/user-attributes.ts";
import type { User } from "../../db/generated/client.ts";
import { GRANT_ANY } from "../../authz/delegation.ts";
import { permits, type Rights } from "../../authz/rights.ts";
import type { Context } from "../../graphql/context.ts";
import { NotFoundError } from "../../graphql/errors.ts";
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
  const said = attributesIn(changes);
  const definitions = await readAttributes(transaction, tenant.id);
  const granting = await attributesInFilters(transaction, tenant.id);
  for (const { name, editable } of definitions) {
    if (!Object.hasOwn(said, name)) continue;
    const isGranting = granting.has(name);
    if (isGranting) requireUnrestricted(rights);
    if (writer === "SELF" && (!editable || isGranting)) {
      throw new OwnAttributeError(rights, name);
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

/** An attribute that is not its owner's to write, whatever roles it has. */
class OwnAttributeError extends ForbiddenError {
  constructor(rights: Rights, name: string) {
    super(rights, { gate: "RESTRICTION", name });
    this.message = `Not allowed: users do not write their attribute ${name} themselves. Have it written by somebody else who holds user::update_attributes.`;
  }
}
