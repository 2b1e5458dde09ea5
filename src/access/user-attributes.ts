import sql from "sql-template-tag";
import { cellParser } from "../cell/cell-parser.ts";
import type { CellValue } from "../cell/cell-value.ts";
import type { ColumnRules, ColumnType } from "../cell/column-type.ts";
import { parseColumn } from "../cell/parse-column.ts";
import { characters, textFault } from "../cell/text.ts";
import { type RowFilter, variablesIn } from "../authz/predicate.ts";
import type { Transaction } from "../db/transaction.ts";
import type { Context } from "../graphql/context.ts";
import { InputError } from "../graphql/errors.ts";
import { storedText } from "../graphql/input-text.ts";

/** What is known of users besides their names: one attribute, as a tenant defines it. */
export interface AttributeDefinition extends Pick<
  ColumnRules,
  "name" | "required" | "maxLength" | "pattern" | "options" | "min" | "max"
> {
  readonly type: Exclude<ColumnType, "JSON">;
  readonly label: string;
  /** Whether users may change it of themselves. */
  readonly editable: boolean;
}

/** An attribute as a caller describes it. */
export interface AttributeDraft {
  readonly name: string;
  readonly type: AttributeDefinition["type"];
  readonly label?: string | null | undefined;
  readonly required?: boolean | null | undefined;
  readonly editable?: boolean | null | undefined;
  readonly maxLength?: number | null | undefined;
  readonly pattern?: string | null | undefined;
  readonly options?: readonly string[] | null | undefined;
  readonly min?: unknown;
  readonly max?: unknown;
}

/** Values by the name of the attribute, as canonical text. */
export type AttributeValues = Readonly<Record<string, string>>;

/** The most attributes of a tenant, and the most characters of one that has no limit of its own. */
const MOST = { attributes: 50, characters: 1_000, label: 200 } as const;

/** They are variables of row filters already. */
const TAKEN: ReadonlySet<string> = new Set(["id", "email"]);

/** Attributes that agree with themselves, or everything that is wrong with them. */
export function parseAttributes(drafts: readonly AttributeDraft[]): {
  readonly attributes: readonly AttributeDefinition[];
  readonly faults: readonly string[];
} {
  const parsed = drafts.map(parseAttribute);
  const names = drafts.map(({ name }) => name);
  return {
    attributes: parsed.flatMap(({ attribute }) => (attribute ? [attribute] : [])),
    faults: [
      ...(drafts.length > MOST.attributes
        ? [`A tenant has at most ${MOST.attributes} attributes.`]
        : []),
      ...(new Set(names).size < names.length ? ["Two attributes have one name."] : []),
      ...parsed.flatMap(({ faults }) => faults),
    ],
  };
}

function parseAttribute({ label, editable, ...draft }: AttributeDraft) {
  if (draft.type === "SELECT" && !draft.options) {
    return { attribute: null, faults: [`${draft.name}: options are needed.`] };
  }
  const parsed = parseColumn(draft);
  const said = storedText(label ?? draft.name);
  const faults = [
    ...(TAKEN.has(draft.name) ? [`${draft.name} is known of every user already.`] : []),
    ...(characters(said) > MOST.label || textFault(said)
      ? [`${draft.name}: label has at most ${MOST.label} characters.`]
      : []),
    ...(parsed.ok
      ? []
      : parsed.faults.map(({ field, message }) => `${draft.name}: ${field}: ${message}`)),
  ];
  if (!parsed.ok || faults.length > 0) return { attribute: null, faults };
  const { name, required, maxLength, pattern, options, min, max } = parsed.column;
  const rules = { name, required, maxLength, pattern, options, min, max };
  const attribute: AttributeDefinition = {
    ...rules,
    type: draft.type,
    label: said,
    editable: editable ?? false,
  };
  return { attribute, faults };
}

/**
 * Attributes as a caller says them, by name.
 *
 * @throws {InputError} for what is none, and for more than there can be: nothing is made of their names.
 */
export function attributesIn(said: unknown): Readonly<Record<string, unknown>> {
  if (said === undefined || said === null) return {};
  if (typeof said === "object" && !Array.isArray(said)) {
    const isFew = Object.keys(said).length <= MOST.attributes;
    if (isFew) return said as Record<string, unknown>;
  }
  throw new InputError(`attributes is an object of at most ${MOST.attributes} values by name.`);
}

/**
 * The values of a user after a change of some of them; null takes one away.
 *
 * @param before Null: of a user that is new, and so needs those that are required.
 * @returns Them, or everything that is wrong with them.
 */
export function changedAttributes(
  definitions: readonly AttributeDefinition[],
  before: AttributeValues | null,
  changes: Readonly<Record<string, unknown>>,
): { readonly values: AttributeValues; readonly faults: readonly string[] } {
  const known = new Map(definitions.map((each) => [each.name, each]));
  const unknown = Object.keys(changes).filter((name) => !known.has(name));
  const values = new Map(Object.entries(before ?? {}).filter(([name]) => known.has(name)));
  const faults = unknown.map(
    (name) => `There is no attribute ${JSON.stringify(name.slice(0, 63))}.`,
  );
  for (const definition of definitions) {
    const { name } = definition;
    if (before && !Object.hasOwn(changes, name)) continue;
    const parsed = cellParser(rulesOf(definition))(changes[name] ?? null);
    if (!parsed.ok) faults.push(`${name}: ${parsed.message}`);
    else if (parsed.value === null) values.delete(name);
    else values.set(name, textOfCell(parsed.value));
  }
  return { values: Object.fromEntries(values), faults };
}

/** No attribute is JSON: a value is text or a truth. */
function textOfCell(value: CellValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function rulesOf({ type, maxLength, ...definition }: AttributeDefinition): ColumnRules {
  const most = type === "TEXT" ? (maxLength ?? MOST.characters) : maxLength;
  return { ...definition, type, maxLength: most, unique: false, indexed: false };
}

/** What the values look like in an answer: booleans and small numbers as themselves, all else as text. */
export function shownAttributes(
  definitions: readonly AttributeDefinition[],
  values: AttributeValues,
): Record<string, string | number | boolean> {
  const shown = definitions.flatMap(({ name, type }) => {
    const value = values[name];
    return value === undefined ? [] : [[name, shownValue(type, value)] as const];
  });
  return Object.fromEntries(shown);
}

function shownValue(type: ColumnType, value: string): string | number | boolean {
  if (type === "BOOLEAN") return value === "true";
  return type === "INTEGER" && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** Reads what the tenant knows of its users, in the order in which it was defined. */
export async function readAttributes(
  transaction: Transaction,
  tenantId: string,
): Promise<readonly AttributeDefinition[]> {
  const [found] = await transaction.query<{ attributes: AttributeDefinition[] }>(sql`
    SELECT t.user_attributes AS attributes FROM tenant t WHERE t.id = ${tenantId}::uuid`);
  return found?.attributes ?? [];
}

/**
 * The attributes that row filters of the tenant name, `id` and `email` among them: to write one of them is to grant.
 *
 * @param roleIds Those of some roles alone, by their UUIDs; null: of all.
 */
export async function attributesInFilters(
  transaction: Transaction,
  tenantId: string,
  roleIds: readonly string[] | null = null,
): Promise<ReadonlySet<string>> {
  const found = await transaction.query<{ name: string }>(sql`
    SELECT DISTINCT substr(v.variable #>> '{}', 6) AS name
    FROM role_grant g, jsonb_path_query(g.row_filters, 'strict $.**.variable') AS v (variable)
    WHERE g.tenant_id = ${tenantId}::uuid AND v.variable #>> '{}' LIKE 'user.%'
      AND (${roleIds}::uuid[] IS NULL OR g.role_id = ANY (${roleIds}::uuid[]))`);
  return new Set(found.map(({ name }) => name));
}

/**
 * Refuses row filters that name an attribute which users may edit themselves: whoever can write it would grant.
 *
 * @throws {InputError} naming it.
 */
export async function refuseEditableVariables(
  { transaction, tenant }: Context,
  filters: readonly RowFilter[],
): Promise<void> {
  const named = new Set(filters.flatMap(variablesIn).map(({ variable }) => variable));
  if (!tenant || named.size === 0) return;
  const attributes = await readAttributes(transaction, tenant.id);
  const editable = attributes.find(({ name, editable: own }) => own && named.has(`user.${name}`));
  if (!editable) return;
  throw new InputError(
    `Users may edit their attribute ${editable.name} themselves, and so would grant themselves rows: name another in the filter.`,
  );
}
