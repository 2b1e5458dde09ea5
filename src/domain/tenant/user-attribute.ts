import type { AttributeDefinition, AttributeDraft } from "../../access/user-attributes.ts";
import { builder } from "../../graphql/builder.ts";

/** What an attribute of users holds. */
const AttributeTypeEnum = builder.enumType("UserAttributeType", {
  description: "What an attribute of users holds.",
  values: {
    TEXT: { description: "Any text, in NFC." },
    INTEGER: { description: "A whole number of 64 bits." },
    DECIMAL: { description: "A decimal number, as text." },
    BOOLEAN: { description: "True or false." },
    DATE: { description: "A day: `2024-02-29`." },
    DATETIME: { description: "A moment, in UTC: `2024-02-29T12:00:00.000Z`." },
    SELECT: { description: "One of a list of options." },
  } as const,
});

const ABOUT = {
  name: "`[a-z][a-z0-9_]{0,62}`, but not `id` and `email`: `$user.<name>` in row filters.",
  label: "What people call it.",
  required:
    "Whether users have a value from the first: whoever registers one gives it, and nobody takes it away. Users who register themselves are asked for those that they may edit; any other, like what the JWT of an outside identity does not claim, they have once it is given to them, and until then row filters that name it match no row.",
  editable:
    "Whether users may change it of themselves. No row filter may name one that they may: who writes what a filter names grants.",
  min: "The least value; of INTEGER, DECIMAL, DATE and DATETIME.",
  max: "The greatest value; of INTEGER, DECIMAL, DATE and DATETIME.",
  maxLength: "The most characters; of TEXT, and 1,000 if not given.",
  pattern: "A regular expression (RE2) that a whole text has to match; of TEXT.",
  options: "The options of a SELECT.",
};

/** The type `UserAttribute`. */
export const UserAttribute = builder.objectRef<AttributeDefinition>("UserAttribute").implement({
  description: "Something that the tenant knows of its users besides their names.",
  authScopes: () => true,
  fields: (t) => ({
    name: t.exposeString("name", { nullable: false, description: ABOUT.name }),
    type: t.field({
      type: AttributeTypeEnum,
      nullable: false,
      description: "What it holds.",
      resolve: ({ type }) => type,
    }),
    label: t.exposeString("label", { nullable: false, description: ABOUT.label }),
    required: t.exposeBoolean("required", { nullable: false, description: ABOUT.required }),
    editable: t.exposeBoolean("editable", { nullable: false, description: ABOUT.editable }),
    min: t.exposeString("min", { description: ABOUT.min }),
    max: t.exposeString("max", { description: ABOUT.max }),
    maxLength: t.exposeInt("maxLength", { description: ABOUT.maxLength }),
    pattern: t.exposeString("pattern", { description: ABOUT.pattern }),
    options: t.stringList({
      description: ABOUT.options,
      resolve: ({ options }) => (options === null ? null : [...options]),
    }),
  }),
});

/** An attribute as a caller describes it. */
export const UserAttributeInput = builder.inputRef<AttributeDraft>("UserAttributeInput").implement({
  description: "Something that the tenant is to know of its users.",
  fields: (t) => ({
    name: t.string({ required: true, description: ABOUT.name }),
    type: t.field({ type: AttributeTypeEnum, required: true, description: "What it holds." }),
    label: t.string({ description: `${ABOUT.label} The name where it is left out.` }),
    required: t.boolean({
      description: `${ABOUT.required} Of users that there are already it is asked when it is changed.`,
    }),
    editable: t.boolean({ description: ABOUT.editable }),
    min: t.field({ type: "Cell", description: ABOUT.min }),
    max: t.field({ type: "Cell", description: ABOUT.max }),
    maxLength: t.int({ description: ABOUT.maxLength }),
    pattern: t.string({ description: ABOUT.pattern }),
    options: t.stringList({ description: ABOUT.options }),
  }),
});
