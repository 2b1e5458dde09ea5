import { builder } from "../../graphql/builder.ts";
import { AccessLevelEnum, ColumnTypeEnum, WhenDeniedEnum } from "./column-types.ts";

const RULES_DESCRIPTIONS = {
  label: "The name for people, in up to 200 characters; the name where it is left out.",
  description: "What it is about, in up to 2,000 characters.",
  required: "Every row needs a value here.",
  unique: "No two rows may have the same value here. Not of JSON.",
  indexed:
    "Makes filters and orders by it fast on many rows. Not of JSON; of TEXT, cells then hold 2,500 bytes.",
  editable: "False: a cell keeps the value that its row was made with. True if not set.",
  tellsTaken:
    "Lets those who may not read a unique column set it all the same, and so learn by trying which values it holds.",
  whenDenied:
    "What `Row.cell` answers, for all, where a caller may not read the cell; ABSENT if not set.",
  default: "The value of a new row that sets none.",
  min: "The least value; of INTEGER, DECIMAL, DATE and DATETIME.",
  max: "The greatest value; of INTEGER, DECIMAL, DATE and DATETIME.",
  maxLength: "The most characters; of TEXT.",
  pattern: "A regular expression (RE2) that a whole text has to match; of TEXT.",
  options: "The options of a SELECT, 1 to 1,000.",
  optionsFrom:
    "In place of options: the id of a TEXT or SELECT column that the caller reads, whose values are the options.",
};

/** A new column. */
const ColumnInput = builder.inputType("ColumnInput", {
  description: "A new column: its rules and, for its cells, their bounds.",
  fields: (t) => ({
    name: t.string({
      required: true,
      description: "`[a-z][a-z0-9_]{0,62}`, unique in the dataset.",
    }),
    type: t.field({ type: ColumnTypeEnum, required: true, description: "What its cells hold." }),
    label: t.string({ description: RULES_DESCRIPTIONS.label }),
    description: t.string({ description: RULES_DESCRIPTIONS.description }),
    required: t.boolean({ description: RULES_DESCRIPTIONS.required }),
    unique: t.boolean({ description: RULES_DESCRIPTIONS.unique }),
    indexed: t.boolean({ description: RULES_DESCRIPTIONS.indexed }),
    editable: t.boolean({ description: RULES_DESCRIPTIONS.editable }),
    tellsTaken: t.boolean({ description: RULES_DESCRIPTIONS.tellsTaken }),
    whenDenied: t.field({ type: WhenDeniedEnum, description: RULES_DESCRIPTIONS.whenDenied }),
    default: t.field({ type: "Cell", description: RULES_DESCRIPTIONS.default }),
    min: t.field({ type: "Cell", description: RULES_DESCRIPTIONS.min }),
    max: t.field({ type: "Cell", description: RULES_DESCRIPTIONS.max }),
    maxLength: t.int({ description: RULES_DESCRIPTIONS.maxLength }),
    pattern: t.string({ description: RULES_DESCRIPTIONS.pattern }),
    options: t.stringList({ description: RULES_DESCRIPTIONS.options }),
    optionsFrom: t.id({ description: RULES_DESCRIPTIONS.optionsFrom }),
  }),
});

/** What a caller says of a new column. */
export type ColumnInputShape = typeof ColumnInput.$inferInput;

/** What is to change of a column. */
export const UpdateColumnInput = builder.inputType("UpdateColumnInput", {
  description:
    "What is to change of a column; what is left out stays. Null clears `default min max maxLength pattern options optionsFrom`, and leaves the others as they are. A change of type clears those that are not given with it. Bounds, pattern and options hold for what is written from then on; required, unique and a change of type have to be true of the cells that are there.",
  fields: (t) => ({
    id: t.id({ required: true, description: "The id of the column." }),
    name: t.string({ description: "`[a-z][a-z0-9_]{0,62}`, unique in the dataset." }),
    type: t.field({
      type: ColumnTypeEnum,
      description:
        "Values are converted, if every one of them can be without a loss. Refused while another column takes its options from this one.",
    }),
    label: t.string({ description: RULES_DESCRIPTIONS.label }),
    description: t.string({ description: RULES_DESCRIPTIONS.description }),
    required: t.boolean({ description: RULES_DESCRIPTIONS.required }),
    unique: t.boolean({ description: RULES_DESCRIPTIONS.unique }),
    indexed: t.boolean({ description: RULES_DESCRIPTIONS.indexed }),
    editable: t.boolean({ description: RULES_DESCRIPTIONS.editable }),
    tellsTaken: t.boolean({ description: RULES_DESCRIPTIONS.tellsTaken }),
    whenDenied: t.field({ type: WhenDeniedEnum, description: RULES_DESCRIPTIONS.whenDenied }),
    default: t.field({ type: "Cell", description: RULES_DESCRIPTIONS.default }),
    min: t.field({ type: "Cell", description: RULES_DESCRIPTIONS.min }),
    max: t.field({ type: "Cell", description: RULES_DESCRIPTIONS.max }),
    maxLength: t.int({ description: RULES_DESCRIPTIONS.maxLength }),
    pattern: t.string({ description: RULES_DESCRIPTIONS.pattern }),
    options: t.stringList({ description: RULES_DESCRIPTIONS.options }),
    optionsFrom: t.id({ description: RULES_DESCRIPTIONS.optionsFrom }),
  }),
});

/** What a caller wants changed of a column. */
export type UpdateColumnShape = typeof UpdateColumnInput.$inferInput;

const AUDIT_READS =
  "Whether whoever reads its rows is logged: one event `row::get` for each request.";

const KEY_COLUMNS =
  "The names of columns that together tell rows apart: no two rows may agree in all of them, and every row needs a value in each. They become required. Not JSON.";

/** A new dataset. */
export const CreateDatasetInput = builder.inputType("CreateDatasetInput", {
  description: "A new dataset and its columns.",
  fields: (t) => ({
    name: t.string({
      required: true,
      description: "`[a-z][a-z0-9_]{0,62}`, unique in the tenant.",
    }),
    label: t.string({ description: RULES_DESCRIPTIONS.label }),
    description: t.string({ description: RULES_DESCRIPTIONS.description }),
    accessLevel: t.field({
      type: AccessLevelEnum,
      description:
        "PRIVATE if not set. OPEN hands READ to the public, which one has to hold oneself.",
    }),
    columns: t.field({
      type: [ColumnInput],
      required: true,
      description: "The columns in their order, up to 1,000.",
    }),
    keyColumns: t.stringList({ description: KEY_COLUMNS }),
    auditReads: t.boolean({ description: `${AUDIT_READS} Off if not set.` }),
  }),
});

/** What is to change of a dataset. */
export const UpdateDatasetInput = builder.inputType("UpdateDatasetInput", {
  description: "What is to change of a dataset; what is left out or null stays.",
  fields: (t) => ({
    id: t.id({ required: true, description: "The id of the dataset." }),
    name: t.string({ description: "`[a-z][a-z0-9_]{0,62}`, unique in the tenant." }),
    label: t.string({ description: RULES_DESCRIPTIONS.label }),
    description: t.string({ description: RULES_DESCRIPTIONS.description }),
    accessLevel: t.field({
      type: AccessLevelEnum,
      description: "OPEN hands READ to the public, which one has to hold oneself.",
    }),
    keyColumns: t.stringList({
      description: `${KEY_COLUMNS} An empty list: none. The caller has to read those that are new.`,
    }),
    auditReads: t.boolean({ description: AUDIT_READS }),
  }),
});

/** What is to be deleted. */
export const DeleteDatasetInput = builder.inputType("DeleteDatasetInput", {
  description: "The dataset to delete.",
  fields: (t) => ({ id: t.id({ required: true, description: "The id of the dataset." }) }),
});

/** A column to add. */
export const AddColumnInput = builder.inputType("AddColumnInput", {
  description: "A column to add, and who may read it.",
  fields: (t) => ({
    datasetId: t.id({ required: true, description: "The id of the dataset." }),
    column: t.field({ type: ColumnInput, required: true, description: "The new column." }),
    readableBy: t.idList({
      description:
        "The ids of roles: READ on the column is withheld from every other role but `administrator`. It gives nothing to those that are named. Left out or null: nothing is withheld.",
    }),
  }),
});

/** A column to remove. */
export const RemoveColumnInput = builder.inputType("RemoveColumnInput", {
  description: "The column to remove.",
  fields: (t) => ({ id: t.id({ required: true, description: "The id of the column." }) }),
});
