import { isFieldKnown } from "../../authz/access-plan.ts";
import type { Field } from "../../db/dataset-definition.ts";
import type { Role } from "../../db/generated/client.ts";
import { decodeId } from "../../db/id.ts";
import type { Context } from "../../graphql/context.ts";
import { InputError, NotFoundError } from "../../graphql/errors.ts";
import { type KnownDataset, requireDataset } from "../../access/known-dataset.ts";
import { requireRole } from "./role-loaders.ts";

/** What the arguments name: a role, and a dataset or one of its columns or links. */
export interface Place {
  readonly role: Role;
  readonly dataset: KnownDataset;
  readonly field: { readonly columnId: string | null; readonly linkId: string | null };
}

/** The same, as arguments. */
export interface NamedPlace {
  readonly roleId: string;
  readonly datasetId: string;
  readonly columnId?: string | null | undefined;
  readonly linkId?: string | null | undefined;
}

/**
 * What the arguments name, as far as the caller knows it.
 *
 * @throws {NotFoundError} for what it does not know, as for what does not exist.
 */
export async function requirePlace(
  context: Context,
  { roleId, datasetId, columnId, linkId }: NamedPlace,
): Promise<Place> {
  const role = await requireRole(context, roleId);
  const dataset = await requireDataset(context, datasetId);
  if (role.builtIn === "ADMINISTRATOR") {
    throw new InputError("The role administrator holds everything there is and takes no grants.");
  }
  const columnOf = requireField(dataset, "Column", columnId);
  const linkOf = requireField(dataset, "Link", linkId);
  if (columnOf !== null && linkOf !== null) {
    throw new InputError("A grant is on a column or on a link: name one of the two.");
  }
  return { role, dataset, field: { columnId: columnOf, linkId: linkOf } };
}

/** The UUID of the column or link that an argument names; null where it names none. */
function requireField(
  { definition: { columns, links }, plan }: KnownDataset,
  type: "Column" | "Link",
  id: string | null | undefined,
): string | null {
  if (id === null || id === undefined) return null;
  const uuid = decodeId(type, id);
  const fields: readonly Field[] = type === "Column" ? columns : links;
  const field = fields.find((each) => each.id === uuid);
  if (!field || !isFieldKnown(plan, field.id)) throw new NotFoundError(type.toLowerCase());
  return field.id;
}
