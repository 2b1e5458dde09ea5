import { gives } from "../../authz/access-plan.ts";
import { isText } from "../../cell/column-type.ts";
import { decodeId } from "../../db/id.ts";
import type { Context } from "../../graphql/context.ts";
import { NotFoundError } from "../../graphql/errors.ts";
import { columnKnown } from "./column.ts";
import type { DefinitionFault } from "./definition-faults.ts";

/** Where a column takes its options from, by UUID, and what is wrong with that. */
export interface OptionSources {
  readonly ids: readonly (string | null)[];
  readonly faults: readonly DefinitionFault[];
}

/**
 * Finds the columns that others are to take their options from, in one statement.
 *
 * @param named For each column, the id of its source; null or undefined: none.
 * @throws {NotFoundError} for one that the caller may not read, as for one that does not exist.
 */
export async function optionSources(
  context: Context,
  named: readonly (string | null | undefined)[],
): Promise<OptionSources> {
  const sources = await Promise.all(
    named.map(async (id) => (typeof id === "string" ? await requireSource(context, id) : null)),
  );
  return {
    ids: sources.map((source) => source?.id ?? null),
    faults: sources.flatMap((source, column) =>
      source && !isText(source.type)
        ? [{ column, field: "optionsFrom", message: "Options come from a TEXT or SELECT column." }]
        : [],
    ),
  };
}

async function requireSource(context: Context, id: string) {
  const uuid = decodeId("Column", id);
  const source = uuid === null ? null : await columnKnown(context, uuid);
  if (!source || !gives(source.dataset.plan, "READ", source.definition.id)) {
    throw new NotFoundError("column");
  }
  return source.definition;
}
