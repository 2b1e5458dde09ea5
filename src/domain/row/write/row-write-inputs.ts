import { builder } from "../../../graphql/builder.ts";
import { MOST } from "../../../graphql/connection.ts";

/** What becomes of a call of which some rows are at fault. */
export const OnFaultEnum = builder.enumType("OnFault", {
  description: "What becomes of a call of which some rows are at fault.",
  values: {
    REJECT_ALL: { description: "Nothing is written, and the error lists every fault." },
    SKIP_ROW: { description: "The others are written; the faults are in `results`." },
  },
});

const ONCE =
  "Has the call done once, however often it is sent within 24 hours with the same credential: a repetition writes nothing, and answers what became of the rows, which it reads anew. With other arguments it is a CONFLICT. A call that failed may be sent again. 1 to 200 printable ASCII characters, such as a random UUID.";

/** The argument of `createRows`. */
export const CreateRowsInput = builder.inputType("CreateRowsInput", {
  description: "New rows of a dataset.",
  fields: (t) => ({
    datasetId: t.id({ required: true, description: "The dataset to make rows in." }),
    rows: t.field({
      type: ["JSON"],
      required: true,
      description: `Each row is an object of values by the names of columns and links; up to ${MOST.rows}. Of a link the value is the id of a row, or a list of ids where it is \`many\`.`,
    }),
    onFault: t.field({ type: OnFaultEnum, description: "REJECT_ALL if not set." }),
    idempotencyKey: t.string({ description: ONCE }),
  }),
});

const UpdateRow = builder.inputType("UpdateRow", {
  description: "One row of an update.",
  fields: (t) => ({
    id: t.id({ required: true, description: "The row." }),
    values: t.field({
      type: "JSON",
      required: true,
      description:
        "The new values, by the names of columns and links; those that are not named stay as they are. Of a link the value is the id of a row, or the whole new list of ids where it is `many`; null clears it.",
    }),
    expectedVersion: t.int({
      description:
        "The version that the writer has seen; the write is refused if it is another by now.",
    }),
  }),
});

/** The argument of `updateRows`. */
export const UpdateRowsInput = builder.inputType("UpdateRowsInput", {
  description: "Changes of rows of a dataset.",
  fields: (t) => ({
    datasetId: t.id({ required: true, description: "The dataset of the rows." }),
    rows: t.field({ type: [UpdateRow], required: true, description: `Up to ${MOST.rows}.` }),
    onFault: t.field({ type: OnFaultEnum, description: "REJECT_ALL if not set." }),
    idempotencyKey: t.string({ description: ONCE }),
  }),
});

const UpsertRow = builder.inputType("UpsertRow", {
  description: "One row of an upsert.",
  fields: (t) => ({
    values: t.field({
      type: "JSON",
      required: true,
      description:
        "The values, by the names of columns and links, those of the key among them. Of a row that is there those that are not named stay as they are; of a new one they take their defaults.",
    }),
    expectedVersion: t.int({
      description:
        "The version that the writer has seen; the write is refused if it is another by now, or if there is no such row.",
    }),
  }),
});

/** The argument of `upsertRows`. */
export const UpsertRowsInput = builder.inputType("UpsertRowsInput", {
  description: "Rows of a dataset to change or make.",
  fields: (t) => ({
    datasetId: t.id({ required: true, description: "The dataset of the rows." }),
    rows: t.field({ type: [UpsertRow], required: true, description: `Up to ${MOST.rows}.` }),
    by: t.string({
      description:
        "The name of a unique column to find rows by; the key columns of the dataset if not set.",
    }),
    onFault: t.field({ type: OnFaultEnum, description: "REJECT_ALL if not set." }),
    idempotencyKey: t.string({ description: ONCE }),
  }),
});

const DeleteRow = builder.inputType("DeleteRow", {
  description: "One row to delete.",
  fields: (t) => ({
    id: t.id({ required: true, description: "The row." }),
    expectedVersion: t.int({
      description: "The version that the writer has seen; the row stays if it is another by now.",
    }),
  }),
});

/** The argument of `deleteRows`. */
export const DeleteRowsInput = builder.inputType("DeleteRowsInput", {
  description: "Rows of a dataset to delete.",
  fields: (t) => ({
    datasetId: t.id({ required: true, description: "The dataset of the rows." }),
    rows: t.field({ type: [DeleteRow], required: true, description: `Up to ${MOST.rows}.` }),
    onFault: t.field({ type: OnFaultEnum, description: "REJECT_ALL if not set." }),
    idempotencyKey: t.string({ description: ONCE }),
  }),
});
