import { type AccessPlan, isFieldKnown } from "../authz/access-plan.ts";
import type { ColumnDefinition, Field, LinkDefinition } from "../db/dataset-definition.ts";
import { listed } from "../cell/listed.ts";
import { type PlannedDataset, readableColumns, readableLinks } from "../db/readable-view.ts";
import { InputError } from "../graphql/errors.ts";
import { suggestionsAmong } from "../graphql/suggestions.ts";

/** The columns that a caller may read, by name. */
export type ReadableColumns = ReadonlyMap<string, ColumnDefinition>;

/** The columns of a dataset that the caller may read, by name, in their order. */
export const readableByName = oncePer(
  (dataset: PlannedDataset): ReadableColumns =>
    new Map(readableColumns(dataset).map((column) => [column.name, column])),
);

/** The columns that the caller knows, by name, in their order. */
export const knownByName = oncePer(({ definition, plan }: PlannedDataset) =>
  knownAmong(definition.columns, plan),
);

/** The links that the caller knows, by name, in their order. */
export const knownLinksByName = oncePer(({ definition, plan }: PlannedDataset) =>
  knownAmong(definition.links, plan),
);

function knownAmong<Of extends Field>(
  fields: readonly Of[],
  plan: AccessPlan,
): ReadonlyMap<string, Of> {
  return new Map(
    fields.filter(({ id }) => isFieldKnown(plan, id)).map((field) => [field.name, field]),
  );
}

/**
 * The column of a name that the caller knows, whether or not it may read it.
 *
 * @throws {InputError} for one that it does not know, as for one that does not exist.
 */
export function requireKnown(dataset: PlannedDataset, name: string): ColumnDefinition {
  return knownByName(dataset).get(name) ?? requireReadable(readableByName(dataset), name);
}

/** The links that the caller may read in some row, by name, in their order. */
const readableLinksByName = oncePer(
  (dataset: PlannedDataset): ReadonlyMap<string, LinkDefinition> =>
    new Map(readableLinks(dataset).map((link) => [link.name, link])),
);

/**
 * The link of a name that the caller knows, whether or not it may read it.
 *
 * @throws {InputError} for one that it does not know, as for one that does not exist.
 */
export function requireKnownLink(dataset: PlannedDataset, name: string): LinkDefinition {
  const link = knownLinksByName(dataset).get(name);
  if (!link) throw unknownField("link", name, readableLinksByName(dataset));
  return link;
}

/** What is made of something, such as a decision about a dataset: once, however many rows ask for it. */
export function oncePer<Of extends object, Made>(make: (of: Of) => Made) {
  const known = new WeakMap<Of, Made>();
  return (of: Of): Made => {
    const made = known.get(of) ?? make(of);
    known.set(of, made);
    return made;
  };
}

/**
 * The column of a name.
 *
 * @throws {InputError} for one that the caller may not read, as for one that does not exist. The words
 *   suggest and list what the caller may read.
 */
export function requireReadable(columns: ReadableColumns, name: string): ColumnDefinition {
  const column = columns.get(name);
  if (!column) throw unknownField("column", name, columns);
  return column;
}

/** What is said of a column or link that does not exist for the caller. */
function unknownField(
  what: "column" | "link",
  name: string,
  readable: ReadonlyMap<string, Field>,
): InputError {
  const said = JSON.stringify(name.slice(0, 63));
  const names = listed([...readable.keys()]) || "none";
  const those = what === "column" ? "Columns" : "Links";
  return new InputError(
    `No ${what} ${said}.${suggestionsIn(readable)(name)} ${those} that you may read: ${names}.`,
  );
}

const suggestionsIn = oncePer((readable: ReadonlyMap<string, Field>) =>
  suggestionsAmong([...readable.keys()]),
);
