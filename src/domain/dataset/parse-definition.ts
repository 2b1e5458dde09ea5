import { parseColumn } from "../../cell/parse-column.ts";
import {
  type ColumnDefinition,
  type DatasetDefinition,
  fieldsOf,
  type NewColumn,
} from "../../db/dataset-definition.ts";
import { LONGEST, storedText, textFaults } from "../../graphql/input-text.ts";
import type { DefinitionFault } from "./definition-faults.ts";
import type { ColumnInputShape, UpdateColumnShape } from "./definition-inputs.ts";

/** A column as far as it can be told without the database, or what is wrong with it. */
export type ParsedInput =
  | { readonly ok: true; readonly column: NewColumn }
  | { readonly ok: false; readonly faults: readonly DefinitionFault[] };

/** What a column says besides its rules, as it is stored. */
type Stored = Pick<NewColumn, "keyPosition" | "optionsFrom">;

/**
 * Parses a column against itself; every fault at once.
 *
 * @param stored What a caller does not write as it is stored; `optionsFrom` by its UUID.
 */
export function parseColumnInput(input: ColumnInputShape, stored: Stored): ParsedInput {
  const { name } = input;
  const parsed = parseColumn({ ...input, hasOptionSource: stored.optionsFrom !== null });
  const faults = [...(parsed.ok ? [] : parsed.faults), ...faultsOfTexts(input)];
  if (!parsed.ok || faults.length > 0) return { ok: false, faults };
  return {
    ok: true,
    column: {
      ...parsed.column,
      ...stored,
      label: storedText(input.label ?? name),
      description: storedText(input.description ?? ""),
      editable: input.editable ?? true,
      tellsTaken: input.tellsTaken ?? false,
      whenDenied: input.whenDenied ?? "ABSENT",
    },
  };
}

/** What is wrong with the free text of a dataset or column. */
export function faultsOfTexts(texts: {
  readonly label?: string | null | undefined;
  readonly description?: string | null | undefined;
}): DefinitionFault[] {
  return (["label", "description"] as const).flatMap((field) =>
    textFaults(field, texts[field], { most: LONGEST[field] }).map((message) => ({
      field,
      message,
    })),
  );
}

/** The rules that a change of type clears: they are about values of the type that was. */
const OF_TYPE = ["default", "min", "max", "maxLength", "pattern"] as const;

/**
 * The whole of a column as an update leaves it, for `parseColumnInput`: what the update says, and what the
 * column was otherwise.
 */
export function updatedInput(was: ColumnDefinition, update: UpdateColumnShape): ColumnInputShape {
  const type = update.type ?? was.type;
  const kept = type === was.type ? was : null;
  const rules = OF_TYPE.map((field) => {
    const said = update[field];
    return [field, said === undefined ? (kept?.[field] ?? null) : said];
  });
  return {
    name: update.name ?? was.name,
    type,
    label: update.label ?? was.label,
    description: update.description ?? was.description,
    required: update.required ?? was.required,
    unique: update.unique ?? was.unique,
    indexed: update.indexed ?? was.indexed,
    editable: update.editable ?? was.editable,
    tellsTaken: update.tellsTaken ?? was.tellsTaken,
    whenDenied: update.whenDenied ?? was.whenDenied,
    options: optionsAfter(kept, update),
    ...Object.fromEntries(rules),
  };
}

/** Fixed options stay until the update names others, or a column to take them from. */
function optionsAfter(kept: ColumnDefinition | null, update: UpdateColumnShape) {
  if (update.options !== undefined) return update.options;
  const options = typeof update.optionsFrom === "string" ? null : kept?.options;
  return options ? [...options] : null;
}

/** The UUID of the column that the options come from stays until the update names another, or options. */
export function sourceAfter(
  was: ColumnDefinition,
  update: UpdateColumnShape,
  named: string | null,
): string | null {
  if (update.optionsFrom !== undefined) return named;
  const isKept = (update.type ?? was.type) === was.type && !update.options;
  return isKept ? was.optionsFrom : null;
}

/** A name that another column or link of the dataset has; also one that the caller may not know of. */
export function nameTakenFaults(definition: DatasetDefinition, name: string): DefinitionFault[] {
  return fieldsOf(definition).some((field) => field.name === name)
    ? [{ field: "name", message: `Another column or link has the name ${name}.` }]
    : [];
}
